# Two commands on a bare Debian 12 with Python 3.11+ and make: `make demo` and `make test`. `make help` lists all.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
SERVE ?= 1
RESET ?= 0
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help demo test coverage lint format wheel test-postgres axe bench e2e translations messages lock clean

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16
	@echo
	@echo "Options of make demo:"
	@echo "  PORT=8000   where to serve"
	@echo "  SERVE=0     end after the certificate; exit code 0 only if the plan verifies"
	@echo "  RESET=1     rebuild the demo edition, after a confirmation (YES=1 skips the question)"
	@echo
	@echo "Options of every target:"
	@echo "  PYTHON=python3.12   which Python makes .venv (3.11 or newer; default python3)"
	@echo "  ARGS='-k badges'    what pytest is told besides, for test, test-postgres, axe and e2e"

demo: $(VENV)/.installed ## install everything, build a fair, run the scheduler, write all documents, serve
	@.ci/debian run
	@$(MAKE) --no-print-directory -s translations
	@$(BIN)/salon --instance instance demo --port $(PORT) $(if $(filter 0,$(SERVE)),--no-serve) $(if $(filter 1,$(RESET)),--reset) $(if $(YES),--yes)

test: $(VENV)/.tested translations ## install what the tests need and run the whole default suite
	@.ci/debian test
	$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

coverage: $(VENV)/.tested translations ## the default suite once more, with the branches it covers
	@.ci/debian test
	$(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report=term:skip-covered $(ARGS)

lint: $(VENV)/.tested ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.tested ## rewrite the code as the linter wants it
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

translations: ## compile the catalogues
	@if compgen -G "salon/translations/*/LC_MESSAGES/*.po" >/dev/null; then $(BIN)/pybabel -q compile -d salon/translations; fi

messages: $(VENV)/.tested ## gather the sentences to translate into the catalogues
	$(BIN)/python -m tests.i18n

test-postgres: $(VENV)/.tested translations ## services, jobs and migrations on a real PostgreSQL server
	@.ci/debian postgres
	.ci/postgres $(BIN)/python -m pytest -n 2 tests/services tests/jobs tests/migrations $(ARGS)

axe: $(VENV)/.tested translations ## accessibility: every page, both languages, both widths
	@.ci/debian test
	$(BIN)/python -m pytest -m axe_all tests/accessibility $(ARGS)

e2e: $(VENV)/.tested translations ## the whole story in a real browser
	@.ci/debian test
	$(BIN)/python -m pytest -m e2e tests/e2e $(ARGS)

bench: $(VENV)/.tested translations ## fixed work, ratios to /health in one run
	@.ci/debian test
	$(BIN)/python -m tests.benchmark

wheel: $(VENV)/.tested translations ## build the wheel from the source archive
	$(BIN)/python -m build --no-isolation --outdir dist .

lock: ## pin the dependencies again (needs uv)
	uv pip compile -q pyproject.toml --extra build --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --python-version 3.11 --universal -o requirements.lock
	uv pip compile -q pyproject.toml --extra build --extra test -c requirements.lock --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --python-version 3.11 --universal -o tests/requirements.lock

clean: ## remove what make installed (never instance/)
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis

# A stamp is newer than its lock, or the lock is installed again. ----------------------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Salon needs Python 3.11 or newer: make PYTHON=python3.12 …" >&2; exit 1; }
	@.ci/debian python
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.tested: tests/requirements.lock $(VENV)/.installed
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r tests/requirements.lock
	@touch $@
