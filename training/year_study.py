"""Does the season before help where clouds are heavy? Measured on simulated areas.

python -m training.year_study [--areas 8] [--out out/studies/year_simulated.json]

The paper proposes historical series against heavy clouds (its Section 7). Every area is simulated
in two seasons: its fields, soil and grassland stay, arable crops stood on other fields, and weather
and sky of the year before are its own. Each season is read by itself, by the shipped checkpoint.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from s4_core import io
from s4_core.benchmark.provenance import fingerprint
from s4_core.simulate import SimulationSettings
from s4_core.train.propagation import believed, parcels_by_class, pulled, spreading
from s4_core.train.readout import fit_prototypes
from s4_core.types import Modality, Season
from training.compare_checkpoints import interval
from training.experiments import classifiers, unlabelled
from training.experiments.classifiers import winners
from training.experiments.features import Features, filled, in_file
from training.experiments.judging import DRAWS, PARCELS, Predict, Taught, Whole, judged
from training.experiments.scenes import NETWORK, Floats, Scene, scene_of
from training.studies import CHECKPOINT, STUDIES, simulations

CLOUDINESS = (0.45, 0.7, 0.85)
HALF = 0.5
"""Weight of the season before, squared distances taken together."""

Pair = tuple[Scene, Scene]
"""The season itself and the one before."""

Way = Callable[[Pair], Predict]


def season_before(settings: SimulationSettings) -> SimulationSettings:
    """The same place a year earlier."""
    first, last = (
        day.replace(year=day.year - 1) for day in (settings.season.start, settings.season.end)
    )
    # the last days of a season are the first of the next one
    return replace(settings, season=Season(first, last), years_before=1)


def pair_of(settings: SimulationSettings, cloudiness: float) -> Pair:
    """Both seasons of an area under a sky of its own, by optical images."""
    now = replace(settings, cloudiness=cloudiness)
    seasons = (("", now), ("_before", season_before(now)))
    first, second = (
        scene_of(f"{settings.seed}_{cloudiness:g}{name}", one, Modality.OPTICAL, NETWORK)
        for name, one in seasons
    )
    return first, second


def alone(features: Features, classifier: Callable[[Floats], Predict]) -> Way:
    """The season itself."""
    return lambda pair: classifier(features(pair[0]))


def beside(features: Features, classifier: Callable[[Floats], Predict], weight: float) -> Way:
    """Features of both seasons side by side."""
    return lambda pair: classifier(_joined(pair, features, weight))


def _joined(pair: Pair, features: Features, weight: float) -> Floats:
    now, before = (features(one) for one in pair)
    return np.concatenate([now, np.float32(np.sqrt(weight)) * before], axis=1)


def spread_among(neighbours: Callable[[Pair, Features], Floats], features: Features) -> Way:
    """Class means of the season itself, and their beliefs spread among neighbours; no readout.

    Args:
        neighbours: by what pixels are neighbours, `(N, E)`.
    """

    def way(pair: Pair) -> Predict:
        now = features(pair[0])
        spread = spreading(neighbours(pair, features))

        def predict(taught: Taught) -> Whole:
            nearest = fit_prototypes(now[taught.places], taught.pixels, taught.class_count)
            parcels = parcels_by_class(taught.pixels, taught.class_count)
            return winners(believed(pulled(nearest, parcels, now, spread), now, spread))

        return predict

    return way


def _own_season(pair: Pair, features: Features) -> Floats:
    return features(pair[0])


def _both_seasons(pair: Pair, features: Features) -> Floats:
    return _joined(pair, features, 1.0)


def ways_of(metric: Features) -> dict[str, Way]:
    """By name; a name up to its comma is what the way is compared with."""
    return {
        "s4": alone(metric, unlabelled.pulling),
        "s4, both seasons": beside(metric, unlabelled.pulling, 1.0),
        "s4, the season before at half its weight": beside(metric, unlabelled.pulling, HALF),
        "s4 without a readout": spread_among(_own_season, metric),
        "s4 without a readout, neighbours by both seasons": spread_among(_both_seasons, metric),
        "logistic": alone(filled, classifiers.readout),
        "logistic, both seasons": beside(filled, classifiers.readout, 1.0),
    }


def studied(areas: int, init: Path) -> dict[str, Any]:
    """Mean IoU of each way under each sky, and what the season before adds."""
    points = []
    ways = ways_of(in_file(init))
    baselines = {name: name.split(",", maxsplit=1)[0] for name in ways if "," in name}
    for cloudiness in CLOUDINESS:
        scores: dict[str, list[float]] = {name: [] for name in ways}
        for settings in simulations(areas):
            pair = pair_of(settings, cloudiness)
            for name, way in ways.items():
                found = judged(pair[0], lambda _, way=way, pair=pair: way(pair))
                scores[name].append(float(np.mean([score.miou for score in found])))
            print(f"cloudiness {cloudiness:g}: {settings.area_name}", file=sys.stderr)
        points.append(_point(cloudiness, scores, baselines))
    return {
        "simulated": True,
        "areas": [settings.area_name for settings in simulations(areas)],
        "k": list(PARCELS),
        "splits": DRAWS,
        "checkpoint": {"file": CHECKPOINT.name, "sha256": fingerprint(init)},
        "baselines": baselines,
        "points": points,
    }


def _point(
    cloudiness: float, scores: Mapping[str, list[float]], baselines: Mapping[str, str]
) -> dict[str, Any]:
    gains = {}
    for name, other in baselines.items():
        mean, low, high = interval(np.subtract(scores[name], scores[other]))
        gains[name] = {"mean": mean, "low": low, "high": high}
    means = {name: float(np.mean(values)) for name, values in scores.items()}
    return {"cloudiness": cloudiness, "means": means, "gains": gains}


def main() -> None:
    """Simulate what is missing, score, write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--areas", type=int, default=8)
    parser.add_argument("--init", type=Path, default=CHECKPOINT, help="checkpoint to judge")
    parser.add_argument("--out", type=Path, default=STUDIES / "year_simulated.json")
    given = parser.parse_args()
    torch.set_num_threads(1)
    io.atomic.make_folder(given.out.parent)
    io.write_json(given.out, studied(given.areas, given.init))


if __name__ == "__main__":
    main()
