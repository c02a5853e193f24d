# Everything runs in .venv/ in this checkout. See README.md.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py

.PHONY: run test check bench assets clean lock

run: .venv/runtime.stamp assets .env  ## the demonstration site on http://127.0.0.1:8000
	$(MANAGE) migrate --verbosity 0
	$(MANAGE) createcachetable
	$(MANAGE) demo
	@echo "De site staat op http://127.0.0.1:$(PORT) - log in als beleid, collega, manager, raad of beheer, wachtwoord demo"
	$(MANAGE) runserver --noreload 127.0.0.1:$(PORT)

test: .venv/dev.stamp assets  ## the whole test suite, on SQLite and PostgreSQL
	@BIN=$(BIN) .ci/test

check: .venv/dev.stamp assets  ## format, lint, types, templates, import contracts, missing migrations
	@BIN=$(BIN) .ci/check

bench: .venv/dev.stamp  ## the benchmarks, each against a peer in the same run
	$(BIN)/python -m tests.bench

assets: node_modules/assets.stamp

.venv/runtime.stamp: requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make run PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

.venv/dev.stamp: .venv/runtime.stamp requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

node_modules/assets.stamp: package-lock.json requirements-node.txt
	PYTHON=$(PYTHON) .ci/assets
	touch $@

.env:
	$(PYTHON) -c 'import secrets; print("DEBUG=1\nSECRET_KEY=local-only-" + secrets.token_urlsafe(50))' > $@

clean:
	rm -rf .venv node_modules var .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

lock:  ## renew the lock files after a change in pyproject.toml (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet pyproject.toml -o requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet pyproject.toml --group dev -o requirements-dev.txt
