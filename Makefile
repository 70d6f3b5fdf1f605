# Two commands matter: `make run` starts Linli on this machine, `make test` runs the whole suite.
# Both install what they need first. README.md says more.

PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
TRANSLATIONS := app/translations
CATALOGUES := $(wildcard $(TRANSLATIONS)/*/LC_MESSAGES/messages.po)
COMPILED := $(CATALOGUES:.po=.mo)
# Test processes side by side, and more words for pytest: make test TESTS="tests/app -x"
JOBS ?= 2
TESTS ?=

.PHONY: run test lint install install-dev install-bench strings screens clean
.DELETE_ON_ERROR:

run: install
	@exec $(BIN)/python -m app.local run

test: install-dev
	@exec $(BIN)/python -m pytest -n $(JOBS) $(TESTS)

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

install: $(VENV)/.installed $(VENV)/.engine $(COMPILED)

install-dev: $(VENV)/.installed-dev $(VENV)/.engine $(COMPILED)

# What bench/matching compares the engine with.
install-bench: install-dev $(VENV)/.installed-bench

# The texts: collect msgids from code and templates, bring every catalogue up to date, compile.
strings: install
	$(BIN)/pybabel extract -F pyproject.toml -k N_ -k lazy_gettext --no-location --sort-output \
		-o $(VENV)/messages.pot app services
	$(BIN)/pybabel update -i $(VENV)/messages.pot -d $(TRANSLATIONS) --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap
	$(MAKE) --no-print-directory install

# Every screen of every role: pictures into var/screens, and what axe or a narrow screen finds wrong. Needs chromium.
screens: install-dev
	$(BIN)/python -m tests.journeys.screens

# var/ holds the database: it is never removed from here.
clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .import_linter_cache .hypothesis $(COMPILED)
	find app services matching migrations tests -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || { \
		echo "Linli needs Python 3.11; $(PYTHON) is not that. Install it (Debian 12: apt install python3 python3-venv)"; \
		echo "or name it: make run PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV) || { \
		echo; echo "Python cannot make a virtual environment here. On Debian: apt install python3-venv"; exit 1; }
	@touch $@

$(VENV)/.installed: $(VENV)/.made requirements.txt
	@echo "Installing what Linli needs (the first time a minute or two) …"
	@$(PIP) install --require-hashes --no-deps -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	@echo "Installing what testing needs …"
	@$(PIP) install --require-hashes --no-deps -r requirements-dev.txt
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed-dev requirements-bench.txt
	@$(PIP) install --require-hashes --no-deps -r requirements-bench.txt
	@touch $@

# The engine is compiled here, once: what is on disk is not remade by itself when another file of it changes.
$(VENV)/.engine: $(VENV)/.installed $(wildcard matching/*.py)
	@echo "Compiling the matching engine (about half a minute) …"
	@rm -f matching/__pycache__/*.nbi matching/__pycache__/*.nbc
	@$(BIN)/python -m matching.ready
	@touch $@

%.mo: %.po $(VENV)/.installed
	@$(BIN)/pybabel compile -i $< -o $@
