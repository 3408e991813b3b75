"""Attempts at pretraining: the same short training by one objective or another."""

from __future__ import annotations

from functools import partial

from training.experiments import classifiers, features
from training.experiments.attempt import PRETRAINING, Attempt
from training.experiments.maps import classified
from training.experiments.pretrainings import (
    AREAS,
    BATCH,
    NO_BORDER,
    STEPS,
    STEPS_ON_REAL,
    THEN_REAL,
    trained,
)


def _pretrained(objective: str, says: str, verdict: str = "") -> Attempt:
    """Decoder features and raw series of a network trained for a short while."""
    usual = objective == "usual"
    return Attempt(
        f"pretrained-{objective}",
        PRETRAINING,
        says,
        classified(features.joined, classifiers.readout),
        ("untrained-logistic", "raw-logistic") if usual else ("pretrained-usual",),
        verdict,
        partial(trained, objective),
    )


LISTED = (
    _pretrained(
        "usual",
        f"the product's objective, {STEPS} steps of {BATCH} patches of {AREAS} simulated areas",
        "so short a training beats a network that learned nothing, and not yet the raw series",
    ),
    _pretrained(
        "unmasked",
        "clouds count in both losses, as if there were no masks",
        "no difference found after so few steps; masks cost nothing and stay",
    ),
    _pretrained(
        "across",
        "sites of the other areas of a batch are negatives, too",
        "no difference found; the paper's negatives stay",
    ),
    _pretrained(
        "but-dates",
        "a place is no negative of itself a date earlier or later",
        "no difference found; the paper's negatives stay",
    ),
    _pretrained(
        "but-places",
        "neighbouring places of a date are no negatives of each other",
        "worse: telling a place from its neighbours, of the same field or not, is worth learning",
    ),
    _pretrained(
        NO_BORDER,
        "patches padded by repetition, so that no network can read its place off the border",
        "worse, for a cause not looked into; modalities cut far apart hide the place already, and "
        "zeros stay",
    ),
    _pretrained(
        THEN_REAL,
        f"and then {STEPS_ON_REAL} steps on the real areas' unlabelled images",
        "no difference found on simulated areas, which cannot show what it brings on real ones",
    ),
)
