# What one does with this project. `make` alone lists it.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ARGS   ?=

# The checks and the documentation load the settings; what these make stays out of the developer's var/.
SCRATCH := GWM_STATE_DIR=$(CURDIR)/$(VENV)/state

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test real e2e check fmt bench docs

help: ## list the verbs
	@echo "make VERB, where VERB is one of"
	@sed -n 's/^\([a-z0-9]*\):.*## /  \1\t/p' $(MAKEFILE_LIST) | expand -t 10
	@echo
	@echo "run:   PORT=8000 HOST=127.0.0.1 DEMO=1, DATABASE_URL and REDIS_URL, GWM_* (docs/admin/settings.md)"
	@echo "tests: ARGS='...' goes to pytest, as in  make test ARGS='-m faults -x'"

run: $(VENV)/run.stamp ## the whole product in the foreground, with simulated clusters; Ctrl-C ends it
	@exec $(BIN)/python -m ganeti_webmgr.run

test: $(VENV)/dev.stamp ## every test that this machine can run
	$(BIN)/python -m pytest $(ARGS)

real: $(VENV)/dev.stamp ## the tests against real Ganeti (first, as root: tests/real/lab/up)
	$(BIN)/python -m pytest -m real $(ARGS)

e2e: $(VENV)/dev.stamp ## the tests in a real browser (needs chromium)
	$(BIN)/python -m pytest -m e2e $(ARGS)

check: $(VENV)/dev.stamp ## lint, types, architecture, templates, migrations, deployment
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(SCRATCH) $(BIN)/mypy
	$(SCRATCH) $(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(SCRATCH) $(BIN)/python manage.py makemigrations --check --dry-run
	$(SCRATCH) GWM_BEHIND_TLS=true GWM_ALLOWED_HOSTS='["gwm.example.org"]' \
	    $(BIN)/python manage.py check --deploy --fail-level WARNING

fmt: $(VENV)/dev.stamp ## lay out the code and mend what ruff can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(VENV)/dev.stamp ## measure pages, synchronisation, memory and event streams
	$(BIN)/python -m tests.bench $(ARGS)

docs: $(VENV)/dev.stamp ## the documentation, into docs/_build
	$(SCRATCH) $(BIN)/sphinx-build -W --keep-going -q docs docs/_build
	@echo "docs/_build/index.html"

# --- The virtual environment ---------------------------------------------------------------------------

PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

$(VENV)/made.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "Ganeti Web Manager needs Python 3.11 or newer; this is '$(PYTHON)':" \
	         "$$($(PYTHON) --version 2>&1 | tail -n 1). Name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo "Python's venv module is missing. On Debian: apt-get install python3-venv" >&2; exit 1; }
	@echo "Making a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/run.stamp: requirements.txt $(VENV)/made.stamp
	@echo "Installing $<"
	@$(PIP) -r $<
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt requirements.txt $(VENV)/made.stamp
	@echo "Installing $<"
	@$(PIP) -r $<
	@touch $@ $(VENV)/run.stamp
