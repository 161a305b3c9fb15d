"""Baham's settings over a folder that lasts as long as this test process; nothing of the operator's is touched."""

import os
import tempfile

_FOLDER = tempfile.TemporaryDirectory(prefix="baham-test-")
for _name in [
    name
    for name in os.environ
    if name.startswith("BAHAM_") and name not in ("BAHAM_REALDATA", "BAHAM_TEST_POSTGRES", "BAHAM_MEDALLION")
]:
    del os.environ[_name]
os.environ["BAHAM_HOME"] = _FOLDER.name
os.environ["BAHAM_JOBS_IMMEDIATE"] = "1"
os.environ["BAHAM_REQUIRE_MFA"] = "0"
os.environ["BAHAM_SECRET_KEY"] = "only for tests"
os.environ["BAHAM_DATABASE_URL"] = os.environ.get("BAHAM_TEST_POSTGRES", "")

from baham.platform.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick; nothing here is secret
