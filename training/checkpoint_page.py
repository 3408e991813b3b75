"""Write docs/checkpoint.md: what a checkpoint was made from, and what comparisons say of it.

python -m training.checkpoint_page CHECKPOINT
    [--name NAME --floors CHECKPOINT [...] --chosen FILE.json [...] --judged FILE.json [...]]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from s4_core.config import settings_from_plain
from s4_core.model_card import ModelCard, read_card
from training import without_areas
from training.compare_checkpoints import table

ROOT = Path(__file__).resolve().parents[1]

PAGE = """# The shipped checkpoint

`{name}` ({megabytes:.2f} MB) is S4 pretrained on simulated and real areas, with a parcel metric
learned on simulated areas. No label of a real area was read. This page is written by
`python -m training.checkpoint_page` from the file itself and from the results of
`python -m training.compare_checkpoints`.

## How it was made

    make checkpoint     # python -m training.make_checkpoint, .make_metric, .calibrate_metric

goes on where it was stopped and runs on a CPU or a GPU; the network came from a GPU, so another
machine gives another one, of the same recipe. The areas were prepared beforehand (the real ones
where GDAL was, the simulated ones on the machine with the GPU).

### The network

{record}

Standardisation is that of the real areas, fixed before training. Areas:

{areas}

### The parcel metric

One or two parcels cannot say which of a pixel's many hundred features tell crops apart, and which
only tell one field of a crop from the next. Areas whose crops are known can. The
network stays frozen; on top of its decoder and the series a small network is trained on few-parcel
episodes (prototypical networks: Snell, Swersky, Zemel 2017): one to three parcels of each class of
a simulated area teach, its other parcels are to be told apart. With `finetune.classifier
prototypes` a class is what lies near the mean of its parcels. This file asks for `propagation`:
that belief first spreads among unlabelled pixels of the area that are alike, what each class then
seems to cover pulls its mean, and a linear readout learns the outcome.
`finetune.readout decoder` does without all this.

`s4 pretrain --init` of this file fits the metric, not the network, to an area's own unlabelled
images: each modality's metric learns to see the neighbourhoods that both see together
(`pretrain.learns`). To train the network further makes maps worse, as the metric does not know
the features that come of it.

{metric}

The simulated areas vary more than those of pretraining, and a fifth of them end early in the
season. Confidence is calibrated (`training.calibrate_metric`) on simulated areas that vary more
than any that taught, with random gains, offsets and noise: real areas differ from simulated ones in
ways that nobody knows. What
every part brings, and what was tried without success, stands in [experiments](experiments.md);
`s4 benchmark few-parcels` ([page](benchmark.md)) measures it on real parcels.

{without}## Is the task solved without a look at the ground?

Contrastive loss of the fixed patches of the training areas, in evaluation mode: true pairs,
independent noise instead of both images, and a network that knows nothing. The nearer noise is
to chance, the less place and date alone give away.

{floor}

`shift 0` cuts both modalities of a patch at one place: zero padding tells the place, and noise
nearly does as well as images.

## Does it help with few parcels?

Simulated areas that no training saw, one and two training parcels a class, several draws,
optical and radar; all other parcels judge. The network stands here without the metric: the
classifier is the same logistic regression everywhere; "raw series" has gaps filled. Intervals
(95 %) come from bootstrapping areas. Simulated areas are not real ones: these numbers choose
between trainings and promise nothing about a real area.

"stem" and "decoder" are layers of the network (`finetune.readout`), "+ raw" joins the series
(`finetune.readout_raw`). The runs' names: s0, s16 = longest shift in pixels; nodays = without
day encoding; rec, con = one of the two losses alone; norms = BatchNorm per modality; bands = band
dropout; l = trained for longer; former = the file shipped before. The shipped one is
**{shipped}**.

### Areas by which it was chosen

{chosen}

### Areas that chose nothing

{judged}
"""


def record_lines(card: ModelCard) -> str:
    """The training record as a table."""
    record, settings = card.record, settings_from_plain(card.settings)
    schedule = settings.pretrain
    calendar = card.calendar
    rows: dict[str, Any] = {
        "simulated data": card.simulated,
        "calendar": calendar
        and f"from {calendar.start_month:02d}-{calendar.start_day:02d}, "
        f"{calendar.count} dates, {calendar.step_days} days apart",
        "steps x batch x patch": f"{record['steps']} x {schedule.batch} x {schedule.patch_px} px",
        "longest shift": f"{schedule.shift_px} px",
        "day encoding": settings.network.encode_days,
        "temperature of the contrastive loss": settings.loss.temperature,
        "weight of the reconstruction (lambda)": settings.loss.reconstruction_weight,
        "best epoch": f"{record['best_epoch']} of {record['epochs']}",
        "losses there": ", ".join(f"{k} {v:.3f}" for k, v in record["losses"].items()),
        "seed": record["seed"],
        "device": record["device"],
        "duration": f"{record['duration_s']:.0f} s (several trainings shared the device)",
        "software": f"{record['software']}, torch {record['torch']}",
    }
    lines = ["| | |", "|---|---|", *[f"| {key} | {value} |" for key, value in rows.items()]]
    return "\n".join(lines)


def metric_lines(card: ModelCard) -> str:
    """How the metric was learned, as a table."""
    learned, settings = card.record["metric"], settings_from_plain(card.settings)
    schedule = learned["schedule"]
    linear, hidden, nonlinear = settings.network.metric_widths
    by_modality = {
        name: ", ".join(f"{m} {v:.2f}" for m, v in learned[name].items())
        for name in ("loss", "temperatures")
    }
    rows = {
        "simulated areas": learned["simulated areas"],
        "their seeds": "{} to {}".format(*learned["seeds"]),
        "steps x episodes": f"{schedule['steps']} x {schedule['areas']}",
        "dropout while it learned": f"{learned['dropout']:g}",
        "embedding": f"{linear} linear and {nonlinear} of a perceptron ({hidden} hidden)",
        "loss of the last episodes": by_modality["loss"],
        "temperature of confidence, by harder areas": by_modality["temperatures"],
        "temperature of confidence, in use": f"{settings.finetune.temperature:.2f}",
        "mean IoU of other parcels minus that of left-out ones": "; ".join(
            f"{low:+.2f} to {high:+.2f} with {count}" + (" or more" if count == "4" else "")
            for count, (low, high) in learned["offsets"].items()
        ),
    }
    lines = ["| | |", "|---|---|", *[f"| {key} | {value} |" for key, value in rows.items()]]
    return "\n".join(lines)


def without_lines(card: ModelCard) -> str:
    """What a checkpoint reaches that has not seen the tested areas, where that was measured."""
    if not without_areas.KEPT.exists():
        return ""
    return without_areas.section(json.loads(without_areas.KEPT.read_text(encoding="utf-8")), card)


def area_lines(card: ModelCard) -> str:
    """Real areas one by one, simulated ones counted."""
    areas = card.record["areas"]
    lines = [
        f"- {a['name']}, {a['season']}: {a['dates']['optical']} optical, "
        f"{a['dates']['radar']} radar dates"
        for a in areas
        if not a["simulated"]
    ]
    simulated = [a["name"] for a in areas if a["simulated"]]
    return "\n".join([*lines, f"- {len(simulated)} simulated: {simulated[0]} to {simulated[-1]}"])


def floor_lines(checkpoints: list[Path]) -> str:
    """Noise floors of several trainings."""
    lines = ["| training | shift, px | day encoding | true pairs | noise | chance |"]
    lines.append("|---|---|---|---|---|---|")
    for path in checkpoints:
        card = read_card(str(path))
        settings, floor = settings_from_plain(card.settings), card.record["noise_floor"]
        values = " | ".join(f"{floor[key]:.2f}" for key in ("pairs", "noise", "chance"))
        words = "yes" if settings.network.encode_days else "no"
        lines.append(f"| {path.stem} | {settings.pretrain.shift_px} | {words} | {values} |")
    return "\n".join(lines)


def comparison(paths: list[Path]) -> str:
    """The tables of some comparisons, each with what was asked."""
    parts = []
    for path in paths:
        found = json.loads(path.read_text(encoding="utf-8"))
        asked = found["asked"]
        parts.append(
            f"{len(asked['areas'])} areas ({asked['areas'][0]} to {asked['areas'][-1]}), "
            f"{asked['draws']} draws:\n\n{table(found['methods'])}"
        )
    return "\n\n".join(parts)


KEPT = "## Is the task solved"
"""From here on the page compares trainings; their files need not be here any more."""


def page_of(arguments: argparse.Namespace) -> str:
    """The whole page, or its first part before what stands on the page already."""
    card = read_card(str(arguments.checkpoint))
    has_all = arguments.floors and arguments.chosen and arguments.judged
    page = PAGE.format(
        name=arguments.checkpoint.name,
        megabytes=arguments.checkpoint.stat().st_size / 1e6,
        record=record_lines(card),
        areas=area_lines(card),
        metric=metric_lines(card),
        without=without_lines(card),
        floor=floor_lines(arguments.floors),
        shipped=arguments.name,
        chosen=comparison(arguments.chosen),
        judged=comparison(arguments.judged),
    )
    if has_all:
        return page
    before = arguments.out.read_text(encoding="utf-8")
    return page[: page.index(KEPT)] + before[before.index(KEPT) :]


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--name", default="", help="of the training in the comparisons")
    for name, what in (
        ("floors", "checkpoints"),
        ("chosen", "comparisons that chose"),
        ("judged", "comparisons that chose nothing"),
    ):
        text = f"{what}; without all three the page's comparisons stay as they are"
        parser.add_argument(f"--{name}", type=Path, nargs="+", default=[], help=text)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "checkpoint.md")
    arguments = parser.parse_args()
    arguments.out.write_text(page_of(arguments), encoding="utf-8")


if __name__ == "__main__":
    main()
