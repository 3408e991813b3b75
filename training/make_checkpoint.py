"""Make `resources/checkpoints/s4-field.safetensors`: pretrained on simulated and real areas.

python -m training.make_checkpoint [--data ../shared/data] [--simulated N] [--epochs N] [--out FILE]

Simulated areas are made first (kept in --work, so a stopped run goes on where it was), then S4 is
pretrained on them and on the unlabelled images of every real area under --data. No label is read.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path

import numpy as np

from s4_core.cli.terminal import Terminal
from s4_core.jobs import run
from s4_core.protocol import AreaRequest, PretrainJob
from s4_core.simulate import SimulationSettings, simulate_area, write_area
from s4_core.types import Season

ROOT = Path(__file__).resolve().parents[1]

REAL_SHARE = 0.5
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


def simulated_areas(folder: Path, count: int) -> list[Path]:
    """Write what is missing of `count` simulated areas; return their folders."""
    areas = [folder / f"simulated_{seed:04d}" for seed in range(count)]
    for seed, area in enumerate(areas):
        if not (area / "area.json").exists():
            write_area(simulate_area(simulation(seed)), area)
            print(f"simulated {seed + 1} of {count}", file=sys.stderr)
    return areas


def explicit(area: Path) -> AreaRequest:
    """An area with its own season stated: all share one calendar, wherever theirs starts."""
    season = json.loads((area / "area.json").read_text(encoding="utf-8"))["season"]
    return AreaRequest(path=str(area), season=":".join(season))


def main() -> None:
    """Simulate, then pretrain; goes on after the last finished epoch if it was stopped."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--work", type=Path, default=ROOT / "out" / "checkpoint")
    parser.add_argument(
        "--out", type=Path, default=ROOT / "resources/checkpoints/s4-field.safetensors"
    )
    parser.add_argument("--simulated", type=int, default=24, help="number of simulated areas")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--steps", type=int, default=20, help="steps an epoch")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    real = sorted(path.parent for path in arguments.data.rglob("area.json"))
    simulated = simulated_areas(arguments.work / "areas", arguments.simulated)
    repeats = max(1, round(REAL_SHARE / (1 - REAL_SHARE) * len(simulated) / max(len(real), 1)))
    trained = arguments.work / arguments.out.name
    result = run(
        PretrainJob(
            areas=tuple(explicit(area) for area in [*real * repeats, *simulated]),
            out=str(trained),
            overrides={
                "seed": arguments.seed,
                "temporal.start": "10-15",
                "temporal.count": 40,
                "pretrain.epochs": arguments.epochs,
                "pretrain.steps_per_epoch": arguments.steps,
                "pretrain.validation_patches": 12,
            },
            resume=True,
        ),
        Terminal(),
    )
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_bytes(trained.read_bytes())
    print(f"{arguments.out}: {arguments.out.stat().st_size / 1e6:.2f} MB", result["simulated"])


if __name__ == "__main__":
    main()
