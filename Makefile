# fazhi: `make setup` once, then `make run`. Everything lives in .venv and in the data home ($FAZHI_HOME, else ./data).
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp

.PHONY: setup compile run test lint types unit bench dev lock clean

setup: $(STAMP)

# Installs again only when the pinned requirements or the package's own metadata change.
$(STAMP): requirements-dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "fazhi needs Python 3.11 or newer; set PYTHON=... to one")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes --requirement requirements-dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m assets.parse.compile --if-possible
	touch $@

# Again after changes to assets/parse: until then the changed sources run as Python.
compile: $(STAMP)
	$(BIN)/python -m assets.parse.compile

run: $(STAMP)
	$(BIN)/fazhi run examples/reports examples/formats

test: lint types unit

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

unit: $(STAMP)
	$(BIN)/pytest -n 2 --dist loadfile

bench: $(STAMP)
	$(BIN)/python -m benchmarks

# Dagster's own page on loopback, its state in the data home beside everything else.
dev: $(STAMP)
	$(BIN)/fazhi dev

# Pins every dependency with its hashes and names no package index; needs uv on the PATH. What developers need is resolved
# first, since it holds all that users need: both then have the same versions. Playwright and what it brings
# is not installed: of the package that asks for it only axe.min.js is read.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --extra dev --no-emit-package fazhi --no-emit-package playwright --no-emit-package greenlet --no-emit-package pyee --output-file requirements-dev.txt pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --constraint requirements-dev.txt --output-file requirements.txt pyproject.toml

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
