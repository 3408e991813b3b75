"""The methods that are compared: one file each, one line each in the registry.

A method computes once what all splits of a ground share, and returns the function that answers a
split: probabilities of every labelled pixel, learned from the split's training parcels. It may
look at all images of the area and at the labels of the training parcels, at nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from s4_core.benchmark.methods import (
    adapted,
    forest,
    logistic,
    random_network,
    rocket,
    scratch,
    shipped,
)
from s4_core.benchmark.methods.method import Method, Predictor
from s4_core.errors import ConfigurationError
from s4_core.phrases import listed

METHODS: Mapping[str, Method] = {
    "rf": forest.METHOD,
    "logistic": logistic.METHOD,
    "rocket": rocket.METHOD,
    "s4": shipped.METHOD,
    "s4-random": random_network.METHOD,
    "s4-scratch": scratch.METHOD,
    "s4-area": adapted.METHOD,
}

__all__ = ["METHODS", "Method", "Predictor", "methods_of"]


def methods_of(names: Sequence[str]) -> dict[str, Method]:
    """The named methods, in the order of the registry.

    Raises:
        ConfigurationError: no name, or an unknown one.
    """
    unknown = [name for name in names if name not in METHODS]
    if unknown or not names:
        raise ConfigurationError(
            f"There is no method {listed(unknown)}." if unknown else "No method was named.",
            f"Choose among {', '.join(METHODS)}.",
        )
    return {name: method for name, method in METHODS.items() if name in names}
