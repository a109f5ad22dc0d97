# make run: the program. make test: everything that must hold. Both work in a fresh clone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Some machines forbid compiled files; without them every start compiles the whole program anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test lint types tests faults replay bench lock clean

run: $(VENV)/run.stamp
	@$(BIN)/python -m bot run

# The types are checked by one process alone: beside the tests, and told after them.
test: lint
	@$(BIN)/mypy >$(VENV)/types.txt 2>&1 & types=$$!; $(MAKE) --no-print-directory tests; tests=$$?; \
	wait $$types; types=$$?; cat $(VENV)/types.txt; exit $$((tests || types))

lint: $(VENV)/dev.stamp
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/dev.stamp
	@$(BIN)/mypy

# In a fresh clone one process compiles the tests, or each of the four would.
tests: $(VENV)/dev.stamp tests/js/node_modules/.stamp
	@[ -d tests/unit/__pycache__ ] || $(BIN)/pytest --collect-only --quiet -n 0 >/dev/null || true
	@$(BIN)/pytest -n 4 --dist loadgroup

# What `make test` only samples: every kill replayed, and every scenario against several processes.
FLEETS := postgresql:1 postgresql:2 postgresql:8 sqlite:1 sqlite:2
faults: $(VENV)/dev.stamp tests/js/node_modules/.stamp
	@$(BIN)/pytest -n 2 -rP -m exhaustive tests/fault
	@echo "What every scenario sends, broken"; SAMTID_TESTS_FUZZ=1 $(BIN)/pytest -n 0 -q tests/scenario
	@for fleet in $(FLEETS); do echo "Scenarios against $$fleet"; \
	    SAMTID_TESTS_PROCESSES=$$fleet $(BIN)/pytest -n 2 -q tests/scenario || exit 1; done

# A county's whole year by commands alone: 40 teams, 375 staff, 4,000 case discussions. Prints what happened.
replay: $(VENV)/dev.stamp
	@$(BIN)/pytest -n 0 -rP -m exhaustive tests/replay

# With the development packages, of which one is a PostgreSQL server.
bench: $(VENV)/dev.stamp
	@$(BIN)/python -m bot bench --postgresql

$(BIN)/uv:
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

$(VENV)/run.stamp: requirements.lock | $(BIN)/uv
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock requirements.lock | $(BIN)/uv
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/run.stamp

# The independent calendar parser and the accessibility checker of the tests; without npm those tests say so.
tests/js/node_modules/.stamp: tests/js/package-lock.json
	@if command -v npm >/dev/null; then cd tests/js && npm ci --silent --no-fund --no-audit && touch node_modules/.stamp; \
	else echo "npm is missing: the tests that need Node.js will be skipped"; fi

# Locked versions with hashes for every platform, and no registry address in the file.
lock: | $(BIN)/uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --extra build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) tests/js/node_modules .mypy_cache .ruff_cache .hypothesis
