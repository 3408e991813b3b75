# `make` or `make help` lists the targets. Paths are relative: the clone's folder may have any name.
PYTHON := .venv/bin/python
# glibc keeps freed memory; page faults otherwise made training three times slower.
TUNED := MALLOC_MMAP_THRESHOLD_=17179869184 MALLOC_TRIM_THRESHOLD_=17179869184 MALLOC_TOP_PAD_=268435456
# A user's own site-packages must neither shadow QGIS's numpy nor satisfy a pin.
export PYTHONNOUSERSITE := 1

# $(call stage,name,command) runs a command and prints how long it took
stage = @start=$$(date +%s); echo "== $(1)"; $(2) && echo "== $(1): $$(($$(date +%s) - start)) s"

.DEFAULT_GOAL := help
.PHONY: help env qgis test lint format demo sample checkpoint bench robustness canopy-table pins \
	locks package install screenshots translate clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 16

env: ## set up what is missing: QGIS 3.40 (on Debian, as root) and .venv
	@python3 -m tools.environment

qgis: ## only QGIS and the Debian packages beside it (as root)
	@python3 -m tools.environment qgis

# Two processes: torch and QGIS never share one, neither here nor at work.
test: env lint ## set up, lint, run the tests
	$(call stage,tests of the engine,$(PYTHON) -m pytest --ignore=tests/s4_qgis)
	$(call stage,tests of the plugin in QGIS,$(PYTHON) -m pytest tests/s4_qgis)

lint: env ## check format, style and types
	$(call stage,format and style,$(PYTHON) -m ruff format --check . && $(PYTHON) -m ruff check .)
	$(call stage,types,$(PYTHON) -m mypy)

format: env ## format the code and mend what ruff can mend
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .

demo: env ## pretrain, fine-tune, map and evaluate into out/demo (AREA=folder: a real area)
	$(call stage,demo,$(TUNED) $(PYTHON) training/demo.py --out out/demo $(if $(AREA),--area "$(AREA)"))

sample: env ## make resources/sample, the simulated area, anew
	$(PYTHON) -m training.make_sample

checkpoint: env ## make resources/checkpoints anew
	$(TUNED) $(PYTHON) -m training.make_checkpoint
	$(TUNED) $(PYTHON) -m training.make_metric --init out/checkpoint/network.safetensors
	$(TUNED) $(PYTHON) -m training.calibrate_metric resources/checkpoints/s4-field.safetensors

bench: env ## measure speed into out/bench, write docs/performance.md from it
	$(call stage,bench,$(PYTHON) -m training.bench.run --out out/bench && $(PYTHON) -m training.bench.page)

robustness: env ## study clouds and early maps anew, write docs/robustness.md
	for kind in simulated real; do \
		$(TUNED) $(PYTHON) -m training.cloud_study $$kind || exit 1; \
		$(TUNED) $(PYTHON) -m training.season_study $$kind || exit 1; \
	done
	$(TUNED) $(PYTHON) -m training.year_study
	$(PYTHON) -m training.robustness_page

canopy-table: ## make the simulator's table from PROSAIL anew (numba, in an environment of its own)
	test -x build/prosail/bin/python || python3 -m venv build/prosail
	build/prosail/bin/python -m pip install --quiet -r requirements/prosail.txt
	build/prosail/bin/python training/make_canopy_table.py $(CANOPY)

pins: env ## resolve pyproject.toml anew into requirements.lock
	$(PYTHON) -m tools.locks pins

locks: env ## requirements.lock -> the plugin's hash-checked locks in requirements/, and their sizes
	$(PYTHON) -m tools.locks locks
	$(PYTHON) -m tools.sizes

package: env ## the plugin's zip into dist/, and the upload gate on it
	$(PYTHON) -m tools.package

install: ## link this folder into QGIS as a plugin (PROFILE=name, or a profile's folder)
	@python3 -m tools.install "$(or $(PROFILE),default)"

screenshots: env ## drive a real QGIS along the user's way; its pictures into docs/images
	$(PYTHON) -m tools.screenshots

translate: env ## gather the plugin's texts into resources/i18n/*.ts and compile them
	$(PYTHON) -m tools.translate

clean: ## remove what builds, tests and demos leave behind; .venv stays
	rm -rf out build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage *.egg-info
	find . -name .venv -prune -o -name __pycache__ -prune -exec rm -rf {} +
	find resources -name '*.aux.xml' -exec rm -f {} +
