# Dujin: `make demo` shows it, `make test` proves it. `make help` lists the rest.

SHELL := /bin/bash
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
PY := .venv/bin/python
MANAGE := $(PY) manage.py
STATIC_SOURCES := $(shell find static -type f 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help setup demo run test faults bench scan guesses check screenshots bundle prove-bundle prove-compose prove-hosts lock migrate browser clean

help: ## List these commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

setup: migrate var/.static ## Virtual environment, locked packages, database and static files (embedded profile)

demo: setup ## Load the invented county, then serve it and print the address and the accounts (PORT=8000)
	@DUJIN_COUNTY=青禾县 $(MANAGE) seed_demo
	@exec env DUJIN_COUNTY=青禾县 $(MANAGE) serve --host $(HOST) --port $(PORT) --demo

run: setup ## Serve what is in the database (HOST=127.0.0.1 PORT=8000)
	@exec $(MANAGE) serve --host $(HOST) --port $(PORT)

test: .venv/.dev browser ## The whole suite: on SQLite, then on PostgreSQL and Redis where both answer
	@scripts/test $(ARGS)

faults: .venv/.dev var/.static ## Break the real thing in every way we know and print what was lost (ARGS="--quick" for small sizes)
	@$(PY) -m benchmarks.faults $(ARGS)

bench: .venv/.dev var/.static ## Counties of 100, 1,000 and 10,000 projects on both databases beside their floors (~40 minutes; ARGS="--sizes 100")
	@services=$$($(PY) scripts/find_services.py) && eval "$$services" && export DUJIN_DATABASE_URL DUJIN_REDIS_URL; \
		$(PY) -m benchmarks.table $(ARGS)

scan: .venv/.dev .venv-scan/.ready var/.static ## bandit, semgrep, wapiti, sqlmap and fuzzing; fails on what is not explained (ARGS="--only bandit")
	@$(PY) -m scripts.scan $(ARGS)

guesses: .venv/.dev ## Ten thousand guesses at the sign-in page, who still comes in, and what refusals take (~10 minutes)
	@$(PY) -m benchmarks.guesses $(ARGS)

check: .venv/.dev ## Lint, formatting, types, Django's own checks, missing migrations
	$(PY) -m ruff check .
	$(PY) -m ruff format --check --quiet .
	$(PY) -m mypy
	$(MANAGE) check
	$(MANAGE) makemigrations --check --dry-run
	.venv/bin/hadolint Dockerfile scripts/proofs/images/Dockerfile
	.venv/bin/check-jsonschema --quiet --builtin-schema vendor.compose-spec docker-compose.yml

screenshots: .venv/.dev var/.static browser ## Take the manual's pictures anew from the demonstration county (a few minutes)
	@$(PY) scripts/screenshots.py

bundle: var/.static ## Pack an offline installation into dist/ (PYTHONS="3.11 3.12 3.13" MACHINE=x86_64 IMAGES=1)
	@scripts/bundle

prove-bundle: bundle ## Install the bundle where there is no network, use it, upgrade it (root; ~2 minutes)
	@$(PY) -m scripts.proofs.offline $(ARGS)

prove-compose: .venv/.dev ## Build the image, run the whole compose stack here, kill parts of it (root; podman; ~6 minutes)
	@$(PY) -m scripts.proofs.compose $(ARGS)

prove-hosts: .venv/.dev ## Two web and two worker hosts (network namespaces) on one database, as one site (root; ~3 minutes)
	@$(PY) -m scripts.proofs.hosts $(ARGS)

lock: .venv/.dev ## Resolve requirements*.in into the locks again
	$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --custom-compile-command 'make lock' requirements.in -o requirements.lock
	$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --custom-compile-command 'make lock' requirements-dev.in -o requirements-dev.lock
	$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --custom-compile-command 'make lock' requirements-scan.in -o requirements-scan.lock

clean: ## Remove what setup built. The data in var/ stays
	rm -rf .venv .venv-scan var/static var/.static .mypy_cache .pytest_cache .ruff_cache .hypothesis

migrate: .venv/.runtime
	@$(MANAGE) migrate --verbosity 0

browser:
	@scripts/install-chromium

.venv/.runtime: requirements.lock scripts/install-python
	@PYTHON=$(PYTHON) scripts/install-python requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock scripts/install-python
	@PYTHON=$(PYTHON) scripts/install-python requirements-dev.lock
	@touch $@ .venv/.runtime

.venv-scan/.ready: requirements-scan.lock scripts/install-python
	@VENV=.venv-scan PYTHON=$(PYTHON) scripts/install-python requirements-scan.lock
	@touch $@

var/.static: $(STATIC_SOURCES) requirements.lock | .venv/.runtime
	@echo "Collecting and compressing static files (about 20 seconds, only when they changed) ..."
	@$(MANAGE) collectstatic --noinput --clear --verbosity 0
	@touch $@
