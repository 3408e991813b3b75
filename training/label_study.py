"""How many parcels do suggestions save? Measured on simulated areas that no training saw.

python -m training.label_study CHECKPOINT --out FILE.json [--first 9100] [--areas 10] [--ways ...]

Half of the parcels of each class judge and are never labelled. From the others a first map is made
of one parcel a class, or of three parcels at random; then one parcel after the other is chosen,
its class told (also one that nobody met before), and the classifier of quick mode taught anew,
until all are labelled. A way to choose saves what it needs less than chance to get 50, 75 and 90 %
of the way from the first map to the map from all of them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from s4_core import nn
from s4_core.config import settings_from_plain
from s4_core.labelling import labelling_order
from s4_core.train.pixels import Pixels
from s4_core.train.propagation import propagation
from s4_core.train.readout import Fit, fit_prototypes
from s4_core.types import Modality
from training.acquisitions import ACQUISITIONS, Known, in_turns
from training.label_areas import SIZE_PX, ParcelPixels, embedded, keep_area, settings_of

ROOT = Path(__file__).resolve().parent.parent
FIRST_SEED = 9100
"""Of the areas; the networks and their metric saw others."""

STARTS = ("one a class", "three at random")
DRAWS = 2
"""Different first parcels of an area."""

CHANCES = 6
"""Random orders for each of them, unasked."""

BATCHES = (5, 10)
"""Places labelled before the next map."""

PROTOTYPES, PROPAGATION = "prototypes", "propagation"
"""Classifiers: nearest class means, and what quick mode does unasked."""

BY_MARGIN, IN_TURNS = "margin", "margin, classes in turn"

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.floating[Any]]
Choose = Callable[[Known], Sequence[int]]


@dataclass(frozen=True)
class Curves:
    """Mean IoU of the judging parcels after each label, `(L,)`: by pixels and by their majority."""

    miou: list[float]
    vote: list[float]


class Campaign:
    """Labelling one area: the parcels that judge, those that may be labelled, and the classifier.

    Args:
        pixels: of all parcels, a parcel's pixels next to each other. seed: of the half that judges.
        classifier: PROTOTYPES, or PROPAGATION among these pixels.
        temperature: of its probabilities.
    """

    def __init__(
        self,
        pixels: ParcelPixels,
        seed: int,
        classifier: str = PROTOTYPES,
        temperature: float = 1.0,
    ) -> None:
        self.pixels = pixels
        self.fit = _fit_of(classifier, pixels.embedding)
        self.temperature = temperature
        self.starts = np.flatnonzero(np.diff(pixels.parcels, prepend=-1))
        self.sizes = np.bincount(pixels.parcels)
        self.means = self._over_parcels(pixels.embedding)
        self.judges = _half(pixels.parcel_classes, np.random.default_rng([seed, 1]))
        self.pool = np.flatnonzero(~self.judges)
        self.judged = np.unique(pixels.parcel_classes[self.judges])
        self.class_count = int(pixels.parcel_classes.max()) + 1

    def first(self, start: str, rng: np.random.Generator) -> list[int]:
        """The parcels of the first map."""
        if start == STARTS[1]:
            return [int(i) for i in rng.permutation(self.pool)[:3]]
        classes = self.pixels.parcel_classes[self.pool]
        return [int(rng.choice(self.pool[classes == k])) for k in np.unique(classes)]

    def run(
        self, first: Sequence[int], choose: Choose, rng: np.random.Generator, batch: int
    ) -> Curves:
        """Label the whole pool, `batch` parcels between maps.

        Within a batch the curve is that of the last map: nobody made another.
        """
        labelled, curves = list(first), Curves([], [])
        while True:
            met, chance = self.classified(labelled)
            parcels = self._over_parcels(chance)
            left = np.setdiff1d(self.pool, labelled)
            ended = min(batch, max(len(left), 1))
            curves.miou.extend([self._miou(met[chance.argmax(1)])] * ended)
            curves.vote.extend([self._vote(met[parcels.argmax(1)])] * ended)
            if not len(left):
                return curves
            order = choose(self._known(labelled, left, chance, parcels, rng))
            labelled.extend(int(left[i]) for i in order[:batch])

    def classified(self, labelled: Sequence[int]) -> tuple[Whole, Floats]:
        """Classes met and each pixel's probabilities `(N, K)`."""
        taught = np.isin(self.pixels.parcels, labelled)
        classes = self.pixels.classes[taught]
        met = np.unique(classes)
        if len(met) == 1:
            return met, np.ones((len(taught), 1))
        nowhere = np.zeros(len(classes), np.int64)
        pixels = Pixels(
            nowhere, nowhere, np.searchsorted(met, classes), self.pixels.parcels[taught]
        )
        readout = self.fit(self.pixels.embedding[taught], pixels, len(met), None)
        return met, softmax(readout.logits(self.pixels.embedding) / self.temperature, axis=1)

    def _known(
        self,
        labelled: list[int],
        left: Whole,
        chance: Floats,
        parcels: Floats,
        rng: np.random.Generator,
    ) -> Known:
        ordered = np.partition(np.pad(chance, ((0, 0), (1, 0))), -2, axis=1)
        margins = self._over_parcels(ordered[:, -1:] - ordered[:, -2:-1])[:, 0]
        _, counts = np.unique(self.pixels.parcel_classes[labelled], return_counts=True)
        return Known(
            parcels[left],
            margins[left],
            self.means[left],
            self.means[labelled],
            counts.astype(np.int64),
            rng.random(len(left)),
        )

    def _over_parcels(self, values: Floats) -> Floats:
        """Mean of pixels `(N, n)` over each parcel: `(P, n)`."""
        sums = np.add.reduceat(values, self.starts, axis=0)
        return np.asarray(sums / self.sizes[:, None])

    def _miou(self, predicted: Whole) -> float:
        judging = self.judges[self.pixels.parcels]
        return self._mean_iou(
            self.pixels.classes[judging], predicted[judging], np.ones(judging.sum())
        )

    def _vote(self, predicted: Whole) -> float:
        """The same where every parcel is as a whole what most of it is."""
        judging = self.judges
        return self._mean_iou(
            self.pixels.parcel_classes[judging], predicted[judging], self.sizes[judging]
        )

    def _mean_iou(self, reference: Whole, predicted: Whole, weights: Floats) -> float:
        """A class that nobody met yet has an IoU of 0."""
        cells = np.bincount(
            reference * self.class_count + predicted, weights, minlength=self.class_count**2
        ).reshape(self.class_count, self.class_count)
        hit = np.diag(cells)
        union = cells.sum(axis=0) + cells.sum(axis=1) - hit
        return float(np.mean(hit[self.judged] / union[self.judged]))


def _fit_of(classifier: str, surroundings: Floats) -> Fit:
    if classifier == PROPAGATION:
        return propagation(surroundings.astype(np.float32))
    return lambda features, pixels, class_count, _: fit_prototypes(features, pixels, class_count)


def _half(classes: Whole, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Half of the parcels of each class, the smaller half of an odd number."""
    chosen = np.zeros(len(classes), bool)
    for k in np.unique(classes):
        own = rng.permutation(np.flatnonzero(classes == k))
        chosen[own[: len(own) // 2]] = True
    return chosen


def strategies(chances: int = CHANCES) -> Iterator[tuple[str, Choose, int, int]]:
    """Name, way to choose, parcels between maps, how many repetitions."""
    for name, score in ACQUISITIONS.items():
        yield name, partial(_best, score), 1, chances if name == "random" else 1
    for batch in BATCHES:
        for name, order in ((BY_MARGIN, _by_margin), (IN_TURNS, in_turns)):
            yield f"{name}, {batch} at a time", partial(order, batch=batch), batch, 1


def _best(score: Callable[[Known], Floats], known: Known) -> Sequence[int]:
    # luck decides between equals
    return [int(np.lexsort((known.luck, score(known)))[-1])]


def _by_margin(known: Known, batch: int) -> Sequence[int]:
    return labelling_order(known.margins.tolist(), batch)


@dataclass(frozen=True)
class Asked:
    """What every area is asked.

    Args:
        checkpoint: makes the maps, by `classifier`. work: areas are kept there.
        ways: names of strategies; all where it is empty. chances: random orders of each first map.
    """

    checkpoint: Path
    work: Path
    classifier: str
    ways: tuple[str, ...]
    chances: int

    def strategies(self) -> Iterator[tuple[str, Choose, int, int]]:
        """Those that are asked for."""
        for one in strategies(self.chances):
            if not self.ways or one[0] in self.ways:
                yield one


def study_area(seed: int, asked: Asked) -> list[dict[str, Any]]:
    """Mean curves of one area: a row a modality, start and strategy."""
    path = keep_area(seed, asked.checkpoint, asked.work)
    network, card = nn.load_network(asked.checkpoint)
    calibrated = settings_from_plain(card.settings).finetune.temperature
    temperature = calibrated if asked.classifier == PROPAGATION else 1.0
    rows = []
    for modality in Modality:
        pixels = embedded(path, network, modality)
        campaign = Campaign(pixels, seed, asked.classifier, temperature)
        for start in STARTS:
            for name, choose, batch, times in asked.strategies():
                found = [
                    campaign.run(
                        campaign.first(start, np.random.default_rng([seed, 2, draw])),
                        choose,
                        np.random.default_rng([seed, 3, draw, chance]),
                        batch,
                    )
                    for draw in range(DRAWS)
                    for chance in range(times)
                ]
                first = len(campaign.first(start, np.random.default_rng(0)))
                row = {"area": seed, "modality": modality.value, "start": start, "name": name}
                curves = {
                    score: np.mean([getattr(one, score) for one in found], axis=0).round(5).tolist()
                    for score in ("miou", "vote")
                }
                about = {
                    "first": first,
                    "pool": len(campaign.pool),
                    "judges": int(campaign.judges.sum()),
                }
                rows.append({**row, **about, **curves})
    print(f"simulated area {seed}", file=sys.stderr)
    return rows


def main() -> None:
    """Simulate what is missing, label, write all curves."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="JSON to write")
    parser.add_argument("--work", type=Path, default=ROOT / "out" / "label_study")
    parser.add_argument("--first", type=int, default=FIRST_SEED, help="seed of the first area")
    parser.add_argument("--areas", type=int, default=10)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--classifier", choices=(PROPAGATION, PROTOTYPES), default=PROPAGATION)
    parser.add_argument("--chances", type=int, default=CHANCES, help="random orders")
    parser.add_argument("--ways", nargs="+", default=[], metavar="WAY", help="default: all")
    given = parser.parse_args()
    seeds = range(given.first, given.first + given.areas)
    asked = Asked(given.checkpoint, given.work, given.classifier, tuple(given.ways), given.chances)
    job = partial(study_area, asked=asked)
    with ProcessPoolExecutor(given.processes) as pool:
        rows = [row for part in pool.map(job, seeds) for row in part]
    about = {
        "checkpoint": given.checkpoint.name,
        "areas": [settings_of(seed).area_name for seed in seeds],
        "size_px": SIZE_PX,
        "draws": DRAWS,
        "chances": given.chances,
        "classifier": given.classifier,
    }
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps({"asked": about, "rows": rows}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
