# The only door: a person and .ci/run come in here alike.
# Every target sets up what it needs on a machine that has nothing but Python 3.11+
# (and Java 17 and Maven where a real Kafka is run), and does it once.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime-ready
DEV := $(VENV)/.dev-ready
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Arguments handed on: make demo ARGS="--seconds 30", make test ARGS="-k transfer".
ARGS ?=

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The first Python that is new enough; Debian and macOS still ship older ones as python3.
$(BIN)/python:
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "set-up: $(VENV) with $$("$$python" --version)" >&2; \
			"$$python" -m venv $(VENV) && exit 0; \
			echo "Python's venv module is missing or broken; on Debian: apt install python3-venv" >&2; \
			rm -rf $(VENV); exit 3; \
		fi; \
	done; \
	echo "No Python 3.11 or newer was found." >&2; \
	echo "Throughline needs one, and python3 here is: $$(python3 --version 2>&1 || true)" >&2; \
	echo "Install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12" >&2; \
	exit 3

# --no-build-isolation: the build backend comes from the locked set too, not fresh from an index.
# editable_mode=compat: one path entry, so that a package added later is found without a new set-up.
$(RUNTIME): requirements/runtime.txt pyproject.toml | $(BIN)/python
	@echo "set-up: what it takes to run, by hash" >&2
	@$(PIP) --require-hashes -r requirements/runtime.txt
	@$(PIP) --no-deps --no-build-isolation --config-settings editable_mode=compat -e .
	@touch $@

$(DEV): requirements/dev.txt $(RUNTIME)
	@echo "set-up: what it takes to develop and test, by hash" >&2
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

setup: $(DEV)  ## make .venv with throughline and its tools in it
	@echo "ready: $(BIN)/throughline" >&2

demo: $(RUNTIME)  ## a live stream on the embedded broker: ARGS="--seconds 30"
	@$(BIN)/throughline demo $(ARGS)

# A file at a time to each of two processes: what waits for a Kafka leaves the processor to others.
SIDE_BY_SIDE ?= -n 2 --dist loadfile

# The faults play three chapters at a time by themselves, so nothing else runs beside them.
test: $(DEV) kafka lint  ## lint, types, faults, contracts, specs, laws, simulation, real Kafka: ARGS="-k transfer"
	@$(if $(ARGS),,$(BIN)/python -m pytest tests/faults)
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) --ignore=tests/faults $(ARGS)

lint: $(DEV)  ## style, bans, types and import contracts
	@$(BIN)/ruff check --quiet --output-format concise .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo

format: $(DEV)  ## write every file as `make lint` wants it, as far as that can be done alone
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

live: $(DEV) kafka  ## only the tests on a real Kafka
	@$(BIN)/python -m pytest tests/live $(ARGS)

simulate: $(DEV)  ## the commit protocol on a simulated Kafka: ARGS="--seeds 0:50000 --jobs 2", ARGS=380 tells one
	@$(BIN)/python -m tests.simulation $(ARGS)

faults: $(DEV) kafka  ## break workers, broker and network on purpose, a little of everything (minutes)
	@$(BIN)/python -m pytest tests/faults $(ARGS)

faults-long: $(DEV) kafka  ## the same for an hour or more, resumable: ARGS="--seed 2"
	@$(BIN)/python -m tests.faults.long build/faults-long $(ARGS)

peers: $(DEV) kafka  ## the other systems of the comparison, in environments of their own
	@for peer in faust quix; do test -d .peers/$$peer || $(BIN)/python -m venv .peers/$$peer; \
		.peers/$$peer/bin/pip install --quiet --disable-pip-version-check -r benchmarks/peers_faults/$$peer.txt; done
	@cd benchmarks/peers_faults/kstreams && mvn --quiet --batch-mode package

bench-peers: $(DEV) kafka  ## the systems of the benchmark, in environments of their own
	@for peer in faust quix bytewax; do test -d .peers/jbench-$$peer || $(BIN)/python -m venv .peers/jbench-$$peer; \
		.peers/jbench-$$peer/bin/pip install --quiet --disable-pip-version-check -r benchmarks/peers/$$peer.txt; done
	@cd benchmarks/peers/kstreams && mvn --quiet --batch-mode package

bench: bench-peers  ## the same job here and elsewhere, and the whole product: tables in build/jbench (20 minutes): ARGS="same --rounds 5"
	@$(BIN)/python -m benchmarks.jbench.run $(ARGS)

bench-full: bench-peers  ## the same with every system, a million customers, more rounds and rates (hours)
	@$(BIN)/python -m benchmarks.jbench.run --full --rounds 5 --touchpoints 1000000 --warm-up 200000 \
		--customers 1000000 --company 20000 --rates 1000,10000,50%,80% --seconds 180 --floor \
		--lost 1000000 $(ARGS)

bench-plots:  ## draw docs/benchmarks-*.svg from the raw rows of the last bench
	@$(BIN)/python -m benchmarks.jbench.plots build/jbench/rows.jsonl docs

kafka: $(RUNTIME)  ## fetch the jars of a real Kafka (Java 17 and Maven), once
	@$(BIN)/python -m streams.kafka.broker.jars

lock: $(DEV)  ## compile requirements/*.txt anew from pyproject.toml: ARGS=--upgrade
	@$(BIN)/uv pip compile $(LOCK) $(ARGS) pyproject.toml -o requirements/runtime.txt
	@$(BIN)/uv pip compile $(LOCK) $(ARGS) --extra dev -c requirements/runtime.txt pyproject.toml -o requirements/dev.txt

# Universal: one file for every Python and platform we support. Nothing of the index it came from.
LOCK := --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-header --no-annotate --python-version 3.11 --group build

clean:  ## remove all that was made here: environment, caches, the local Kafka
	@rm -rf $(VENV) .kafka .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis build *.egg-info
	@find schemas streams tests -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

.PHONY: help setup demo test lint format live simulate faults faults-long peers bench-peers bench bench-full bench-plots kafka lock clean
