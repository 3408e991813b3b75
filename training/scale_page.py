"""Write docs/scale.md and its plot from the runs of `training.scale_run`.

python -m training.scale_page [--results docs/results/scale.jsonl]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from s4_core import io
from s4_core.cli.tables import table

ROOT = Path(__file__).resolve().parents[1]
Row = dict[str, Any]

PIXEL_M2 = 100
"""Of Sentinel-2's 10 m bands."""

SCRATCH_BYTES = (1 + 8) * 7 / 3
"""Per pixel while a map is made: class, confidence and margin, raw and as GeoTIFFs."""

BOUND_MB = 2000

REGIONS = (("one Sentinel-2 tile", 12_056), ("a small country", 30_000), ("a large one", 500_000))
"""Square kilometres."""

PAGE = """# Large areas: time, memory, disk, and more than one machine

Written by `python -m training.scale_page` from `docs/results/scale.jsonl`. A line of it is one run
of the product's own command, watched from outside:

    python -m training.scale_scene --size 4096 --dates 20 --out out/scale/scene_4096
    python -m training.scale_run --area out/scale/scene_4096 --model MODEL \\
        --results docs/results/scale.jsonl --label size -- --modality optical --threads 1

The scenes are **simulated**: one simulated pattern, repeated. MODEL is `s4-field` fine-tuned on
`resources/sample`, with the readout that the label names: "metric" is the product's default, "stem"
(`--set finetune.readout=stem`) runs two layers only. Machine: {machine}; others used it at the same
time, so seconds on the clock are upper bounds, and CPU seconds say what the work takes. Runs named
"before" are of an earlier version and stand here for what they showed.

{runs}

"peak" is the largest memory of the command with all its processes (with workers: of the driver and
all of them; memory that they share counts for each). "read/stored" is what was read, the program's
own files included, per byte of the images. The bound is 2 GB a process at
any extent: {bound}

## Cost grows with the pixels

![CPU seconds by pixels](images/scale.png)

{linear}

Tiles are read in bands of rows that are as high as GDAL's block cache allows, from left to right:
a stored block is decoded once, and again only where two bands share it. Reading and warping,
computing, and writing run in three threads at once. Images in blocks that the cache cannot hold
(whole rows over a wide scene, JPEG 2000) are decoded more often; the command warns of them.

## Before it starts

`s4 segment --plan` tells tiles, time, memory and disk without making the map, and every run says
the same before its first tile. The time comes from a quarter of one tile, read and computed twice.
{plan}

## More processes, more machines

    s4 segment ... --workers 4                       processes on this machine
    s4 segment ... --dask tcp://scheduler:8786       any Dask cluster

The driver hands out tiles; a worker reads the images itself and stores each tile in a hidden
folder beside `--out` (under another name first, so that no half tile is seen). The driver takes
the tiles in, in order, and finishes the map as a run without workers does: parcels, areas,
overviews, one GeoTIFF. A tile made twice is the same file, so that a worker that dies costs only
its tiles in hand; a driver that dies goes on with `--resume`. All workers must see images, model
and map under the same paths and run the same version; each is asked before the first tile.
Device, precision and backend are the same for all; with the backend of a run without workers
(`--backend`; a probe may choose another) the pixels are the same to the last bit. `--threads`
counts for each worker, `--tile` for the map. `pip install distributed` brings Dask. Dask trusts
whoever reaches its ports: keep them inside your own network.

{workers}

Examples: [Slurm](examples/segment.slurm), [Kubernetes](examples/segment.kubernetes.yaml).

## Training by several processes

    torchrun --nproc-per-node 2 -m s4_core pretrain ... --set pretrain.batch=32

`pretrain`, and `finetune` in the modes decoder and full, share every batch out: all processes draw
the same patches, each computes its part. Gradients, the means in both losses and BatchNorm's
statistics are those of the whole batch (the contrastive loss compares within one patch, so no
negatives are exchanged). In float64 gradients and running statistics equal those of one process to
1e-6 and better (`tests/train/test_ranks.py`). In float32 the curve of two processes follows that
of one within 0.1 % in the first epoch and 2 % later, as closely as one process follows itself
when its batches are put in another order: Adam makes full steps of rounding errors. The first
process alone writes and reports; when one dies all end, and `--resume` goes on after the last
finished epoch with the very same curve (`torchrun --max-restarts` does it by itself). gloo on the
CPU, nccl on GPUs (not tried here: no GPU). Validation of `finetune` runs on every process.

Examples: [Slurm](examples/pretrain.slurm), [Kubernetes](examples/pretrain.kubernetes.yaml).

## What a country costs

{country}
"""


def main() -> None:
    """Write page and plot."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--results", type=Path, default=ROOT / "docs" / "results" / "scale.jsonl")
    arguments = parser.parse_args()
    rows = [json.loads(line) for line in arguments.results.read_text().splitlines()]
    made = [row for row in rows if "--plan" not in row["options"]]
    sizes = by_label([r for r in made if r["complete"] and "--workers" not in r["options"]])
    draw(sizes, ROOT / "docs" / "images" / "scale.png")
    shared = [row for row in made if "--workers" in row["options"]]
    if shared:
        draw_workers(shared, ROOT / "docs" / "images" / "scale-workers.png")
    page = PAGE.format(
        machine=rows[0]["machine"],
        runs=indented(run_table(made)),
        bound=bound(made),
        linear=linear(sizes),
        plan=plan([row for row in rows if "--plan" in row["options"]]),
        workers=workers(shared),
        country=country(sizes),
    )
    io.write_text(ROOT / "docs" / "scale.md", page)


def indented(text: str) -> str:
    """As preformatted text."""
    return "\n".join(f"    {line}" for line in text.splitlines())


def run_table(rows: Sequence[Row]) -> str:
    """A line a run."""
    header = ["run", "pixels", "dates", "complete", "s", "CPU s", "peak MB", "read/stored"]
    cells = [
        [
            name(row),
            f"{row['size'][0]} x {row['size'][1]}",
            str(row["dates"]),
            "yes" if row["complete"] else "stopped",
            f"{row['seconds']:.0f}",
            f"{row['cpu_seconds']:.0f}" if row.get("cpu_seconds") else "-",
            str(row["peak_mb"]),
            f"{row['read_mb'] / row['images_mb']:.1f}" if row["complete"] else "-",
        ]
        for row in rows
    ]
    return table(header, cells)


def name(row: Row) -> str:
    """Of a run: its label, with the number of workers."""
    options = row["options"]
    if "--workers" not in options:
        return str(row["label"])
    return f"{row['label']}, --workers {options[options.index('--workers') + 1]}"


def bound(rows: Sequence[Row]) -> str:
    """Whether every run kept to it."""
    rows = [row for row in rows if not row["label"].startswith("before")]
    largest = max(rows, key=lambda row: row["peak_of_one_process_mb"])
    over = [row for row in rows if row["peak_of_one_process_mb"] > BOUND_MB]
    broken = f"NOT kept by {len(over)} of {len(rows)} runs"
    kept = broken if over else "kept by every run of this version"
    return (
        f"{kept}, the largest was {largest['peak_of_one_process_mb']} MB "
        f"({largest['label']}, {largest['size'][0]} x {largest['size'][1]} px)."
    )


def by_label(sizes: Sequence[Row]) -> dict[str, list[Row]]:
    """Runs whose CPU seconds were counted, smallest first, of the labels with two sizes or more."""
    known = sorted((r for r in sizes if r.get("cpu_seconds")), key=lambda r: r["pixels"])
    found = {
        label: [r for r in known if r["label"] == label] for label in (r["label"] for r in known)
    }
    return {label: rows for label, rows in found.items() if len({r["pixels"] for r in rows}) > 1}


def rate(rows: Sequence[Row]) -> float:
    """CPU seconds per million pixels, what does not grow with the pixels left out."""
    small, large = rows[0], rows[-1]
    spent = large["cpu_seconds"] - small["cpu_seconds"]
    return float(1e6 * spent / (large["pixels"] - small["pixels"]))


def draw(groups: Mapping[str, Sequence[Row]], path: Path) -> None:
    """CPU seconds by pixels."""
    figure = Figure(figsize=(5, 3.2), layout="constrained")
    axes = figure.subplots()
    for label, rows in groups.items():
        spent = [r["cpu_seconds"] for r in rows]
        axes.plot([r["pixels"] / 1e6 for r in rows], spent, "o-", label=label)
    axes.set(xlabel="million pixels", ylabel="CPU seconds", xlim=(0, None), ylim=(0, None))
    axes.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)


def linear(groups: Mapping[str, Sequence[Row]]) -> str:
    """What the plot shows."""
    return "\n".join(
        f"- {label}: {rate(rows):.0f} CPU seconds per million pixels between the smallest and the "
        f"largest of {len(rows)} sizes" + bends(rows) + "."
        for label, rows in groups.items()
    )


def bends(rows: Sequence[Row]) -> str:
    """How far the sizes between lie from the line."""
    if len(rows) < 3:
        return "; fewer than three do not show that the cost is linear"
    first, each = rows[0], rate(rows) / 1e6
    off = [
        r["cpu_seconds"] / (first["cpu_seconds"] + each * (r["pixels"] - first["pixels"])) - 1
        for r in rows[1:-1]
    ]
    if len(off) == 1:
        return f", the one between {off[0]:+.0%} off that line"
    return f", those between {min(off):+.0%} to {max(off):+.0%} off that line"


def plan(rows: Sequence[Row]) -> str:
    """What planning took."""
    return "\n".join(
        f"For {r['size'][0]} x {r['size'][1]} px and {r['dates']} dates (virtual rasters over a "
        f"smaller scene) it took {r['cpu_seconds']:.0f} CPU seconds ({r['seconds']:.0f} s on the "
        f"clock) and {r['peak_of_one_process_mb']} MB in its largest process."
        for r in rows
    )


def workers(rows: Sequence[Row]) -> str:
    """How much faster more workers were."""
    if not rows:
        return (
            "One and two workers on this machine were not timed: both cores were taken. "
            "`training.scale_run ... -- --workers 2` does it."
        )
    one, two = (_last(rows, str(count)) for count in (1, 2))
    return (
        f"{indented(run_table(rows))}\n\n"
        "Each worker computed with one thread; other work on the machine had to give way. Two were "
        f"{one['seconds'] / two['seconds']:.2f} times as fast as one; starting them, and finishing "
        "the map, is not shared.\n\n"
        "![seconds by workers](images/scale-workers.png)\n\n"
        'With "threads pinned", before, two were no faster than one: OpenVINO pins its threads to '
        "a machine's first cores, so that both workers shared one core. The product unpins them."
    )


def _last(rows: Sequence[Row], count: str) -> Row:
    """The newest run with so many workers."""
    return [r for r in rows if r["options"][r["options"].index("--workers") + 1] == count][-1]


def draw_workers(rows: Sequence[Row], path: Path) -> None:
    """Seconds by workers, beside what halving would give."""
    figure = Figure(figsize=(5, 3.2), layout="constrained")
    axes = figure.subplots()
    for label in dict.fromkeys(row["label"] for row in rows):
        own = [row for row in rows if row["label"] == label]
        seconds = [_last(own, count)["seconds"] for count in ("1", "2")]
        axes.plot([1, 2], seconds, "o-", label=label)
    axes.plot([1, 2], [seconds[0], seconds[0] / 2], "--", color="0.6", label="shared evenly")
    axes.set(xlabel="workers", ylabel="seconds", xticks=[1, 2], ylim=(0, None))
    axes.legend()
    figure.savefig(path, dpi=120)


def country(groups: Mapping[str, Sequence[Row]]) -> str:
    """Core-hours and gigabytes by area."""
    if not groups:
        return "There are too few runs to tell."
    largest = max((row for rows in groups.values() for row in rows), key=lambda r: r["pixels"])
    stored = largest["images_mb"] * 1e6 / largest["pixels"] / largest["dates"]
    cells = []
    for name, square_km in REGIONS:
        pixels = square_km * 1e6 / PIXEL_M2
        hours = [f"{pixels / 1e6 * rate(rows) / 3600:.0f}" for rows in groups.values()]
        sizes = [pixels * stored * 40, pixels * SCRATCH_BYTES]
        cells.append(
            [
                name,
                f"{square_km}",
                f"{pixels / 1e6:.0f}",
                *hours,
                *(f"{b / 1e9:.1f}" for b in sizes),
            ]
        )
    named = [f"core-hours, {label}" for label in groups]
    header = ["area", "km2", "million px", *named, "GB of images, 40 dates", "GB of scratch"]
    return (
        "At the rates above, on cores like these. The network sees the calendar's 40 dates however "
        "many images there are, so its time does not depend on them; reading does. Other models: "
        "multiply by the ratio of the times that `--plan` tells.\n\n"
        f"{indented(table(header, cells))}"
    )


if __name__ == "__main__":
    main()
