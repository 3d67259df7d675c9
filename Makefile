# make help lists the targets. Needs Python 3.11 or newer and nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup run test lint bench bench-warehouse torture fuzz train dev lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(INSTALLED) ## install the pinned dependencies into .venv, and nothing else

$(INSTALLED): requirements.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "Python is missing: install Python 3.11 or newer (Debian: apt-get install python3 python3-venv), or say which: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$$($(PYTHON) --version) is too old: install Python 3.11 or newer, or say which: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' >/dev/null 2>&1 || { echo "Python's venv module is missing: on Debian, apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing into $(VENV); this takes a minute or two, once."
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true
	@touch $(INSTALLED)

run: setup ## read the bundled samples and show the facts published from them
	@$(BIN)/kpi add warehouse/samples
	@$(BIN)/kpi run || test $$? -eq 3
	@$(BIN)/kpi sql -f sql/show/facts.sql
	@echo "Try next:"
	@echo "  $(BIN)/kpi sql \"select place, metric, comparator, value from mart.latest_observation where metric_id = 'qr_payment_coverage'\""
	@echo "  $(BIN)/kpi trace $$($(BIN)/kpi sql --format csv "select observation_id from core.fact_observation order by 1 limit 1" | tail -n 1)"
	@echo "  $(BIN)/kpi doctor"
	@echo "  make dev"

test: setup lint ## the whole suite, lint and types included
	@$(BIN)/python -m pytest

lint: setup ## style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: setup ## how fast documents are converted and read, and what confidences are worth (BENCH="--peers --memory": more)
	@$(BIN)/python benchmarks/read.py $(BENCH)
	@$(BIN)/python -m benchmarks.convert
	@$(BIN)/kpi eval --calibration tests/gold/passages.jsonl tests/gold/fresh.jsonl

torture: setup ## two hundred killed runs, twenty readers beside thirty publications: a quarter of an hour
	@KPI_TORTURE=1 $(BIN)/python -m pytest -n 0 tests/assets/test_torture.py tests/assets/test_kill.py tests/store/test_versions.py

fuzz: setup ## ten thousand files gone wrong, of every format: each a document or refused with a reason
	@KPI_FUZZ=10000 $(BIN)/python -m pytest -n 0 -s tests/ingest/formats/test_fuzz.py

bench-warehouse: setup ## how the warehouse behaves as it grows: ten million facts, a quarter of an hour (BENCH="ask --folder DIR": parts)
	@$(BIN)/python benchmarks/warehouse.py $(BENCH)

train: setup ## learn the reader's second opinion from annotated text (GOLD=files; our own are always read)
	@$(BIN)/python -m pipelines.extract.training $(sort $(wildcard tests/gold/*.jsonl)) $(GOLD) --specs tests/spec

dev: setup ## the Dagster UI on the instance that kpi run writes to
	@$(BIN)/kpi ui

lock: ## resolve the dependencies anew into requirements.txt (needs uv)
	@uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 --group dev pyproject.toml -o requirements.txt
	@{ echo '# Every dependency, pinned and hashed, for every platform. Made by `make lock`; do not edit.'; cat requirements.txt; } > requirements.tmp
	@mv requirements.tmp requirements.txt

clean: ## remove .venv and what tools left; data stays
	@rm -rf $(VENV) *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
