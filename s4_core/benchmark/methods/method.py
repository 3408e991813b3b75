"""What a method is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from s4_core.benchmark.task import Budgets, Floats, Ground, Task
from s4_core.progress import Stage

Predictor = Callable[[Task, Stage], Floats]
"""Probabilities `(N, K)` of all labelled pixels, by what a split's training parcels teach."""


@dataclass(frozen=True)
class Method:
    """A method of the registry.

    Args:
        prepare: what all splits of a ground share, computed once.
        about: what the result says of it, by the budgets: plain values.
        weight: how long it takes, roughly, as multiples of `logistic`; for progress alone.
        preparing: share of that before the first split.
        is_rival: what a user would otherwise use, or a control: S4 has to beat the best of them.
        needs_pair: needs images of both modalities, though it looks at one only when it predicts.
    """

    prepare: Callable[[Ground, Stage], Predictor]
    about: Callable[[Budgets], dict[str, Any]]
    weight: float = 1.0
    preparing: float = 0.0
    is_rival: bool = False
    needs_pair: bool = False


def spread_over_classes(probabilities: Floats, classes: Sequence[int], count: int) -> Floats:
    """Probabilities `(N, k)` of some classes as `(N, count)`, 0 for all others."""
    found = np.zeros((len(probabilities), count), np.float32)
    found[:, np.asarray(classes, np.int64)] = probabilities
    return found
