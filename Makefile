# procflow. `make` lists the targets; each prepares what it needs by itself, with Python 3.11 or newer and make.

PYTHON ?= python3
WORKERS ?= 2
DATA := $(or $(DATA),$(PROCFLOW_DATA),../shared/data)
export PROCFLOW_DATA := $(DATA)

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq

.PHONY: help setup browser demo test soak types lint wheel-smoke check bench clean
.DEFAULT_GOAL := help

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: $(READY)  ## Prepare .venv; every other target does so by itself

# The build backend comes first, so that nothing outside constraints.txt is ever fetched to build the package.
$(READY): pyproject.toml constraints.txt
	@if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	  $(PYTHON) -c 'import sys' >/dev/null 2>&1 || { \
	    echo "procflow needs Python 3.11 or newer, and '$(PYTHON)' does not run. Name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }; \
	  $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "procflow needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) -V 2>&1). Name another: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }; \
	  echo "Preparing $(VENV): once, about a minute" >&2; \
	  $(PYTHON) -m venv --clear $(VENV) || { \
	    echo "'$(PYTHON)' cannot make a virtual environment. On Debian and Ubuntu install the package python3-venv." >&2; exit 1; }; \
	fi
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(VENV) was made with a Python older than 3.11: remove it and run make again." >&2; exit 1; }
	@$(PIP) install -c constraints.txt hatchling editables
	@$(PIP) install -c constraints.txt --no-build-isolation -e '.[dev,browser]'
	@touch $@

# A Chromium that is there is taken as it is. As root on Debian or Ubuntu the system's own is installed, with letters for
# Persian; elsewhere the one of Playwright, into the home folder.
browser: $(READY)  ## See that there is a Chromium for the tests of pages; install one if there is none
	@if program=$$($(BIN)/python -m tests.e2e.browser); then echo "browser: $$program"; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "browser: none here; installing the Debian packages chromium and fonts-noto-core" >&2; \
	  export DEBIAN_FRONTEND=noninteractive; \
	  { apt-get install -qq -y --no-install-recommends chromium fonts-noto-core \
	    || { apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium fonts-noto-core; }; } >/dev/null; \
	  echo "browser: $$($(BIN)/python -m tests.e2e.browser)"; \
	else \
	  echo "browser: none here; installing the Chromium of Playwright" >&2; \
	  $(BIN)/playwright install chromium; \
	fi

demo: $(READY)  ## Show what procflow does; DATA=folder of real event logs, which may be absent
	@$(BIN)/procflow demo --data "$(DATA)"

test: $(READY)  ## Run the tests; ARGS="-k name" and the like go to pytest
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

soak: $(READY)  ## Hold the judge and business time against their oracles; EXAMPLES=2000000 SEED=0 WORKERS=2 ROUNDS=10. Never run by CI
	@$(BIN)/python -m tests.oracle.soak --examples $(or $(EXAMPLES),2000000) --seed $(or $(SEED),0) --workers $(WORKERS)
	@$(BIN)/python -m tests.property.test_business_time_is_exact $(or $(ROUNDS),10)

types: $(READY)  ## Check the types
	@$(BIN)/mypy

lint: $(READY)  ## Check style and architecture
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports

# As a stranger would: built from the source archive, installed elsewhere, run in an empty folder.
wheel-smoke: $(READY)  ## Build the wheel and use it in a fresh environment
	@set -eu; unset PYTHONPATH; python="$(CURDIR)/$(BIN)/python"; root="$(CURDIR)"; \
	room=$$(mktemp -d); trap 'rm -rf "$$room"' EXIT; \
	"$$python" -m build --no-isolation --outdir "$$room/dist" . >"$$room/build.log" 2>&1 || { cat "$$room/build.log" >&2; exit 1; }; \
	"$$python" -m venv "$$room/venv"; \
	"$$room/venv/bin/python" -m pip --disable-pip-version-check -qq install -c "$$root/constraints.txt" "$$room"/dist/*.whl; \
	mkdir "$$room/empty"; cd "$$room/empty"; PATH="$$room/venv/bin:$$PATH"; \
	shipped=$$(python -c 'from procflow.resources import shipped; print(shipped("procedures"))'); \
	smoke() { echo "wheel: procflow $$*"; procflow "$$@" >"$$room/out" 2>&1 || { code=$$?; cat "$$room/out" >&2; exit $$code; }; }; \
	smoke --version; smoke --help; smoke demo; smoke check "$$shipped/complaint.yaml"; smoke draw "$$shipped/complaint.yaml" --format mermaid; smoke explain DV101; \
	smoke init desk --from example --from incident; smoke check desk/procedures/example.yaml desk/people.yaml; \
	smoke test desk/procedures/example.yaml desk/procedures/incident.yaml; smoke play desk/procedures/example.yaml </dev/null; \
	echo "wheel: fine ($$(cd "$$room/dist" && echo *.whl))"

check: test types lint wheel-smoke  ## All that CI runs

bench: $(READY)  ## Run the benchmarks: they print figures and never fail on a slow day
	@found=; for one in benchmarks/[!_]*.py; do \
	  test -e "$$one" || continue; found=yes; echo "== $$one"; $(BIN)/python -m "benchmarks.$$(basename "$$one" .py)" || exit; \
	done; test -n "$$found" || echo "There are no benchmarks yet."

clean:  ## Remove what was built; .venv stays
	@rm -rf build dist .demo .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
