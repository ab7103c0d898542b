# Everything runs in .venv/, made here from the hashed lock; nothing need be active.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PACKAGES := gateway domain dialogs channels nlu payment_links compliance
ARGS ?=
ONCE ?=
# Which store bench measures, and for how long soak runs (seconds).
STORE ?= sqlite
SECONDS ?= 600
# `make lock UPGRADE=` keeps the versions that still fit.
UPGRADE := --upgrade

export PIP_DISABLE_PIP_VERSION_CHECK := 1
unexport PYTHONHOME PYTHONPATH

.DEFAULT_GOAL := help
.PHONY: help demo test check format bench soak rasa-peer segments-peer prism-peer dovecot-peer browser-peer lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): requirements-dev.lock pyproject.toml
	@$(BIN)/python -c '' 2>/dev/null || { \
	  $(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null || { \
	    echo "Python 3.11, 3.12 or 3.13 is needed, and '$(PYTHON)' is not one: say make PYTHON=/path/to/python3.12" >&2; exit 1; }; \
	  echo "Making the environment in $(VENV)/ from requirements-dev.lock (once; about a minute)"; \
	  rm -rf $(VENV) && $(PYTHON) -m venv $(VENV); }
	@cmp -s requirements-dev.lock $(VENV)/.lock || { \
	  echo "Installing what requirements-dev.lock names into $(VENV)/"; \
	  $(BIN)/python -m pip install -qq --require-hashes -r requirements-dev.lock && cp requirements-dev.lock $(VENV)/.lock; }
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(STAMP) ## play a conversation, then serve the phone and mailbox page (ONCE=1: only play)
	@$(BIN)/gateway demo $(if $(ONCE),--once) $(ARGS)

test: $(STAMP) ## run all tests, on real PostgreSQL and Redis (ARGS="-k name" for some)
	@$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

check: $(STAMP) ## style, types, the floors of the house, locks and schemas that are current
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m tests.house.locks
	$(BIN)/python -m nlu.train --check
	$(BIN)/python -m gateway.clients.schema --check
	$(BIN)/python -m dialogs.schema --check
	$(BIN)/python -m tests.house.compliance --check

format: $(STAMP) ## put the code into its usual form
	@$(BIN)/ruff check --fix-only --quiet . && $(BIN)/ruff format .

bench: $(STAMP) ## measure the whole road (STORE=sqlite or postgres); one JSON line
	@$(BIN)/gateway benchmark road --store $(STORE) $(ARGS)

soak: $(STAMP) ## 100,000 events through the packs, each change to them, 200,000 scheduled messages; an hour of sending with faults; instalments under kills; a mailbox cut at random; every fault and browser; random kills for SECONDS=600 on both stores
	@$(BIN)/python -m benchmarks.walk
	@$(BIN)/python -m benchmarks.mutation
	@$(BIN)/python -m benchmarks.contact_hours
	@$(BIN)/python -m benchmarks.hour
	@$(BIN)/python -m benchmarks.charging
	@$(BIN)/python -m benchmarks.mailbox
	@FAULTS=all $(BIN)/python -m pytest -q -n 0 tests/faults/test_faults.py
	@EXAMPLES=4 $(BIN)/python -m pytest -q -n auto tests/domain tests/dialogs/test_hostile_packs.py tests/dialogs/lint/test_hostile.py
	@BROWSER=all $(BIN)/python -m pytest -q -n 0 tests/browser
	@$(BIN)/python -m benchmarks.soak --seconds $(SECONDS) $(ARGS)

rasa-peer: $(STAMP) ## build a real Rasa 3.6.21 for the tests (needs a Python 3.10; 2.7 GB)
	@$(BIN)/python -m tests.nlu.rasa_peer

segments-peer: $(STAMP) ## compare segments with Twilio's own calculator (needs npm); ARGS: how many texts
	@$(BIN)/python -m tests.channels.segments_peer $(ARGS)

prism-peer: $(STAMP) ## install Prism for the tests against Twilio's OpenAPI document (needs npm; 170 MB)
	@$(BIN)/python -m tests.channels.prism_peer

dovecot-peer: ## install Dovecot for the tests of mailboxes (Debian, as root)
	@apt-get install -y --no-install-recommends dovecot-imapd

browser-peer: $(STAMP) ## install Chromium (Debian, as root) and axe-core (npm) for the tests of the pages
	@$(BIN)/python -m tests.browser.peer

lock: ## choose the newest fitting versions again and write the lock files (needs uv)
	@set -e; common="--universal --python-version 3.11 $(UPGRADE) --fork-strategy fewest --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet"; \
	uv pip compile pyproject.toml $$common -o requirements.lock; \
	uv pip compile pyproject.toml --all-extras --group dev -c requirements.lock $$common -o requirements-dev.lock; \
	uv pip compile --group build -c requirements-dev.lock $$common -o requirements-build.lock
	@echo "Wrote requirements.lock, requirements-dev.lock and requirements-build.lock"

clean: ## remove the environment, the caches and the demo's data
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .demo dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
