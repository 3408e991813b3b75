"""What the studies of robustness share: their arguments, their plan, their result files."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from s4_core import io
from s4_core.benchmark import Budgets, Plan
from s4_core.benchmark.study import Trial, result_of, score
from s4_core.benchmark.study_figure import draw_study
from s4_core.config import settings_from_plain
from s4_core.model_card import read_card
from s4_core.progress import Stage
from s4_core.simulate import SimulationSettings
from s4_core.types import Modality, RuntimeSettings
from training.make_checkpoint import ROOT, Lines, simulation

CHECKPOINT = ROOT / "resources" / "checkpoints" / "s4-field.safetensors"
STUDIES = ROOT / "out" / "studies"
FIRST_SEED = 9000
"""Of the simulated areas: no training, no choice of one and no other comparison draws them."""

REAL = ("brabant_2019", "westhoek_2018")


def parser_of(description: str | None, name: str) -> argparse.ArgumentParser:
    """Arguments of a study."""
    parser = argparse.ArgumentParser(description=(description or "").split("\n", maxsplit=1)[0])
    parser.add_argument("kind", choices=("simulated", "real"))
    parser.add_argument("--init", type=Path, default=CHECKPOINT, help="checkpoint to judge")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "flanders")
    parser.add_argument("--areas", type=int, default=8, help="number of simulated areas")
    parser.add_argument("--k", type=int, nargs="+", default=[1], help="training parcels a class")
    parser.add_argument("--splits", type=int, default=5)
    parser.add_argument("--methods", nargs="+", default=["rf", "logistic", "s4", "s4-random"])
    parser.add_argument("--out", type=Path, help=f"default: out/studies/{name}_KIND.json")
    parser.set_defaults(name=name)
    return parser


def out_of(asked: argparse.Namespace) -> Path:
    """Where the result goes."""
    return Path(asked.out or STUDIES / f"{asked.name}_{asked.kind}.json")


def plan_of(asked: argparse.Namespace, methods: Sequence[str]) -> Plan:
    """The few-parcels plan of every trial."""
    settings = settings_from_plain(read_card(asked.init).settings)
    settings = replace(
        settings,
        seed=0,
        finetune=replace(settings.finetune, mode="head"),
        runtime=RuntimeSettings(device="cpu", precision="fp32", threads=1),
    )
    folder = out_of(asked).with_suffix(".work")
    return Plan(
        checkpoint=asked.init,
        modalities=tuple(Modality),
        k=tuple(asked.k),
        splits=asked.splits,
        methods=tuple(methods),
        settings=settings,
        budgets=Budgets(1, 1, folder),
    )


def simulations(count: int) -> list[SimulationSettings]:
    """Areas that nobody trained on."""
    return [simulation(FIRST_SEED + number) for number in range(count)]


def studied(name: str, trials: Sequence[Trial], plan: Plan) -> dict[str, Any]:
    """Score the trials."""
    scored, comparison = score(trials, plan, Stage(Lines(), name))
    return result_of(name, trials, scored, comparison)


def finish(result: dict[str, Any], asked: argparse.Namespace) -> None:
    """Write the result and its plot, and say it in a few lines."""
    out = out_of(asked)
    io.atomic.make_folder(out.parent)
    io.write_json(out, result)
    draw_study(result, out.with_suffix(".png"))
    for modality, curve in result["curves"].items():
        for point in curve["points"]:
            means = {name: f"{found['mean']:.3f}" for name, found in point["methods"].items()}
            print(modality, f"{point['condition']:g}", means)
