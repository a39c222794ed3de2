# `make serve` and `make test` work on a fresh machine with Python 3.11+ and a package index.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --no-input
PIN := --constraint .ci/constraints.txt

.DEFAULT_GOAL := help
.PHONY: help serve test lint bench train clean

help:  ## show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ -/'

serve: .venv/service  ## install the service if needed and start it on http://127.0.0.1:8000
	@$(BIN)/qulaq serve

test: .venv/dev  ## install the rest if needed and run everything that decides whether work lands
	@$(MAKE) --no-print-directory lint
	$(BIN)/qulaq-train validate > /dev/null
	$(BIN)/python -m pytest

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/bench  ## measure speed, as ratios within one run
	@$(BIN)/python -m training.bench
	@$(BIN)/python -m training.bench_claims

train: .venv/dev  ## train the shipped model from data/annotated; prints the run's folder
	@$(BIN)/qulaq-train train

clean:  ## remove what make has installed
	rm -rf .venv

.venv/service: pyproject.toml .ci/constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing the service …"
	@$(PIP) install $(PIN) --editable .
	@touch $@

.venv/dev: .venv/service
	@echo "Installing training and test tools …"
	@$(PIP) install $(PIN) --editable ".[training,dev]"
	@touch $@

.venv/bench: .venv/dev
	@echo "Installing what is measured against …"
	@$(PIP) install $(PIN) --editable ".[training,dev,bench]"
	@touch $@
