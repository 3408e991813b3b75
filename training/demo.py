"""The main job from beginning to end: pretrain, fine-tune on a handful of parcels, map, evaluate.

Maps an area by optical and by radar images alone, measures both maps on the parcels that did not
train the model, and draws one page:

    python training/demo.py --area AREA --out out/demo
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from s4_core import jobs, protocol  # noqa: E402
from s4_core.cli.tables import table, with_spread  # noqa: E402
from s4_core.cli.terminal import Terminal, interruptible, say_error  # noqa: E402
from s4_core.errors import AreaError, Cancelled  # noqa: E402
from s4_core.launch import tune_malloc  # noqa: E402
from s4_core.model_card import read_card  # noqa: E402
from s4_core.types import Season  # noqa: E402

MODALITIES = ("optical", "radar")
PARCELS_PER_CLASS = 2
MOST_OFFSET_DAYS = 15

SCHEDULES: dict[str, dict[str, Any]] = {
    "adapt": {"pretrain.epochs": 4, "pretrain.steps_per_epoch": 15},
    "scratch": {"pretrain.epochs": 6, "pretrain.steps_per_epoch": 10},
    "quick": {
        "pretrain.epochs": 2,
        "pretrain.steps_per_epoch": 1,
        "pretrain.batch": 1,
        "pretrain.patch_px": 16,
        "pretrain.validation_patches": 1,
    },
}
"""Pretraining from the shipped checkpoint, without one, and for tests."""


def main() -> int:
    """Run the demo; exit code 0, 1 (failed) or 130 (cancelled)."""
    options = parse()
    tune_malloc()
    try:
        demo(options)
    except KeyboardInterrupt:
        say_error(Cancelled())
        return 130
    except Exception as exception:
        error = jobs.as_error(exception)
        if error.code == "internal":
            raise
        say_error(error)
        return 130 if isinstance(error, Cancelled) else 1
    return 0


def parse() -> argparse.Namespace:
    """Options of the demo."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--area", metavar="AREA", help="folder of a labelled area")
    parser.add_argument("--out", metavar="FOLDER", default="out/demo", help="default: %(default)s")
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="default: %(default)s")
    parser.add_argument("--quick", action="store_true", help="train hardly at all (for tests)")
    return parser.parse_args()


def default_area() -> Path:
    """The real area beside the repository, else the embedded simulated sample."""
    data = Path(os.environ.get("S4_DATA", REPOSITORY.parent / "shared" / "data"))
    real = data / "flanders" / "brabant_2019"
    return real if real.is_dir() else REPOSITORY / "resources" / "sample"


def demo(options: argparse.Namespace) -> None:
    """Every step, one job each."""
    began = time.monotonic()
    out = Path(options.out)
    area = protocol.AreaRequest(path=str(options.area or default_area()))
    described = do("look at the area", protocol.InfoJob(area))
    if not described["labels"] or not described["field"]:
        raise AreaError(
            f"area.json of {described['name']} names no labelled parcels.",
            "Choose an area with 'labels' and 'field' in its area.json.",
        )
    base = pretrain(options, area, described, out)
    metrics = {
        modality: map_and_measure(options, area, described, base, modality, out / modality)
        for modality in MODALITIES
    }
    page = out / "report.html"
    do("draw the report", protocol.ReportJob(str(out), str(page)))
    print(summary(described, metrics, out))
    print(f"\nreport    {page}\ntook      {time.monotonic() - began:.0f} s")


def pretrain(
    options: argparse.Namespace, area: protocol.AreaRequest, described: dict[str, Any], out: Path
) -> str:
    """Adapt the shipped checkpoint to the area's unlabelled images, or start from nothing."""
    init = fitting_checkpoint(described["season"])
    kind = "quick" if options.quick else "adapt" if init else "scratch"
    job = protocol.PretrainJob(
        areas=(area,),
        out=str(out / "pretrained.safetensors"),
        init=init,
        overrides={**SCHEDULES[kind], "seed": options.seed},
    )
    what = f"from {Path(init).name}" if init else "from nothing"
    return str(do(f"pretrain on the unlabelled images, {what}", job)["model"])


def fitting_checkpoint(season: list[str] | None) -> str | None:
    """The shipped checkpoint, if its calendar starts when the area's season does."""
    found = sorted((REPOSITORY / "resources" / "checkpoints").glob("*.safetensors"))
    for path in found:
        calendar = read_card(path).calendar
        if season is None or calendar is None:
            continue
        if abs(calendar.offset_days(Season.parse(":".join(season)))) <= MOST_OFFSET_DAYS:
            return str(path)
    return None


def map_and_measure(  # noqa: PLR0917 - one run's places and choices
    options: argparse.Namespace,
    area: protocol.AreaRequest,
    described: dict[str, Any],
    base: str,
    modality: str,
    folder: Path,
) -> dict[str, Any]:
    """Fine-tune, map and evaluate by one modality."""
    learned = do(
        f"{modality}: learn the crops from {PARCELS_PER_CLASS} parcels a class",
        protocol.FinetuneJob(
            area=area,
            init=base,
            out=str(folder / "model.safetensors"),
            modality=modality,
            parcels_per_class=PARCELS_PER_CLASS,
            seed=options.seed,
        ),
    )
    mapped = do(
        f"{modality}: map the area",
        protocol.SegmentJob(
            area=area, model=learned["model"], modality=modality, out=str(folder / "crop_map.tif")
        ),
    )
    return do(
        f"{modality}: measure the map on the other parcels",
        protocol.EvaluateJob(
            map=mapped["map"],
            reference=described["labels"],
            field=described["field"],
            exclude_parcels=learned["training_parcels"],
            out=str(folder / "metrics.json"),
        ),
    )


def do(title: str, job: protocol.Job) -> dict[str, Any]:
    """Run one job with its progress."""
    print(f"* {title}", flush=True)
    terminal = Terminal()
    try:
        with interruptible(terminal):
            return jobs.run(job, terminal)
    finally:
        terminal.close()


def summary(described: dict[str, Any], metrics: dict[str, dict[str, Any]], out: Path) -> str:
    """One line a map."""
    rows = [
        [
            modality,
            with_spread(found["miou"]["value"], found["miou"]),
            with_spread(found["oa"], found["oa_spread"]),
            str(sum(found["parcels"][n] for n, iou in found["iou"].items() if iou is not None)),
            str(out / modality / "crop_map.tif"),
        ]
        for modality, found in metrics.items()
    ]
    header = ["images", "mean IoU (spread)", "accuracy (spread)", "parcels", "map"]
    notes = list(dict.fromkeys(text for found in metrics.values() for text in found["caveats"]))
    kind = "SIMULATED area" if described["simulated"] else "area"
    return "\n".join(["", f"{kind} {described['name']}", table(header, rows), *notes])


if __name__ == "__main__":
    sys.exit(main())
