# make demo | test | check | bench | validate | clean. Needs git, make and Python 3.11 or newer (3.11 or 3.12 for films); all else comes from PyPI.
SHELL := /bin/sh
export UV_PYTHON_PREFERENCE := only-system
export UV_PYTHON_DOWNLOADS := never
PATH := $(CURDIR)/.uv/bin:$(PATH)
export PATH

SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))
NEWER := import sys; sys.exit(not (3, 13) <= sys.version_info)
PYTHON := $(shell for p in python3 python python3.12 python3.11; do $$p -c "$(SUPPORTED)" 2>/dev/null && echo $$p && exit; done; \
	for p in python3 python; do $$p -c "$(NEWER)" 2>/dev/null && echo $$p && exit; done)
RUN := uv run --locked --no-sync

.PHONY: demo test check lint types layers bench validate setup uv clean

demo: setup
	@$(RUN) runfree analyze examples/side.mp4 examples/front.mp4 --height 170cm --speed 10.8kmh --out demo-report
	@echo
	@echo "The report is here:        $(CURDIR)/demo-report/index.html"
	@echo "To analyse your own film:  uv run runfree analyze your-film.mp4 --height 178cm --complaint knee"
	@command -v uv | grep -q "^$(CURDIR)/.uv/" && echo "uv itself is here:         $(CURDIR)/.uv/bin/uv" || true

test: setup
	$(RUN) pytest -n 2 --dist loadgroup

check: lint types layers

lint: setup
	$(RUN) ruff check
	$(RUN) ruff format --check

types: setup
	$(RUN) pyright

layers: setup
	$(RUN) lint-imports

bench: setup
	$(RUN) pytest benchmarks -p no:xdist -s

# An hour on two idle cores the first time: films that are there are kept, and so is what the network said of them.
# Seeds 12 and 13 set the intervals, seed 14 judges them.
validate: setup
	uv sync --locked --quiet --inexact --group phantom --python $(PYTHON)
	for seed in 14 13 12; do \
		$(RUN) --directory tools python -m phantom drawn ../build/films/$$seed --count 40 --seed $$seed || exit 1; done
	$(RUN) python -m validation build/films/14 --seen build/films/12 build/films/13 --write

# Compiled here, the first run starts at once.
setup: uv
	@uv sync --locked --quiet --compile-bytecode --python $(PYTHON)

# The uv that is there, else a copy of our own in .uv/.
uv:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or 3.12 is needed: install it with your system's package manager, then run make again." >&2; exit 2; }
	@uv --version >/dev/null 2>&1 \
		|| { echo "Installing uv into .uv/"; $(PYTHON) -m venv .uv >/dev/null 2>&1 && .uv/bin/python -m pip install --quiet uv; } \
		|| { rm -rf .uv; $(PYTHON) -m pip install --quiet --target .uv uv; } \
		|| { echo "uv could not be installed: install it (see https://docs.astral.sh/uv) or Python's venv or pip, then run make again." >&2; exit 2; }

clean:
	rm -rf .uv build demo-report report dist .pytest_cache .ruff_cache .hypothesis .benchmarks
