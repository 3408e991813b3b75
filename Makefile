# `make help` lists the targets.
PYTHON := .venv/bin/python
export PYTHONNOUSERSITE := 1

.DEFAULT_GOAL := help
.PHONY: help env test lint format demo clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 14

env: ## set up QGIS 3.40 (Debian, as root) and .venv
	@python3 -m tools.environment

test: env lint ## set up, lint, run the tests
	$(PYTHON) -m pytest

lint: env ## format check, lint, types
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy

format: env ## format the code and fix what ruff can fix
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .

demo: env ## pretrain, fine-tune, map and evaluate into out/demo (AREA=folder takes a real area)
	$(PYTHON) training/demo.py --out out/demo $(if $(AREA),--area "$(AREA)")

clean: ## remove what the build and the tests leave behind
	rm -rf out build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
