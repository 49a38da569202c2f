# Every target sets up what it needs, so each works as the first command after a clone.
VENV ?= .venv
PY = $(VENV)/bin/python
READY = $(VENV)/.ready
CORE = $(VENV)/.core
DEV = $(VENV)/.dev

.PHONY: help demo test check bench bench-accuracy bench-form bench-live bench-weeks bench-speed bench-peers samples clean

help:
	@echo "make demo     set up and score a sample clip; the report lands in midback-demo/"
	@echo "make test     set up and run the tests"
	@echo "make check    set up, then format, lint and strict types"
	@echo "make bench    set up and run the benchmarks"
	@echo "make bench-accuracy  the accuracy figures; the first run renders for about an hour"
	@echo "make bench-form  figures on repetitions, stop and score; the first run renders too"
	@echo "make bench-live  figures on live feedback: delay, live beside batch, a dying network"
	@echo "make bench-weeks  figures on gains and capacity over weeks, simulated people"
	@echo "make bench-speed  figures on speed, damaged and killed batches, a cluster, exports"
	@echo "make bench-peers  other tools on the same landmarks and videos; installs each on its own"
	@echo "make samples  set up and render sample_videos/ again"
	@echo "make clean    remove the virtual environment and what tools left behind"

demo: $(CORE)
	$(VENV)/bin/midback model fetch
	$(VENV)/bin/midback demo

test: $(DEV)
	$(VENV)/bin/midback model fetch
	$(PY) -m pytest

check: $(DEV)
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy

bench: $(DEV)
	$(VENV)/bin/midback model fetch
	@set -e; for script in benchmarks/[!_]*.py; do echo "== $$script"; $(PY) "$$script"; done

bench-accuracy: $(DEV)
	$(VENV)/bin/midback model fetch
	PYTHONPATH=benchmarks $(PY) -m accuracy

bench-form: $(DEV)
	$(VENV)/bin/midback model fetch
	PYTHONPATH=benchmarks $(PY) -m form

bench-live: $(DEV)
	$(VENV)/bin/midback model fetch
	PYTHONPATH=benchmarks $(PY) -m live
	PYTHONPATH=benchmarks:tests $(PY) -m live.attacks

bench-weeks: $(DEV)
	$(VENV)/bin/midback model fetch
	PYTHONPATH=benchmarks:tests $(PY) -m weeks

bench-speed: $(DEV)
	$(VENV)/bin/midback model fetch
	PYTHONPATH=benchmarks:tests $(PY) -m speed

bench-peers: $(DEV)
	$(VENV)/bin/midback model fetch
	PYTHONPATH=benchmarks $(PY) -m peers

samples: $(DEV)
	$(PY) -m midback.phantom.samples --out sample_videos

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis midback-demo

# Stamps: made last, so that an interrupted set-up is taken up again.
$(READY):
	@python=$$(sh .ci/python) && "$$python" -m venv $(VENV)
	$(PY) -m pip install --quiet --upgrade 'pip>=25.1'
	@touch $@

$(CORE): pyproject.toml | $(READY)
	$(PY) -m pip install --quiet --editable .
	@touch $@

$(DEV): pyproject.toml | $(READY)
	$(PY) -m pip install --quiet --editable '.[phantom]' --group dev
	@touch $(CORE) $@
