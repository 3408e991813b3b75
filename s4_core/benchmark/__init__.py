"""Comparing S4 with what a user would otherwise use, on the user's own parcels."""

from s4_core.benchmark.cells import Store
from s4_core.benchmark.few_parcels import compare
from s4_core.benchmark.figure import draw
from s4_core.benchmark.methods import METHODS, methods_of
from s4_core.benchmark.plan import Field, Plan
from s4_core.benchmark.task import Budgets

__all__ = ["METHODS", "Budgets", "Field", "Plan", "Store", "compare", "draw", "methods_of"]
