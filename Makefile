# Everything a person or CI needs. On a bare machine: Python 3.11+ and make; the rest is set up here.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
# Optional parts to install; the container image takes fewer.
EXTRAS ?= dev,espeak
STATIC := bot/server/static
BUILT := $(STATIC)/.built
WEB_SOURCES := $(shell find web -type f -not -path "*/node_modules/*" 2>/dev/null)

.PHONY: help setup web run test explore test-web check format coverage bench image-check clean

help:  ## Show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

setup: $(INSTALLED) $(BUILT)  ## Install what is needed and build the web parts

$(INSTALLED): pyproject.toml constraints.txt
	@echo "== Python packages into $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade 'pip>=25'
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[$(EXTRAS)]'
	@touch $@

web: $(BUILT)  ## Build the widget and the desk into bot/server/static

$(BUILT): $(INSTALLED) $(WEB_SOURCES)
	@echo "== Web: widget, desk, demo pages"
	@cd web && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --no-audit --no-fund
	@cd web && PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent build
	@touch $@

run: setup  ## Start the reference assistant on http://localhost:8080
	@exec $(BIN)/sangdam run --with-companions --demo

test: setup test-web  ## All tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "not browser"
	@# Apart: Playwright keeps an event loop of its own running in the process that it is used in.
	@$(BIN)/python -m pytest -m browser

explore: setup  ## Properties on many new examples, another set each time
	@$(BIN)/python -m pytest -n 2 --dist loadfile --hypothesis-profile explore $$(grep -rl "from hypothesis" tests --include="test_*.py")

test-web: $(BUILT)  ## Types and unit tests of the web parts
	@cd web && PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent check && PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent test

check: setup  ## Style, types, borders between packages
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: setup  ## Put all code into the house format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

coverage: setup  ## Tests with coverage
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "not browser" --cov --cov-report=term-missing:skip-covered

bench: setup  ## Measure; prints tables and writes benchmarks/out/. Calls too with SPEECH=<folder of Korean clips>
	@$(BIN)/sangdam bench --out benchmarks/out/service.json
	@$(BIN)/sangdam evaluate kb --documents data/knowledge --questions data/evaluation/knowledge_questions.jsonl
	@if [ -n "$(SPEECH)" ]; then $(BIN)/python benchmarks/call_latency.py "$(SPEECH)"; \
	  else echo "calls: not measured (make bench SPEECH=<folder of clips with transcripts>)"; fi

image-check: setup  ## Run the Dockerfile's own steps in a temporary folder, as far as they need no container
	@$(BIN)/python deploy/check_image.py

clean:  ## Remove what was built (not var/, which holds data)
	@rm -rf $(VENV) $(STATIC) web/node_modules build dist *.egg-info
