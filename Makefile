# The five verbs of the house, and the two they stand on (venv, assets).
PYTHON ?= python3
BIN := .venv/bin
MEDALLION := 39e76bf18be5371e9570de7e5f340c3937b69c0d

.PHONY: demo test test-long check bench docs measure venv peers medallion spark assets clean

demo: .venv/.core .assets       ## a fictional world on http://127.0.0.1:8000
	$(BIN)/baham demo

test: .venv/.dev .assets       ## the tests, in minutes; what a machine lacks is skipped by name. M=sharing: one measure's
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not long" --durations 12 --durations-min 2 \
		$(if $(M),tests/measures/$(M) tests/test_measures.py)

test-long: .venv/.dev .assets  ## those that search at random or start over many times
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m long

check: .venv/.dev .assets       ## lint, types, contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.dev .venv-peers/.installed  ## figures against the peers, on one core (slow)
	$(BIN)/python -m benchmarks

docs: .venv/.dev                ## rewrite the generated parts of docs/
	$(BIN)/python scripts/docs.py

measure: .venv/.dev             ## begin a measure: make measure NAME=weather
	$(BIN)/python scripts/measure.py $(NAME)

venv: .venv/.core

assets: .assets

.venv/bin/uv: requirements/uv.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements/uv.txt
	touch $@

.venv/.core: .venv/bin/uv requirements/core.txt pyproject.toml
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements/core.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	touch $@

.venv/.dev: .venv/.core requirements/dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements/dev.txt
	touch $@

peers: .venv-peers/.installed   ## what benchmarks compare with, apart from everything else

.venv-peers/.installed: .venv/bin/uv requirements/peers.txt
	$(PYTHON) -m venv .venv-peers
	$(BIN)/uv pip install --quiet --python .venv-peers/bin/python --no-deps --require-hashes -r requirements/peers.txt
	touch $@

medallion: .medallion          ## OASIS's tests for a TAXII server, which no package holds (from their repository)

.medallion:
	git init --quiet $@.new
	git -C $@.new fetch --quiet --depth 1 https://github.com/oasis-open/cti-taxii-server $(MEDALLION)
	git -C $@.new checkout --quiet FETCH_HEAD
	mv $@.new $@

spark: .venv-spark/.installed   ## Baham with Spark, apart (a download of 455 MB; needs Java 17 or later to run)

.venv-spark/.installed: .venv/bin/uv requirements/spark.txt
	$(PYTHON) -m venv .venv-spark
	$(BIN)/uv pip install --quiet --python .venv-spark/bin/python --no-deps --require-hashes -r requirements/spark.txt
	$(BIN)/uv pip install --quiet --python .venv-spark/bin/python --no-deps -e .
	touch $@

.assets: package-lock.json scripts/assets.mjs $(shell find baham -name '*.po' 2>/dev/null) | .venv/.core
	npm ci --silent --no-audit --no-fund
	node scripts/assets.mjs
	$(BIN)/python scripts/messages.py compile
	touch $@

clean:
	rm -rf .venv .venv-peers .venv-spark .medallion* .assets node_modules baham/platform/shell/static/vendor
