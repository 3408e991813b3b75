"""Attempts with pixels that nobody has labelled, with neighbours, and with several looks."""

from __future__ import annotations

from dataclasses import replace

from training.experiments import adapted, classifiers, features, unlabelled
from training.experiments.attempt import AREA, AROUND, FORMER, Attempt
from training.experiments.features import in_file, metric, turned
from training.experiments.maps import averaged, classified, ensemble, likely_by_readout, smoothed
from training.experiments.recipes import Recipe
from training.make_metric import OUT as SHIPPED

_FULL = Recipe()
TEMPERATURE = 2.0

LISTED = (
    Attempt(
        "metric-ensemble",
        AROUND,
        "mean probability of metrics of three seeds",
        ensemble([metric(replace(_FULL, seed=seed)) for seed in range(3)]),
        ("metric",),
        verdict=(
            "surely better than the first of the three, not than the best: not kept, as three "
            "metrics do not fit into the file"
        ),
    ),
    Attempt(
        "metric-turned",
        AROUND,
        "mean embedding of the images mirrored and turned (test-time augmentation)",
        classified(turned(_FULL), classifiers.prototypes),
        ("metric",),
        verdict=(
            "a small, sure gain, for eight times the computing of every map: not kept. Fitted to "
            "an area, the metric gained nothing by it (tried on three areas, outside of this "
            "table), and nothing by being taught by four turned views"
        ),
    ),
    Attempt(
        "metric-soft-k-means",
        AROUND,
        "class means refined by pixels without labels",
        classified(metric(_FULL), unlabelled.soft_k_means),
        ("metric",),
        verdict="not kept: a gain too small to be told from none",
    ),
    Attempt(
        "metric-spreading-labels",
        AROUND,
        "labels spread through a neighbourhood graph of all pixels",
        classified(metric(_FULL), unlabelled.spreading_labels),
        ("metric",),
        verdict="a few labels do not reach far: pixels that none reaches stay without a class",
    ),
    Attempt(
        "metric-spreading-beliefs",
        AROUND,
        "the prototypes' probabilities spread through the same graph",
        classified(metric(_FULL), unlabelled.spreading_beliefs),
        ("metric",),
        confirms=True,
        verdict=(
            "the best use of unlabelled pixels that was found, sure on both sets of areas, "
            "though no gain over a vote in outlines; led to `shipped-propagation`"
        ),
    ),
    Attempt(
        "shipped-propagation",
        AROUND,
        "the metric shipped then; a linear readout of what spreads, and of how much a class covers",
        classified(in_file(FORMER), unlabelled.propagating),
        ("metric-shipped", "metric-spreading-beliefs"),
        confirms=True,
        verdict=(
            "kept, later with pulled means: all of the gain of spreading in a model that is still "
            "linear, so that a map needs no graph"
        ),
    ),
    Attempt(
        "pulled-propagation",
        AROUND,
        "the same after unlabelled pixels have pulled the class means: what `s4` did then",
        classified(in_file(FORMER), unlabelled.pulling),
        ("shipped-propagation", "metric-shipped"),
        confirms=True,
        verdict=(
            "kept for harder areas (see the tiny classes below), where it gains surely; here it "
            "costs nothing that could be found"
        ),
    ),
    Attempt(
        "present-pulled",
        AROUND,
        "the same with the metric that is shipped now, which learned without dropout",
        classified(in_file(SHIPPED), unlabelled.pulling),
        ("pulled-propagation",),
        confirms=True,
        verdict="no difference found on usual areas; shipped for its gain on harder ones (below)",
    ),
    Attempt(
        "pulled-averaged",
        AROUND,
        "the same, and probabilities averaged over each pixel and its eight neighbours",
        averaged(in_file(FORMER), TEMPERATURE),
        ("pulled-propagation",),
        verdict=(
            "smoother maps that lose the borders of fields: a small, sure loss; where outlines "
            "are known, a vote is the way"
        ),
    ),
    Attempt(
        "raw-logistic-spreading",
        AROUND,
        "the probabilities of logistic regression on the raw series, spread in the same way",
        classified(features.filled, unlabelled.spreading_readout),
        ("raw-logistic",),
        confirms=True,
        verdict=(
            "said plainly: spreading helps a rival just as much, so it explains none of the "
            "metric's lead"
        ),
    ),
    Attempt(
        "adapted-prototypes",
        AREA,
        "the metric shipped then, fitted to both modalities of the area's unlabelled pixels",
        classified(adapted.fitted(FORMER), classifiers.prototypes),
        ("metric-shipped",),
        confirms=True,
        verdict=(
            "kept: the largest gain since the metric itself, most of it by radar images, which "
            "learn from what optical ones see; no label is read"
        ),
    ),
    Attempt(
        "adapted-propagation",
        AREA,
        "the same, then beliefs spread",
        classified(adapted.fitted(FORMER), unlabelled.propagating),
        ("shipped-propagation", "adapted-prototypes"),
        confirms=True,
        verdict="kept: the two gains add up",
    ),
    Attempt(
        "adapted-pulled",
        AREA,
        "the same after unlabelled pixels have pulled the class means: what `s4-area` did then",
        classified(adapted.fitted(FORMER), unlabelled.pulling),
        ("adapted-propagation", "pulled-propagation"),
        confirms=True,
        verdict="kept: a small gain, sure on the areas that chose nothing",
    ),
    Attempt(
        "present-adapted",
        AREA,
        "the same with the metric that is shipped now, which learned without dropout",
        classified(adapted.fitted(SHIPPED), unlabelled.pulling),
        ("adapted-pulled",),
        confirms=True,
        verdict="no difference found after the fit to an area",
    ),
    Attempt(
        "adapted-by-optical",
        AREA,
        "pulled means, and of the neighbourhoods that teach both metrics two thirds are optical",
        classified(adapted.fitted(FORMER, optical=2 / 3), unlabelled.pulling),
        ("adapted-pulled",),
        verdict="not changed: trusting the better modality more gains nothing for either",
    ),
    Attempt(
        "adapted-longer",
        AREA,
        "beliefs spread after five times the steps, as many as `s4 pretrain` takes unasked",
        classified(adapted.fitted(FORMER, 300), unlabelled.propagating),
        ("adapted-propagation",),
        confirms=True,
        verdict=(
            "more steps neither help nor hurt where it was chosen, and help a little on the other "
            "areas: the schedule was left as it was"
        ),
    ),
    Attempt(
        "adapted-longer-pulled",
        AREA,
        "pulled means after as many steps as `s4 pretrain` takes unasked",
        classified(adapted.fitted(FORMER, 300), unlabelled.pulling),
        ("adapted-pulled",),
        confirms=True,
        verdict="no gain on either set of areas: the budget of steps was left as it was",
    ),
    Attempt(
        "metric-spreading-smoothed",
        AROUND,
        "probabilities spread through the graph first, then between neighbours",
        smoothed(metric(_FULL), unlabelled.spread_likely),
        ("metric", "metric-spreading-beliefs"),
        confirms=True,
        verdict=(
            "with known outlines, smoothing twice loses what it gains: not worth it beyond "
            "spreading alone"
        ),
    ),
    Attempt(
        "metric-smoothed",
        AROUND,
        "probabilities diffuse between neighbours of like embedding",
        smoothed(metric(_FULL)),
        ("metric", "raw-logistic-smoothed"),
        confirms=True,
        verdict=(
            "a small gain, sure on both sets of areas; spreading through the graph gains "
            "more, a vote within known outlines most"
        ),
    ),
    Attempt(
        "raw-logistic-smoothed",
        AROUND,
        "the same after logistic regression on the raw series",
        smoothed(features.filled, likely_by_readout),
        ("raw-logistic",),
        confirms=True,
        verdict="smoothing helps a rival just as much, so it explains none of the metric's lead",
    ),
)
