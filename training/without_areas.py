"""Keep what a checkpoint reaches on real areas that it has never seen, for docs/checkpoint.md.

python -m training.without_areas CHECKPOINT RESULT [--untrained RESULT]

CHECKPOINT comes from `training.make_checkpoint --without AREA ...`, `training.make_metric` and
`training.calibrate_metric`, RESULT from `s4 benchmark few-parcels` with it; `--untrained` is a
result with a metric on a network that learned nothing. `training.checkpoint_page` writes the page
from the file that this makes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from s4_core.config import settings_from_plain
from s4_core.io import atomic
from s4_core.model_card import ModelCard, read_card

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "docs" / "results" / "without_areas.json"
SHIPPED = ROOT / "docs" / "results" / "few_parcels.json"
EXPERIMENTS = ROOT / "docs" / "experiments.json"

_DROPOUT_BEFORE = 0.2
"""Of the metrics whose record does not name theirs."""

ATTEMPTS = {
    "metric-300": "network of the shipped checkpoint",
    "metric-without-areas": "network that never saw the tested areas",
    "metric-untrained-300": "network that learned nothing",
}

SECTION = """## Without the areas that it is tested on

The shipped network has seen the images (never the labels) of the areas on which `s4 benchmark
few-parcels` measures it. So another one was made that has seen no pixel of {left_out}:

    python -m training.make_checkpoint --without {left_out_plain} \\
        --simulated {simulated} --set {schedule}
    python -m training.make_metric --init out/without/network.safetensors \\
        --out out/without/s4.safetensors --work out/without/metric --areas {metric_areas}
    python -m training.calibrate_metric out/without/s4.safetensors --areas {harder_areas}

It is no twin of the shipped one: it has {steps} steps instead of {shipped_steps}, {simulated}
simulated areas instead of {shipped_simulated}, {real} as its only real area, a metric of
{metric_areas} areas instead of {shipped_metric_areas}{dropout}, and it was standardised by
simulated areas.
It was trained on {device} in {minutes:.0f} minutes.
What it loses to the shipped one may be due to any of these. Its losses: {losses}; those of the
shipped one: {shipped_losses}.

On the real areas ({splits} draws, one and two parcels a class, the same program for all rows):

| checkpoint | has seen these areas | mean IoU | optical | radar | with a vote | calibration error |
|---|---|---|---|---|---|---|
{real_rows}

{against}
{control}

By class means (`prototypes`) on the simulated areas of [experiments](experiments.md), each with a
metric learned from {metric_areas} areas, `{first}`'s lead over the others being what more and other
pretraining brings:

| attempt | what | areas by which was chosen | areas that chose nothing |
|---|---|---|---|
{simulated_rows}

"""


CONTROL = """The network that learned nothing has a metric of as many simulated areas, and no
temperature of its own for this classifier. On these two areas the metric does as well on it: what
pretraining adds is seen on simulated areas, below; two real areas cannot tell."""


def record_of(card: ModelCard) -> dict[str, Any]:
    """What of a checkpoint's card the page tells."""
    schedule = settings_from_plain(card.settings).pretrain
    record = card.record
    return {
        "steps": record["steps"],
        "steps an epoch": schedule.steps_per_epoch,
        "epochs": record["epochs"],
        "real": [area["name"] for area in record["areas"] if not area["simulated"]],
        "simulated": sum(area["simulated"] for area in record["areas"]),
        "losses": record["losses"],
        "device": record["device"],
        "duration_s": record["duration_s"],
        "metric areas": record["metric"]["simulated areas"],
        "harder areas": record["metric"].get("harder areas"),
        "dropout": record["metric"].get("dropout", _DROPOUT_BEFORE),
    }


def _dropout(record: Mapping[str, Any], own: Mapping[str, Any]) -> str:
    """Where the two metrics learned with another dropout. Older results do not tell theirs."""
    given = record.get("dropout", _DROPOUT_BEFORE)
    return (
        ""
        if given == own["dropout"]
        else f" with a dropout of {given:g} instead of {own['dropout']:g}"
    )


def section(found: Mapping[str, Any], shipped: ModelCard) -> str:
    """The part of the page."""
    record, own = found["record"], record_of(shipped)
    result = found["result"]
    with_seen = json.loads(SHIPPED.read_text(encoding="utf-8"))
    named = [area["name"] for area in result["areas"]]
    rows = [row("shipped", with_seen), row("without these areas", result)]
    if found.get("untrained"):
        rows.append(row("a network that learned nothing, and a metric", found["untrained"]))
    gap = result["difference"]
    attempts = json.loads(EXPERIMENTS.read_text(encoding="utf-8"))["attempts"]
    schedule = (
        f"pretrain.steps_per_epoch={record['steps an epoch']} pretrain.epochs={record['epochs']}"
    )
    return SECTION.format(
        left_out=" and ".join(f"`{name}`" for name in named),
        left_out_plain=" ".join(named),
        schedule=schedule,
        simulated=record["simulated"],
        metric_areas=record["metric areas"],
        harder_areas=record["harder areas"],
        steps=record["steps"],
        shipped_steps=own["steps"],
        shipped_simulated=own["simulated"],
        shipped_metric_areas=own["metric areas"],
        dropout=_dropout(record, own),
        real=", ".join(f"`{name}`" for name in record["real"]),
        device=f"one machine ({record['device'].rstrip('.')})",
        minutes=record["duration_s"] / 60,
        losses=_losses(record["losses"]),
        shipped_losses=_losses(own["losses"]),
        splits=max(len(cell["miou"]) for cell in result["cells"]),
        real_rows="\n".join(rows),
        against=f"Without these areas, S4 minus {result['best_rival']} (the best rival that ran "
        f"with it): {gap['mean']:+.3f} ({gap['low']:+.3f} to {gap['high']:+.3f}, 95 % over areas "
        "and parcels).",
        control=CONTROL if found.get("untrained") else "",
        first=next(iter(ATTEMPTS)),
        simulated_rows="\n".join(
            _simulated_row(name, words, attempts[name]["areas"])
            for name, words in ATTEMPTS.items()
            if name in attempts
        ),
    )


def row(name: str, result: Mapping[str, Any]) -> str:
    """S4 of a benchmark's result."""
    whole = result["methods"]["s4"]
    single = [result["by_modality"][m]["methods"]["s4"]["mean"] for m in ("optical", "radar")]
    seen = "yes" if any(area["seen_in_pretraining"] for area in result["areas"]) else "no"
    if "learned nothing" in name:
        seen = "no weight of it"
    numbers = [whole["mean"], *single, whole["mean_vote"], whole["ece"]]
    return f"| {name} | {seen} | {' | '.join(f'{number:.3f}' for number in numbers)} |"


def _simulated_row(name: str, words: str, areas: Mapping[str, Any]) -> str:
    numbers = [f"{areas[key]['mean']:.3f}" for key in ("development", "confirmation")]
    return f"| `{name}` | {words} | {' | '.join(numbers)} |"


def _losses(losses: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in losses.items())


def main() -> None:
    """Read the checkpoint's card and the results, and keep them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("result", type=Path)
    parser.add_argument("--untrained", type=Path, help="result of the untrained control")
    given = parser.parse_args()
    kept = {
        "record": record_of(read_card(str(given.checkpoint))),
        "result": json.loads(given.result.read_text(encoding="utf-8")),
        "untrained": given.untrained and json.loads(given.untrained.read_text(encoding="utf-8")),
    }
    atomic.write_json(str(KEPT), kept)
    print(KEPT)


if __name__ == "__main__":
    main()
