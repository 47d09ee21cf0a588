PYTHON ?= python3
BIN := .venv/bin
PROBE := $(wildcard grader/probe/source/*)

.PHONY: demo test lint bench clean

demo: .venv/installed
	$(BIN)/python -m tests.demo

test: lint
	$(BIN)/python -m pytest --numprocesses 5 --dist worksteal

lint: .venv/installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/installed
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.batch

clean:
	rm -rf .venv build dist

.venv/installed: pyproject.toml hatch_build.py $(PROBE)
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@
