# Two commands matter: `make check` (fast, before each commit) and `make test` (everything that CI runs).
BIN ?= .venv/bin

.PHONY: check lint test format docs lock

check: lint
	$(BIN)/pytest -q -n auto -m "not slow and not browser"

lint:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/rheobase knowledge check

test: lint
	$(BIN)/pytest -n auto --cov --cov-report=term

format:
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Maintainers only: no registry address is written, hashes pin the files.
lock:
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
		--extra dev pyproject.toml -o requirements.lock

# Generated pages; tests fail when they are stale.
docs:
	$(BIN)/python docs/build.py
