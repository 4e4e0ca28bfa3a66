# The one door: `make` alone prints the list. Needs Python 3.11 or newer and make.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
RUN := $(VENV)/.locked-run
DEV := $(VENV)/.locked-dev
# Checks import the settings, which want a data folder: never that of a running demonstration.
SCRATCH := build/check

.PHONY: help demo test test-long bench check docs lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 20

demo: $(RUN) ## everything from nothing, on http://localhost:8000; Ctrl-C stops it
	@CARNET_DEMO=1 exec $(BIN)/carnet serve --with-demo-data

test: $(DEV) ## the test suite
	@$(call say_what_is_missing)
	# One process more than the two cores that a small machine has: most of them wait for a browser or a disk.
	$(BIN)/pytest -n 3 -m "not long"

test-long: $(DEV) ## the same with full counts, kill loops and real peers; keeps its result in docs/
	@$(call say_what_is_missing)
	mkdir -p build
	export CARNET_CASES=$${CARNET_CASES:-5}
	# Two readers are fuzzed: an hour in all.
	export CARNET_FUZZ_SECONDS=$${CARNET_FUZZ_SECONDS:-1800}
	$(BIN)/pytest -n 2 -rs 2>&1 | tee build/test-long.txt
	{ echo "Last run of \`make test-long\`: $$(date -u +%Y-%m-%d), $$(uname -sm), $$($(BIN)/python -V), counts × $$CARNET_CASES."
	  echo; grep -E '^(SKIPPED|=+ .*(passed|failed))' build/test-long.txt | sed 's/^/    /'; } > docs/test-long.md

bench: $(RUN) ## measures the hot paths beside what the machine allows at most; writes docs/performance.md
	@$(BIN)/python -m bench

check: $(DEV) ## lint, types, import directions, migrations, translations
	@mkdir -p $(SCRATCH)
	export CARNET_DATA_DIR=$(CURDIR)/$(SCRATCH) DJANGO_SETTINGS_MODULE=carnet.settings
	unset CARNET_DATABASE_URL
	failed=
	run() { echo "- $$*"; "$$@" || failed="$$failed\n  $$*"; }
	run $(BIN)/ruff check
	run $(BIN)/ruff format --check
	run $(BIN)/mypy
	run $(BIN)/lint-imports
	# Without a database: the models are compared with the migrations, not with the tables.
	run $(BIN)/python -W ignore::RuntimeWarning -m django makemigrations --check --dry-run
	run $(BIN)/python -m carnet.web.messages check
	if [ -n "$$failed" ]; then echo -e "\nmake check FAILED:$$failed"; exit 1; fi
	echo "make check: all is well"

docs: $(DEV) ## writes the pages of docs/ that say what the code says
	@$(BIN)/python -m tests.docs.generate

lock: $(DEV) ## writes both locks anew from pyproject.toml
	@$(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	  --group build -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	  --group build --group dev -c requirements.lock -o requirements-dev.lock pyproject.toml

clean: ## forgets the virtual environment and what tools left; the data in ./var stays
	@rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Rebuilt only when a lock has changed. What tests need holds what a run needs.
$(RUN): requirements.lock pyproject.toml
	@$(call make_venv)
	if [ ! -e $(DEV) ] || [ requirements-dev.lock -nt $(DEV) ]; then
	  echo "Installing locked dependencies…"
	  $(PIP) install --require-hashes -r requirements.lock
	fi
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

$(DEV): requirements-dev.lock requirements.lock pyproject.toml
	@$(call make_venv)
	echo "Installing locked dependencies and tools…"
	$(PIP) install --require-hashes -r requirements-dev.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $(RUN) $@

# The first Python that is new enough, with its own pip.
define make_venv
if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then
  for python in $(PYTHON) python3 python3.13 python3.12 python3.11; do
    if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      "$$python" -m venv --clear $(VENV) && break
    fi
  done
  if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then
    echo "Carnet needs Python 3.11 or newer with venv and pip (Debian: apt-get install python3-venv)." >&2; exit 1
  fi
fi
endef

define say_what_is_missing
if [ -z "$${CARNET_CHROMIUM:-$$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}" ]; then
  echo; echo "*** NO CHROMIUM: the browser journeys are NOT run (install chromium, or set CARNET_CHROMIUM). ***"; echo
fi
if [ ! -e ../shared/corpus/manifest.json ]; then
  echo; echo "*** NO CORPUS in ../shared/corpus: the tests on real documents are NOT run. ***"; echo
fi
endef
