"""Every attempt: what it is, what it is compared with, and the verdict on it.

Verdicts are sentences without numbers; numbers come from docs/experiments.json.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from training.experiments import classifiers, features, modality_dropout
from training.experiments.attempt import (
    CLASSIFIER,
    FORMER,
    METRIC,
    READOUT,
    RIVALS,
    TRAINING,
    Attempt,
)
from training.experiments.attempts_around import LISTED as AROUND_THEM
from training.experiments.attempts_pretrained import LISTED as PRETRAININGS
from training.experiments.attention import attended
from training.experiments.classifiers import Classifier
from training.experiments.features import in_file, made, metric, whitened, with_surroundings
from training.experiments.judging import Method
from training.experiments.maps import classified
from training.experiments.recipes import SCHEDULE, Recipe
from training.experiments.scenes import NETWORK, untrained_network
from training.make_checkpoint import WITHOUT


def _variant(
    name: str, group: str, says: str, recipe: Recipe, verdict: str = "", *, confirms: bool = False
) -> Attempt:
    """A metric trained in another way, by prototypes like the metric itself."""
    method, init = _prototypes(recipe), recipe_init(recipe)
    return Attempt(name, group, says, method, ("metric",), verdict, init, confirms)


def _prototypes(recipe: Recipe) -> Method:
    return classified(metric(recipe), classifiers.prototypes)


def recipe_init(recipe: Recipe) -> Callable[[], Path]:
    """Where the network of a recipe lies, found when it is needed."""
    return lambda: recipe.init


def _pretrained() -> Path:
    return NETWORK


_FULL = Recipe()
_SERIES = Recipe(reads="series")


def _classifier(name: str, says: str, classifier: Classifier, verdict: str) -> Attempt:
    """Another classifier of the metric's embedding."""
    method = classified(metric(_FULL), classifier)
    return Attempt(name, CLASSIFIER, says, method, ("metric",), verdict)


_LISTED = (
    Attempt(
        "raw-forest",
        RIVALS,
        "random forest on the raw series, gaps filled",
        classified(features.filled, classifiers.forest),
        ("raw-logistic",),
        confirms=True,
        verdict="what most plugins offer: behind a linear model here, like it on the other areas",
    ),
    Attempt(
        "raw-logistic",
        RIVALS,
        "logistic regression on the raw series, gaps filled",
        classified(features.filled, classifiers.readout),
        confirms=True,
        verdict="the rival to beat among what needs no network",
    ),
    Attempt(
        "s4-logistic",
        RIVALS,
        "logistic regression on S4's decoder features and the raw series: the product before",
        classified(features.joined, classifiers.readout),
        ("raw-logistic", "untrained-logistic"),
        confirms=True,
        verdict=(
            "pretraining pays in this readout: an untrained network in its place costs far "
            "more than S4 gains"
        ),
    ),
    Attempt(
        "untrained-logistic",
        RIVALS,
        "the same with a network that learned nothing",
        classified(features.joined, classifiers.readout),
        ("raw-logistic",),
        init=untrained_network,
        confirms=True,
        verdict="random features only dilute the series",
    ),
    Attempt(
        "s4-binned-logistic",
        READOUT,
        "S4's decoder features and the raw series averaged in bins of dates, logistic regression",
        classified(features.binned, classifiers.readout),
        ("s4-logistic",),
        verdict="dates need not be kept apart, but little is gained by joining them; not kept",
    ),
    Attempt(
        "s4-mean-logistic",
        READOUT,
        "both averaged over all dates, logistic regression",
        classified(features.averaged, classifiers.readout),
        ("s4-logistic",),
        verdict=(
            "a mean over the season throws away when things happen, which is what tells crops apart"
        ),
    ),
    Attempt(
        "s4-attention",
        READOUT,
        "both, dates weighed by attention learned from the training parcels",
        attended,
        ("s4-logistic",),
        verdict="one or two parcels do not teach which dates count",
    ),
    Attempt(
        "whitened-series",
        RIVALS,
        "raw series whitened within the classes of simulated areas, logistic regression",
        classified(whitened("series"), classifiers.logistic),
        ("s4-logistic", "raw-logistic"),
        verdict=(
            "knowing how a crop varies within an area helps the raw series nearly as much as "
            "S4's features do"
        ),
    ),
    Attempt(
        "whitened-features",
        RIVALS,
        "S4's decoder features whitened in the same way, logistic regression",
        classified(whitened("features"), classifiers.logistic),
        ("s4-logistic",),
        verdict="a little beyond plain features; overtaken by the metric",
    ),
    Attempt(
        "whitened-both",
        RIVALS,
        "both, whitened apart, logistic regression",
        classified(whitened("features", "series"), classifiers.logistic),
        ("s4-logistic", "whitened-series"),
        verdict="the best without learning from episodes; led to the metric, which overtook it",
    ),
    Attempt(
        "metric",
        METRIC,
        "the parcel metric of features and series, nearest class mean",
        _prototypes(_FULL),
        ("s4-logistic", "raw-logistic", "raw-forest"),
        confirms=True,
        verdict=(
            "kept: by far the largest gain of all; it comes from labels of simulated areas, "
            "and so does its risk where real crops differ from simulated ones"
        ),
    ),
    Attempt(
        "metric-shipped",
        METRIC,
        "the metric in the file shipped then: the same training, another start of the radar metric",
        classified(in_file(FORMER), classifiers.prototypes),
        ("metric", "s4-logistic"),
        confirms=True,
        verdict="what is shipped is what was measured",
    ),
    Attempt(
        "metric-series-only",
        METRIC,
        "a metric of the raw series alone: no self-supervised network",
        _prototypes(_SERIES),
        ("metric", "raw-logistic"),
        confirms=True,
        verdict=(
            "said plainly: most of the gain is the metric's, not self-supervision's; S4's "
            "features add a little more, surely so only on the areas that chose nothing, and "
            "more by radar images than by optical ones"
        ),
    ),
    _variant(
        "metric-features-only",
        METRIC,
        "a metric of S4's decoder features alone",
        replace(_FULL, reads="features"),
    ),
    Attempt(
        "metric-300",
        METRIC,
        "the metric from 300 areas, as its two controls below are",
        classified(made(_pretrained, 300), classifiers.prototypes),
        ("metric", "metric-untrained-300", "metric-series-300"),
        confirms=True,
        verdict=(
            "pretraining counts: on the same areas an untrained network under the metric is "
            "surely worse; half of the areas do nearly as well as all"
        ),
    ),
    Attempt(
        "metric-untrained-300",
        METRIC,
        "the same on the features of a network that learned nothing",
        classified(made(untrained_network, 300), classifiers.prototypes),
        ("metric", "metric-series-only", "untrained-logistic"),
        init=untrained_network,
        confirms=True,
        verdict=(
            "the control: features that learned nothing do not lift the metric above one of "
            "the series alone, though that one learned from more areas"
        ),
    ),
    Attempt(
        "metric-without-areas",
        METRIC,
        "the same on a network that never saw the real areas of the benchmark, trained for less",
        classified(in_file(WITHOUT / "s4.safetensors"), classifiers.prototypes),
        ("metric-300", "metric-untrained-300"),
        init=lambda: WITHOUT / "network.safetensors",
        confirms=True,
        verdict=(
            "surely better than a network that learned nothing, after a sixth of the steps and "
            "without the real areas; a little behind the shipped network, surely so only on the "
            "areas that chose nothing (see [the shipped checkpoint](checkpoint.md))"
        ),
    ),
    Attempt(
        "metric-series-300",
        METRIC,
        "a metric of the raw series alone, trained on the same areas",
        _prototypes(replace(_SERIES, areas=300)),
        ("metric-series-only",),
        confirms=True,
    ),
    Attempt(
        "metric-modality-dropout",
        TRAINING,
        "one metric for both modalities that learns with either missing, from 300 areas",
        classified(modality_dropout.embedded, classifiers.prototypes),
        ("metric-300",),
        verdict=(
            "no difference found: one metric that bears a missing modality does what two do; two "
            "stay, as a map of one modality then needs nothing of the other"
        ),
    ),
    _variant(
        "metric-linear",
        TRAINING,
        "without the perceptron: a linear embedding",
        replace(_FULL, widths=(96, 80, 0)),
        "a small, sure loss: nearly all of the gain is in the linear part",
    ),
    _variant("metric-wide", TRAINING, "wider: 192, 192, 96", replace(_FULL, widths=(192, 192, 96))),
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
        "not kept: simulated areas cannot tell whether real ones would want it",
    ),
    _variant(
        "metric-no-dropout",
        TRAINING,
        "without dropout",
        replace(_FULL, dropout=0.0),
        (
            "kept, after harder areas had been asked (below): a small gain, sure on the areas "
            "that chose, none found on the others"
        ),
        confirms=True,
    ),
    _variant(
        "metric-more-dropout",
        TRAINING,
        "dropout of 0.4 instead of 0.2",
        replace(_FULL, dropout=0.4),
        "a small, sure loss",
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
    _variant(
        "metric-seed-1",
        TRAINING,
        "another seed of the training",
        replace(_FULL, seed=1),
        "what luck does: the product's seed is not the best one, and was not chosen",
    ),
    _variant(
        "metric-seed-2",
        TRAINING,
        "a third seed of the training",
        replace(_FULL, seed=2),
        "the same; as much better as many attempts are",
    ),
    _classifier(
        "metric-logistic",
        "logistic regression, scales kept",
        classifiers.logistic,
        "the metric's own means are better",
    ),
    _classifier(
        "metric-ridge",
        "ridge regression",
        classifiers.ridge,
        "distances are what the metric was trained for",
    ),
    _classifier(
        "metric-nearest",
        "the five nearest training pixels",
        classifiers.nearest,
        "single pixels are worse teachers than their means",
    ),
    _classifier(
        "metric-kernel",
        "a support vector machine with a Gaussian kernel",
        classifiers.kernel,
        "its borders follow the few pixels that teach; the means of parcels are better",
    ),
    _classifier(
        "metric-perceptron",
        "a network of one hidden layer",
        classifiers.perceptron,
        "closer to the means, but behind them",
    ),
    Attempt(
        "metric-scales",
        CLASSIFIER,
        "class means of the embedding beside its mean over the surroundings",
        classified(with_surroundings(metric(_FULL)), classifiers.prototypes),
        ("metric",),
        verdict="the network looks at the surroundings already",
    ),
    *AROUND_THEM,
    *PRETRAININGS,
)

ATTEMPTS = {attempt.name: attempt for attempt in _LISTED}
