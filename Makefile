# make demo   works the three notes out and writes a book of them, gallery/index.html, with the reference beside it
# make docs   writes the reference, to be read offline: reference/index.html
# make site   puts both, and pages on which Python runs, into one folder for a web server: site/index.html
# make test   runs every test, on all cores; with PYTEST=--cov it says which lines and branches none of them ran
# make mutate changes the table, its rows and the walk, one thing at a time, and tells what no test noticed
# They make their own environment in .venv first. EXTRAS adds to what make test installs, PYTEST to its arguments.

PYTHON ?= python3
EXTRAS ?= test
PYTEST ?=
BIN := .venv/bin

.PHONY: demo docs site test mutate bench check clean

demo: .venv/demo
	$(BIN)/python -m demos

docs: .venv/docs
	$(BIN)/python -m demos.reference

site: demo docs
	$(BIN)/python -m demos.site

test: .venv/$(EXTRAS)
	$(BIN)/python -m pytest -n auto --dist loadfile $(PYTEST)

mutate: .venv/test
	$(BIN)/python -m tests.campaigns.mutation

bench: .venv/bench
	$(BIN)/python -m pytest tests/benchmarks/bench_*.py -s $(PYTEST)

check: .venv/check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "chalkgrad needs Python 3.11 or newer: make PYTHON=...")'
	$(PYTHON) -m venv .venv

.venv/demo: .venv/bin/python setup.cfg pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[data,plot,gif,progress,book,docs]'
	touch $@

.venv/%: .venv/bin/python setup.cfg pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$*]'
	touch $@

clean:
	rm -rf .venv gallery reference site build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks .coverage
