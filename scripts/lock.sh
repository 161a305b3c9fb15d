#!/usr/bin/env bash
# Write the hash-locked requirement files. Wheels only: nothing is compiled when Baham is installed.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=${UV:-.venv/bin/uv}
common=(--python-version 3.11 --only-binary :all: --generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links
        --custom-compile-command "scripts/lock.sh")
# Source archives, of Python files only, that tests need and for which nobody has published wheels.
sources=(); for name in cpe antlr4-python3-runtime mixbox stix maec weakrefmethod; do sources+=(--no-binary "$name"); done
"$uv" pip compile pyproject.toml "${common[@]}" --output-file requirements/core.txt --quiet
"$uv" pip compile pyproject.toml --group dev --constraint requirements/core.txt "${common[@]}" "${sources[@]}" --output-file requirements/dev.txt --quiet
# Baham with Spark, in an environment of its own (make spark): pyspark is a source archive, of Python files only.
"$uv" pip compile pyproject.toml --extra spark --constraint requirements/core.txt "${common[@]}" --no-binary pyspark \
    --output-file requirements/spark.txt --quiet
# The peers that benchmarks compare with, in an environment of their own (make peers); never part of Baham.
no_icu=$(mktemp)
trap 'rm -f "$no_icu"' EXIT
echo "pyicu ; sys_platform == 'never'" >"$no_icu"
printf 'nomenklatura==4.17.4\nopenmined-psi==2.0.6\npyicu-wheels>=2.15\n' |
    "$uv" pip compile - --override "$no_icu" "${common[@]}" --output-file requirements/peers.txt --quiet
