"""Temperature scaling (Guo et al. 2017): one number that makes confidence honest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

from s4_core.model_card import ModelCard, metric_record
from s4_core.types import Modality

Floats = npt.NDArray[np.floating[Any]]
Integers = npt.NDArray[np.integer[Any]]

_LOG_RANGE = (float(np.log(0.05)), float(np.log(20.0)))
"""Temperatures outside 0.05 .. 20 mean that there was nothing to calibrate on."""


_WORTH_OF_PRIOR = 20
"""Held-out parcels that say as much as what simulated areas say: fewer are a matter of luck, and
each of them was judged by a classifier with a parcel less than the user's."""


def tempered(found: float, prior: float, parcels: int) -> float:
    """Temperature between that of held-out parcels and the one known beforehand.

    Args:
        found: of the held-out parcels. prior: fixed on simulated areas. parcels: held out.
    """
    share = parcels / (parcels + _WORTH_OF_PRIOR)
    return float(found**share * prior ** (1 - share))


def temperature_before(stated: float, origin: ModelCard, modalities: Sequence[Modality]) -> float:
    """The temperature to begin with, of a model that will read some modalities.

    Args:
        stated: of the settings. origin: card of the checkpoint; where it tells of simulated areas
            by modality, that holds, unless `stated` is another than its own.
    """
    known = metric_record(origin.record).get("temperatures", {})
    own = origin.settings.get("finetune", {}).get("temperature")
    name = modalities[0].value if len(modalities) == 1 else "both"
    return float(known[name]) if stated == own and name in known else stated


def negative_log_likelihood(
    logits: Floats, targets: Integers, weights: Floats, temperature: float
) -> float:
    """Weighted mean of -log p of the true class at a temperature.

    Args:
        logits: `(N, K)`. targets: class index 0..K-1, `(N,)`. weights: `(N,)`, not negative.
    """
    scores = log_softmax(logits / temperature, axis=1)[np.arange(len(targets)), targets]
    return float(-(weights * scores).sum() / weights.sum())


def fit_temperature(logits: Floats, targets: Integers, weights: Floats) -> float:
    """The temperature that minimises the negative log-likelihood of held-out logits.

    Args:
        logits: of pixels that the classifier did not learn from, `(N, K)`.
        targets: class index 0..K-1, `(N,)`. weights: `(N,)`, not negative.
    """
    found = minimize_scalar(
        lambda log_t: negative_log_likelihood(logits, targets, weights, float(np.exp(log_t))),
        bounds=_LOG_RANGE,
        method="bounded",
        options={"xatol": 1e-4},
    )
    return float(np.exp(found.x))
