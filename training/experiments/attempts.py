"""Every attempt: what it is, what it is compared with, and the verdict on it.

Verdicts are sentences without numbers; numbers come from docs/experiments.json.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from training.experiments import classifiers, features, unlabelled
from training.experiments.features import metric, turned, whitened
from training.experiments.judging import Method
from training.experiments.maps import classified, ensemble, likely_by_readout, smoothed
from training.experiments.recipes import SCHEDULE, Recipe
from training.experiments.scenes import NETWORK, untrained_network


@dataclass(frozen=True)
class Attempt:
    """One way to make maps from a few parcels.

    Args:
        group: heading of its table.
        says: what it is, a line.
        method: classes of every pixel of a scene.
        baselines: attempts that it is compared with.
        verdict: what it means; empty as long as nobody has looked.
        init: the file of the network whose features a scene has.
        confirms: measured on the areas that chose nothing, too.
    """

    name: str
    group: str
    says: str
    method: Method
    baselines: tuple[str, ...] = ()
    verdict: str = ""
    init: Callable[[], Path] = lambda: NETWORK
    confirms: bool = False


def _variant(name: str, group: str, says: str, recipe: Recipe, verdict: str = "") -> Attempt:
    """A metric trained in another way, by prototypes like the metric itself."""
    return Attempt(
        name, group, says, _prototypes(recipe), ("metric",), verdict, recipe_init(recipe)
    )


def _prototypes(recipe: Recipe) -> Method:
    return classified(metric(recipe), classifiers.prototypes)


def recipe_init(recipe: Recipe) -> Callable[[], Path]:
    """Where the network of a recipe lies, found when it is needed."""
    return lambda: recipe.init


RIVALS = "What a user would otherwise use, and the product until now"
METRIC = "The parcel metric and its controls"
TRAINING = "How the metric is trained"
CLASSIFIER = "What classifies in the metric's embedding"
AROUND = "Unlabelled pixels, neighbours, several looks"

_FULL = Recipe()
_SERIES = Recipe(reads="series")

_LISTED = (
    Attempt(
        "raw-forest",
        RIVALS,
        "random forest on the raw series, gaps filled",
        classified(features.filled, classifiers.forest),
        ("raw-logistic",),
        confirms=True,
    ),
    Attempt(
        "raw-logistic",
        RIVALS,
        "logistic regression on the raw series, gaps filled",
        classified(features.filled, classifiers.readout),
        confirms=True,
    ),
    Attempt(
        "s4-logistic",
        RIVALS,
        "logistic regression on S4's decoder features and the raw series: the product before",
        classified(features.joined, classifiers.readout),
        ("raw-logistic", "untrained-logistic"),
        confirms=True,
    ),
    Attempt(
        "untrained-logistic",
        RIVALS,
        "the same with a network that learned nothing",
        classified(features.joined, classifiers.readout),
        ("raw-logistic",),
        init=untrained_network,
        confirms=True,
    ),
    Attempt(
        "s4-binned-logistic",
        RIVALS,
        "S4's decoder features and the raw series averaged in bins of dates, logistic regression",
        classified(features.binned, classifiers.readout),
        ("s4-logistic",),
    ),
    Attempt(
        "whitened-series",
        RIVALS,
        "raw series whitened within the classes of simulated areas, logistic regression",
        classified(whitened("series"), classifiers.logistic),
        ("s4-logistic", "raw-logistic"),
    ),
    Attempt(
        "whitened-features",
        RIVALS,
        "S4's decoder features whitened in the same way, logistic regression",
        classified(whitened("features"), classifiers.logistic),
        ("s4-logistic",),
    ),
    Attempt(
        "whitened-both",
        RIVALS,
        "both, whitened apart, logistic regression",
        classified(whitened("features", "series"), classifiers.logistic),
        ("s4-logistic", "whitened-series"),
    ),
    Attempt(
        "metric",
        METRIC,
        "the parcel metric of features and series, nearest class mean",
        _prototypes(_FULL),
        ("s4-logistic", "raw-logistic", "raw-forest"),
        confirms=True,
    ),
    Attempt(
        "metric-series-only",
        METRIC,
        "a metric of the raw series alone: no self-supervised network",
        _prototypes(_SERIES),
        ("metric", "raw-logistic"),
        confirms=True,
    ),
    _variant(
        "metric-features-only",
        METRIC,
        "a metric of S4's decoder features alone",
        replace(_FULL, reads="features"),
    ),
    Attempt(
        "metric-100-areas",
        METRIC,
        "the metric, trained on 100 areas, as its controls below are",
        _prototypes(replace(_FULL, areas=100)),
        ("metric", "metric-untrained-100", "metric-series-100"),
        confirms=True,
    ),
    Attempt(
        "metric-untrained-100",
        METRIC,
        "the same on the features of a network that learned nothing",
        _prototypes(replace(_FULL, areas=100, is_pretrained=False)),
        ("metric-series-100",),
        init=untrained_network,
        confirms=True,
    ),
    Attempt(
        "metric-series-100",
        METRIC,
        "a metric of the raw series alone, trained on the same areas",
        _prototypes(replace(_SERIES, areas=100)),
        confirms=True,
    ),
    _variant(
        "metric-linear",
        TRAINING,
        "without the perceptron: a linear embedding",
        replace(_FULL, widths=(96, 80, 0)),
    ),
    _variant("metric-wide", TRAINING, "wider: 192, 192, 96", replace(_FULL, widths=(192, 192, 96))),
    _variant("metric-300-areas", TRAINING, "from 300 areas", replace(_FULL, areas=300)),
    _variant(
        "metric-no-jitter",
        TRAINING,
        "without jitter of the series",
        replace(_FULL, schedule=replace(SCHEDULE, jitter=0.0)),
    ),
    _variant(
        "metric-more-jitter",
        TRAINING,
        "with jitter of 0.25 instead of 0.1",
        replace(_FULL, schedule=replace(SCHEDULE, jitter=0.25)),
    ),
    _variant("metric-no-dropout", TRAINING, "without dropout", replace(_FULL, dropout=0.0)),
    _variant(
        "metric-more-dropout",
        TRAINING,
        "dropout of 0.4 instead of 0.2",
        replace(_FULL, dropout=0.4),
    ),
    _variant(
        "metric-fast",
        TRAINING,
        "learning rate of 1e-3 instead of 3e-4",
        replace(_FULL, schedule=replace(SCHEDULE, learning_rate=1e-3)),
    ),
    _variant(
        "metric-one-parcel",
        TRAINING,
        "episodes of one parcel a class only",
        replace(_FULL, schedule=replace(SCHEDULE, most_parcels=1)),
    ),
    _variant(
        "metric-short",
        TRAINING,
        "500 steps instead of 1500",
        replace(_FULL, schedule=replace(SCHEDULE, steps=500)),
    ),
    _variant("metric-seed-1", TRAINING, "another seed of the training", replace(_FULL, seed=1)),
    _variant("metric-seed-2", TRAINING, "a third seed of the training", replace(_FULL, seed=2)),
    Attempt(
        "metric-logistic",
        CLASSIFIER,
        "logistic regression, scales kept",
        classified(metric(_FULL), classifiers.logistic),
        ("metric",),
    ),
    Attempt(
        "metric-ridge",
        CLASSIFIER,
        "ridge regression",
        classified(metric(_FULL), classifiers.ridge),
        ("metric",),
    ),
    Attempt(
        "metric-nearest",
        CLASSIFIER,
        "the five nearest training pixels",
        classified(metric(_FULL), classifiers.nearest),
        ("metric",),
    ),
    Attempt(
        "metric-ensemble",
        AROUND,
        "mean probability of metrics of three seeds",
        ensemble([metric(replace(_FULL, seed=seed)) for seed in range(3)]),
        ("metric",),
    ),
    Attempt(
        "metric-turned",
        AROUND,
        "mean embedding of the images mirrored and turned (test-time augmentation)",
        classified(turned(_FULL), classifiers.prototypes),
        ("metric",),
    ),
    Attempt(
        "metric-soft-k-means",
        AROUND,
        "class means refined by pixels without labels",
        classified(metric(_FULL), unlabelled.soft_k_means),
        ("metric",),
    ),
    Attempt(
        "metric-spreading-labels",
        AROUND,
        "labels spread through a neighbourhood graph of all pixels",
        classified(metric(_FULL), unlabelled.spreading_labels),
        ("metric",),
    ),
    Attempt(
        "metric-spreading-beliefs",
        AROUND,
        "the prototypes' probabilities spread through the same graph",
        classified(metric(_FULL), unlabelled.spreading_beliefs),
        ("metric",),
    ),
    Attempt(
        "metric-smoothed",
        AROUND,
        "probabilities diffuse between neighbours of like embedding",
        smoothed(metric(_FULL)),
        ("metric", "raw-logistic-smoothed"),
        confirms=True,
    ),
    Attempt(
        "raw-logistic-smoothed",
        AROUND,
        "the same after logistic regression on the raw series",
        smoothed(features.filled, likely_by_readout),
        ("raw-logistic",),
        confirms=True,
    ),
)

ATTEMPTS = {attempt.name: attempt for attempt in _LISTED}
