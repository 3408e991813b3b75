"""Pretrain the network of the shipped checkpoint on simulated and real areas.

python -m training.make_checkpoint [--data ../shared/data] [--simulated N] [--set KEY=VALUE ...]
    [--without AREA ...]

What the network sees of every area is prepared first and kept in --work, the real areas' before
all others (statistics, too, are theirs), so a machine without GDAL can go on from a copy of
that folder. Then S4 is pretrained, on a CPU or a GPU; a stopped run goes on where it was. No
label is read. `training.make_metric` then adds the parcel metric and writes the file in
`resources/checkpoints`; `training.compare_checkpoints` measures the network, and
`training.checkpoint_page` writes docs/checkpoint.md.

`--without` leaves real areas out, as if they had not been there: neither the network nor the
standardisation, which is then that of simulated areas, knows a pixel of them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml

from s4_core import data, nn, sits
from s4_core.config import load_settings
from s4_core.data.statistics import UNITS
from s4_core.model_card import BandStatistics
from s4_core.progress import Stage
from s4_core.protocol import AreaRequest
from s4_core.simulate import SimulatedArea, SimulationSettings, series_of, simulate_area
from s4_core.sits import Sample
from s4_core.train import PreparedPatches, pretrain_on
from s4_core.types import Area, Calendar, Modality, Season, Settings, Window

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "out" / "checkpoint" / "network.safetensors"
WITHOUT = ROOT / "out" / "without"
CALENDAR = Calendar(10, 15, step_days=10, count=40)

RECIPE = {
    "temporal.start": f"{CALENDAR.start_month}-{CALENDAR.start_day}",
    "temporal.count": CALENDAR.count,
    "pretrain.epochs": 20,
    "pretrain.steps_per_epoch": 100,
    "pretrain.batch": 16,
    "pretrain.validation_patches": 64,
    "finetune.readout": "decoder",
}
"""Of preset field, what the shipped checkpoint has of its own; chosen in docs/checkpoint.md."""

REAL_SHARE = 0.25
"""Share of the patches drawn from real images: sources are drawn alike, so real ones repeat."""


def simulation(seed: int) -> SimulationSettings:
    """One simulated area: year, latitude, cloudiness, field size and dates by its seed."""
    rng = np.random.default_rng([seed, 2024])
    year = int(rng.integers(2016, 2024))
    start = date(year, 10, 15)
    return SimulationSettings(
        seed=1000 + seed,
        size_px=64,
        season=Season(start, date(year + 1, 10, 31)),
        optical_count=int(rng.integers(35, 75)),
        radar_count=int(rng.integers(45, 85)),
        cloudiness=float(rng.uniform(0.3, 0.65)),
        parcel_ha=float(rng.uniform(0.8, 3.0)),
        latitude_deg=float(rng.uniform(44.0, 54.0)),
    )


STANDARDISING = 16
"""Simulated areas whose statistics stand for those of real ones that are left out."""


def left_in(found: Sequence[Path], without: Sequence[str], work: Path) -> list[Path]:
    """The folders of the areas that stay.

    Raises:
        SystemExit: there is no such area, or `work` already holds one of them.
    """
    unknown = sorted(set(without) - {path.name for path in found})
    if unknown:
        names = ", ".join(path.name for path in found)
        raise SystemExit(f"There is no area {', '.join(unknown)}; there are {names}.")
    held = [name for name in without if (work / f"real_{name}.npz").exists()]
    if held:
        raise SystemExit(f"{work} holds {', '.join(held)}: choose another folder (--work).")
    return [path for path in found if path.name not in without]


def simulated_statistics() -> dict[Modality, BandStatistics]:
    """Mean and spread of the usable pixels of some simulated areas."""
    areas = [simulate_area(simulation(seed)) for seed in range(STANDARDISING)]
    found = {}
    for modality in Modality:
        channels = load_settings().input.channels(modality)
        moments = sits.Moments.empty(len(channels))
        for area in areas:
            series = series_of(area, modality, channels)
            # (T, C, H, W) -> (C, T, H, W), where a mask over (T, H, W) picks (C, n)
            pixels = series.values.transpose(1, 0, 2, 3)[:, series.valid]
            moments = moments.joined(sits.Moments.of(pixels))
        mean, std = (tuple(map(float, part)) for part in (moments.mean, moments.std))
        found[modality] = BandStatistics(tuple(channels), UNITS[modality], mean, std)
    return found


def prepared_real(
    folder: Path, found: Sequence[Path], *, is_standardised_by_simulated: bool = False
) -> data.Preparation:
    """Prepare the real areas, unless `folder` has them; what all areas are prepared with."""
    settings = load_settings().temporal
    temporal = replace(settings, start=f"{CALENDAR.start_month}-{CALENDAR.start_day}")
    temporal = replace(temporal, count=CALENDAR.count)
    statistics = folder / "statistics.json"
    if not statistics.exists():
        folder.mkdir(parents=True, exist_ok=True)
        areas = [data.open_area(explicit_request(area)) for area in found]
        known = simulated_statistics() if is_standardised_by_simulated else real_statistics(areas)
        preparation = data.Preparation(known, temporal, CALENDAR)
        for area in areas:
            whole = Window(0, 0, *area.grid.shape)
            about = {
                "name": area.name,
                "season": str(area.season),
                "dates": {m.value: len(area.of(m)) for m in Modality},
                "simulated": False,
            }
            samples = data.prepare_pair(area, preparation, whole)
            _keep(folder / f"real_{area.name}.npz", samples, about)
        plain = {m.value: asdict(one) for m, one in known.items()}
        statistics.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")
    return data.Preparation(_statistics(statistics), temporal, CALENDAR)


def real_statistics(areas: Sequence[Area]) -> dict[Modality, BandStatistics]:
    """Mean and spread of the usable pixels of the real areas together."""
    channels = load_settings().input.channels
    return {m: data.band_statistics(areas, m, channels(m)) for m in Modality}


def explicit_request(area: Path) -> AreaRequest:
    """An area with its own season stated: all share one calendar, wherever theirs starts."""
    season = json.loads((area / "area.json").read_text(encoding="utf-8"))["season"]
    return AreaRequest(path=str(area), season=":".join(season))


def _statistics(path: Path) -> dict[Modality, BandStatistics]:
    found = {}
    for name, plain in json.loads(path.read_text(encoding="utf-8")).items():
        listed = {k: tuple(v) if isinstance(v, list) else v for k, v in plain.items()}
        found[Modality(name)] = BandStatistics(**listed)
    return found


def prepared_simulated(seed: int, folder: Path, preparation: data.Preparation) -> None:
    """Simulate and prepare one area, unless `folder` has it."""
    path = folder / f"simulated_{seed:04d}.npz"
    if not path.exists():
        area = simulate_area(simulation(seed))
        about = {
            "name": area.name,
            "season": str(area.season),
            "dates": {"optical": len(area.optical_dates), "radar": len(area.radar_dates)},
            "simulated": True,
        }
        _keep(path, simulated_samples(area, preparation), about)


def simulated_samples(area: SimulatedArea, preparation: data.Preparation) -> dict[Modality, Sample]:
    """What `data.prepare_pair` gives of the whole written area, without files."""
    dates = (preparation.calendar or CALENDAR).dates_for(area.season)
    found = {}
    for modality, known in preparation.statistics.items():
        series = series_of(area, modality, known.channels)
        series = sits.onto_calendar(series, dates, preparation.temporal.max_gap_days)
        values = sits.standardise(series.values, series.valid, known.mean, known.std)
        found[modality] = Sample.of(replace(series, values=values))
    return found


def _keep(path: Path, samples: Mapping[Modality, Sample], about: Mapping[str, Any]) -> None:
    arrays: dict[str, Any] = {"about": np.array(json.dumps(about))}
    for modality, sample in samples.items():
        arrays[f"{modality.value}_x"] = sample.x
        arrays[f"{modality.value}_valid"] = sample.valid
        arrays[f"{modality.value}_present"] = sample.present_channels
        arrays["dates"] = np.array([day.isoformat() for day in sample.dates])
    aside = path.with_suffix(".part.npz")
    np.savez_compressed(aside, **arrays)
    aside.replace(path)


def source(path: Path, patch_px: int) -> PreparedPatches:
    """A prepared area as a source of patches."""
    with np.load(path) as kept:
        about = json.loads(str(kept["about"]))
        dates = tuple(date.fromisoformat(str(day)) for day in kept["dates"])
        samples = {
            m: Sample(
                x=kept[f"{m.value}_x"],
                valid=kept[f"{m.value}_valid"],
                days=sits.days_of_year(dates),
                dates=dates,
                present_channels=kept[f"{m.value}_present"],
            )
            for m in Modality
        }
    return PreparedPatches(samples, about, patch_px)


class Lines:
    """Tells what happens in lines on stderr, some ten times in all."""

    def __init__(self) -> None:
        self._told = -1

    def progress(
        self, fraction: float, stage: str, eta_s: float | None, metrics: dict[str, float]
    ) -> None:
        """Every tenth."""
        if int(10 * fraction) > self._told:
            self._told = int(10 * fraction)
            print(f"{stage} {fraction:.0%}, {eta_s or 0:.0f} s left, {metrics}", file=sys.stderr)

    def log(self, level: str, message: str) -> None:
        """As it is."""
        print(f"{level}: {message}", file=sys.stderr)

    def cancelled(self) -> bool:
        """Never: stop it, and start it again."""
        return False


def make(work: Path, out: Path, simulated: int, settings: Settings) -> None:
    """Pretrain on what `work` holds."""
    real = sorted(work.glob("real_*.npz"))
    paths = [work / f"simulated_{seed:04d}.npz" for seed in range(simulated)]
    sources = [source(path, settings.pretrain.drawn_px) for path in [*real, *paths]]
    repeats = max(1, round(REAL_SHARE / (1 - REAL_SHARE) * len(paths) / max(len(real), 1)))
    preparation = data.Preparation(
        _statistics(work / "statistics.json"), settings.temporal, CALENDAR
    )
    channels = {m: len(settings.input.channels(m)) for m in Modality}
    # the fastest algorithm for these sizes, found by trying; results differ by rounding
    torch.backends.cudnn.benchmark = True
    pretrain_on(
        [*sources[: len(real)] * repeats, *sources[len(real) :]],
        preparation,
        settings,
        out,
        nn.untrained(settings.network, channels, settings.seed),
        resume=True,
        stage=Stage(Lines(), out.stem),
    )


def main() -> None:
    """Prepare, then pretrain; goes on after the last finished epoch if it was stopped."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--without", nargs="*", default=[], metavar="AREA", help="real areas")
    parser.add_argument("--work", type=Path, help="out/checkpoint, or out/without with --without")
    parser.add_argument("--out", type=Path, help="network.safetensors in --work")
    parser.add_argument("--simulated", type=int, default=256, help="number of simulated areas")
    parser.add_argument("--processes", type=int, default=1, help="that simulate")
    parser.add_argument("--prepare-only", action="store_true", help="do not pretrain")
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=VALUE", help="of the settings")
    arguments = parser.parse_args()
    work = arguments.work or (WITHOUT if arguments.without else OUT.parent)
    out = arguments.out or work / OUT.name
    found = sorted(path.parent for path in arguments.data.rglob("area.json"))
    preparation = prepared_real(
        work,
        left_in(found, arguments.without, work),
        is_standardised_by_simulated=bool(arguments.without),
    )
    prepare = partial(prepared_simulated, folder=work, preparation=preparation)
    with ProcessPoolExecutor(arguments.processes) as pool:
        list(pool.map(prepare, range(arguments.simulated)))
    if arguments.prepare_only:
        return
    asked = dict(pair.split("=", maxsplit=1) for pair in arguments.set)
    settings = load_settings(
        overrides={
            **RECIPE,
            **{key: yaml.safe_load(value) for key, value in asked.items()},
        }
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    make(work, out, arguments.simulated, settings)
    print(f"{out}: {out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
