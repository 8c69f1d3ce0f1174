# Everything a newcomer or a developer does here; `make` alone lists it.
PYTHON ?= python3
PORT ?= 8765
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps
CODE := bot handlers jobs sandbox tests

.DEFAULT_GOAL := help
.PHONY: help demo install test check fix benchmark lock translations screenshot clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: .venv/demo ## show everything on a local Slack: no account needed
	@$(BIN)/python -m bot demo --port $(PORT)

install: .venv/production ## what a server needs, and the command .venv/bin/vliegwiel

test: .venv/dev ## all tests, on SQLite and PostgreSQL, in a browser too when there is one
	@$(BIN)/python -m pytest -n 2 --dist worksteal

check: .venv/dev ## format, lint, types, arrows between folders, dead code, translations, lock files
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/vulture
	@$(BIN)/python -m tests.support.translations
	@$(BIN)/python -m tests.support.locks

fix: .venv/dev ## put format and imports right
	@$(BIN)/ruff check --fix $(CODE)
	@$(BIN)/ruff format $(CODE)

benchmark: .venv/dev ## what it costs, as ratios to a bare app in the same run
	@$(BIN)/python -m tests.benchmarks

lock: .venv/dev ## write the lock files anew after a change in pyproject.toml
	@$(BIN)/python -m tests.support.locks --write

translations: .venv/dev ## bring the Dutch catalogue up to date with the code
	@$(BIN)/python -m tests.support.translations --write

screenshot: .venv/dev ## make the picture in the README anew
	@$(BIN)/python -m tests.support.screenshot

clean: ## remove what was installed and made here
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else 0'
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/demo: .venv/python requirements-demo.txt
	@echo "Installing what the demonstration needs (once, about 20 seconds) ..."
	@$(PIP) -r requirements-demo.txt
	@touch $@

.venv/production: .venv/python requirements.txt pyproject.toml
	@$(PIP) -r requirements.txt
	@$(PIP) -e .
	@touch $@

.venv/dev: .venv/python requirements-dev.txt pyproject.toml
	@echo "Installing what the tests need (once) ..."
	@$(PIP) -r requirements-dev.txt
	@$(PIP) -e .
	@touch $@ .venv/demo .venv/production
