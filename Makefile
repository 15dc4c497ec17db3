# Everything from a fresh clone: needs Python 3.11 or newer, pip and make.
#   make run     the study of 2017, with its report       make test    the tests
#   make check   style and types                          make clean   remove the environment
#   make proof   engines with bounds checked, and every broken rule of order noticed
#   make slow    the tests that take long: kills, clusters, the same bytes under other locales, zones and compilers
#   make installed   the wheel in an empty environment leaves the same bytes as this tree
#   make mutants ONLY='sim.duty.drawback*'   rules of law, customs, duty and origin broken one by one: who notices?
# Another Python: make run PYTHON=python3.12

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STUDY := renegotiation_2017
ONLY ?= sim.customs.credits*
SHARED := -n auto --maxprocesses 4 --dist worksteal

.PHONY: help run test proof slow installed mutants check clean
.DEFAULT_GOAL := help

help:
	@sed -n '2,8s/^# *//p' Makefile

run: $(VENV)/.installed
	$(BIN)/sim run scenarios/$(STUDY).yaml

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest $(SHARED)

proof: $(VENV)/.installed-test
	NUMBA_BOUNDSCHECK=1 $(BIN)/python -m pytest $(SHARED) tests/engines tests/closed_form
	$(BIN)/python -m pytest $(SHARED) -m slow tests/engines

slow: $(VENV)/.installed-test
	$(BIN)/python -m pytest $(SHARED) -m slow

installed: $(VENV)/.installed-test
	$(BIN)/python -m tests.invariance.installed

mutants: $(VENV)/.installed-mutation
	$(BIN)/mutmut run --max-children 2 '$(ONLY)'
	$(BIN)/mutmut results

check: $(VENV)/.installed-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean:
	rm -rf $(VENV)

# Installing: uv where it can be had, since it is faster; pip otherwise. Each stamp is newer than pyproject.toml once
# its extras are in, so that a second call installs nothing. With LOCK=requirements.lock the versions in it are taken
# where they can be had, and else those that pyproject.toml allows.
LOCK ?=
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
define install
	@echo "Installing $(1) ..."
	@{ [ -n '$(LOCK)' ] && $(UV) --constraint '$(LOCK)' --editable '$(1)' 2>/dev/null; } \
	  || { [ -n '$(LOCK)' ] && $(PIP) --constraint '$(LOCK)' --editable '$(1)' 2>/dev/null; } \
	  || $(UV) --editable '$(1)' 2>/dev/null \
	  || $(PIP) --editable '$(1)'
	@touch $@
endef

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(call install,.)

$(VENV)/.installed-test: pyproject.toml | $(BIN)/python
	$(call install,.[test])

$(VENV)/.installed-mutation: pyproject.toml | $(BIN)/python
	$(call install,.[test,mutation])

$(VENV)/.installed-lint: pyproject.toml | $(BIN)/python
	$(call install,.[lint])

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed; '$(PYTHON)' is $$($(PYTHON) --version 2>&1 || true)."; \
	  echo "Name another with: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "No environment could be made. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv 2>/dev/null \
	  || echo "uv is not to be had here; pip does it more slowly."
