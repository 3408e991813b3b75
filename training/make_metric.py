"""Teach a pretrained network a parcel metric on simulated areas, whose crops are known.

python -m training.make_metric --init NETWORK --out MODEL

The network stays as it is. Every simulated area gives some pixels of each parcel; a fifth of the
areas end early in their season, as a map before harvest does. Areas are kept in the work folder,
so that a stopped run goes on with those that are missing. `training.calibrate_metric` comes next.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from s4_core import data, nn
from s4_core.config import settings_from_plain, settings_to_plain
from s4_core.model_card import HeadCard, ModelCard
from s4_core.nn import S4Network
from s4_core.progress import Stage
from s4_core.simulate import SimulatedArea, SimulationSettings, simulate_area
from s4_core.sits import Sample
from s4_core.train.batches import series_input
from s4_core.train.episodes import LabelledPixels
from s4_core.train.metric import MetricSchedule, Reads, train_metric
from s4_core.train.record import combined_simulated
from s4_core.types import Modality
from training.make_checkpoint import Lines, simulated_samples, simulation

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "resources" / "checkpoints" / "s4-field.safetensors"

FIRST_SEED = 30_000
"""Of the areas; pretraining, its comparison and the experiments draw others."""

AREAS = 600

PIXELS = 12
"""Of a parcel."""

FEWEST = 4
"""Pixels of a parcel that takes part."""

EARLY_SHARE = 0.2
EARLIEST_DATE = 12

VARIATION = (0.8, 1.7)
LOOKS = (0.6, 1.2)
"""Factors: areas that vary more, and are more speckled, than the two that the simulator is tuned
to."""


DROPOUT = 0.0
"""Of the metric's hidden layers while it learns here. 0.2 was surely worse, on areas harder than
those of the training too (docs/experiments.md). A fit to an area's own images has its own."""

HARDER_VARIATION = (1.8, 2.6)
HARDER_LOOKS = (0.5, 0.8)
"""Factors of areas beyond what the metric has seen, see `training.calibrate_metric`."""


@dataclass(frozen=True)
class Place:
    """Where the pixels of an area are, and what grows there."""

    rows: npt.NDArray[np.int64]
    cols: npt.NDArray[np.int64]
    classes: npt.NDArray[np.int64]
    parcels: npt.NDArray[np.int64]


def varied(seed: int) -> SimulationSettings:
    """A simulated area of the recipe of pretraining, with more variation."""
    is_harder = seed < FIRST_SEED
    rng = np.random.default_rng([seed, 77])
    variation = rng.uniform(*(HARDER_VARIATION if is_harder else VARIATION))
    factors = rng.uniform(*(HARDER_LOOKS if is_harder else LOOKS), size=2)
    settings = simulation(seed)
    looks = tuple(max(1.0, look * factor) for look, factor in zip(settings.looks, factors))
    return replace(settings, variation=float(variation), looks=(looks[0], looks[1]))


def last_date(seed: int, dates: int) -> int:
    """How many dates of the calendar an area has: all, or fewer of an early map."""
    rng = np.random.default_rng([seed, 78])
    early = rng.random() < EARLY_SHARE
    return int(rng.integers(EARLIEST_DATE, dates)) if early else dates


def until(sample: Sample, dates: int) -> Sample:
    """A series whose later dates are not there yet."""
    x, valid = sample.x.copy(), sample.valid.copy()
    x[:, dates:], valid[dates:] = 0, False
    return replace(sample, x=x, valid=valid)


def chosen_pixels(area: SimulatedArea, seed: int) -> Place:
    """Some pixels of every parcel that is large enough, a seeded draw."""
    rng = np.random.default_rng([seed, 79])
    places = []
    for parcel in np.unique(area.parcel_index[area.parcel_index > 0]):
        found = np.stack(np.nonzero(area.parcel_index == parcel), axis=1)
        if len(found) >= FEWEST:
            places.append(rng.permutation(found)[:PIXELS])
    rows, cols = np.concatenate(places).T.astype(np.int64)
    parcels = area.parcel_index[rows, cols].astype(np.int64)
    return Place(rows, cols, area.classes[rows, cols].astype(np.int64), parcels)


def vectors(
    network: S4Network, card: ModelCard, modality: Modality, sample: Sample, place: Place
) -> npt.NDArray[np.float16]:
    """What the metric reads at the pixels: decoder features, then the series, `(N, D)`."""
    head = HeadCard("readout", (modality,), "decoder", readout_raw=True)
    inputs = {modality: series_input([sample], torch.device("cpu"))}
    with torch.inference_mode():
        found = nn.readout_features(network, inputs, replace(card, head=head))[0]
    # (D, H, W) at n places -> (n, D)
    return found.numpy()[:, place.rows, place.cols].T.astype(np.float16)


def keep_area(seed: int, init: Path, folder: Path) -> None:
    """Simulate an area and keep its pixels, unless `folder` has them."""
    path = folder / f"metric_{seed}.npz"
    if path.exists():
        return
    torch.set_num_threads(1)
    network, card = nn.load_network(init)
    network.eval()
    area = simulate_area(varied(seed))
    samples = simulated_samples(area, data.Preparation.from_card(card))
    place = chosen_pixels(area, seed)
    dates = last_date(seed, len(next(iter(samples.values())).dates))
    arrays = {
        m.value: vectors(network, card, m, until(sample, dates), place)
        for m, sample in samples.items()
    }
    aside = path.with_suffix(".part.npz")
    np.savez(aside, classes=place.classes, parcels=place.parcels, **arrays)
    aside.replace(path)


def kept(paths: Sequence[Path], modality: Modality) -> list[LabelledPixels]:
    """The areas of one modality."""
    found = []
    for path in paths:
        with np.load(path) as arrays:
            found.append(
                LabelledPixels(arrays[modality.value], arrays["classes"], arrays["parcels"])
            )
    return found


def learn(init: Path, paths: Sequence[Path], schedule: MetricSchedule, out: Path) -> None:
    """Train the metrics of all modalities, and write the network with them."""
    network, card = nn.load_network(init)
    if card.calendar is None:
        raise SystemExit(f"{init} has no calendar: a parcel metric needs fixed dates.")
    torch.manual_seed(0)
    network.add_metric(card.calendar.count)
    losses = {}
    for modality in network.modalities:
        reads = Reads(
            card.calendar.count, network.feature_count("decoder"), network.channels[modality]
        )
        stage = Stage(Lines(), f"{modality.value} metric")
        metric = network.metric[modality.value]
        metric.dropout = DROPOUT
        losses[modality.value] = train_metric(
            metric, kept(paths, modality), reads, schedule, seed=0, stage=stage
        )
    learned = {
        "simulated areas": len(paths),
        "seeds": [FIRST_SEED, FIRST_SEED + len(paths) - 1],
        "schedule": asdict(schedule),
        "dropout": DROPOUT,
        "loss": losses,
    }
    nn.save_checkpoint(out, network, _card(network, card, learned))


def _card(network: S4Network, card: ModelCard, learned: dict[str, Any]) -> ModelCard:
    settings = settings_from_plain(card.settings)
    finetune = replace(settings.finetune, readout="metric", classifier="prototypes")
    settings = replace(settings, network=network.settings, finetune=finetune)
    return replace(
        card,
        settings=settings_to_plain(settings),
        record={**card.record, "metric": learned},
        simulated=combined_simulated([card.simulated, "only"]),
    )


def make(
    init: Path, out: Path, work: Path, *, areas: int, processes: int, schedule: MetricSchedule
) -> None:
    """Simulate what is missing in `work`, train, write `out`."""
    # the pixels of another network are of no use
    folder = work / hashlib.sha256(init.read_bytes()).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    seeds = range(FIRST_SEED, FIRST_SEED + areas)
    with ProcessPoolExecutor(processes) as pool:
        for done, _ in enumerate(pool.map(partial(keep_area, init=init, folder=folder), seeds), 1):
            if done % 50 == 0:
                print(f"{done} of {len(seeds)} simulated areas", file=sys.stderr)
    paths = [folder / f"metric_{seed}.npz" for seed in seeds]
    learn(init, paths, schedule, out)
    print(f"{out}: {out.stat().st_size / 1e6:.2f} MB")


def main() -> None:
    """Simulate what is missing, then train."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--init", type=Path, required=True, help="pretrained network")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--work", type=Path, default=ROOT / "out" / "checkpoint" / "metric")
    parser.add_argument("--areas", type=int, default=AREAS, help="number of simulated areas")
    parser.add_argument("--processes", type=int, default=1, help="that simulate")
    parser.add_argument("--steps", type=int, default=MetricSchedule().steps)
    given = parser.parse_args()
    make(
        given.init,
        given.out,
        given.work,
        areas=given.areas,
        processes=given.processes,
        schedule=MetricSchedule(steps=given.steps),
    )


if __name__ == "__main__":
    main()
