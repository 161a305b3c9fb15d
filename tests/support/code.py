"""Runs the code that it reads: `python -m tests.support.code < CODE`, for tests that look into another installation."""

import sys

exec(compile(sys.stdin.read(), "<given>", "exec"), {})
