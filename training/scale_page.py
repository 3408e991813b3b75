"""Write docs/scale.md and its plot from the runs of `training.scale_run`.

python -m training.scale_page [--results docs/results/scale.jsonl]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
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
(`--set finetune.readout=stem`) runs two layers only. Machine: {machine}; others used it at the
same time, so seconds on the clock are upper bounds, and CPU seconds say what the work takes.

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

The driver hands out tiles; a worker reads the images itself and stores what it predicts in the
map's hidden folder beside `--out`, aside and renamed. The driver takes the tiles in, in order, and
finishes the map as a run without workers does: parcels, areas, overviews, one GeoTIFF. A tile made
twice is the same file, so that a worker that dies costs only its tiles in hand; a driver that dies
goes on with `--resume`. All workers must see images, model and map under the same paths and
run the same version; each is asked before the first tile. Device, precision and backend are the
same for all; with the backend of a run without workers (`--backend`; a probe may choose another)
the pixels are the same to the last bit. `--threads` counts for each worker, `--tile` for the map.
`pip install 's4-crop-mapper[cluster]'` brings Dask. Dask trusts whoever reaches its ports: keep
them inside your own network.

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
    sizes = [r for r in made if r["complete"] and "--workers" not in r["options"]]
    draw([r for r in sizes if r.get("cpu_seconds")], ROOT / "docs" / "images" / "scale.png")
    page = PAGE.format(
        machine=rows[0]["machine"],
        runs=indented(run_table(made)),
        bound=bound(made),
        linear=linear(sizes),
        plan=plan([row for row in rows if "--plan" in row["options"]]),
        workers=workers([row for row in made if "--workers" in row["options"]]),
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
    largest = max(rows, key=lambda row: row["peak_of_one_process_mb"])
    kept = "kept by every run" if largest["peak_of_one_process_mb"] <= 2000 else "NOT kept"
    return (
        f"{kept}, the largest was {largest['peak_of_one_process_mb']} MB "
        f"({largest['label']}, {largest['size'][0]} x {largest['size'][1]} px)."
    )


def rate(sizes: Sequence[Row]) -> float | None:
    """CPU seconds per million pixels, what does not grow with the pixels left out."""
    known = sorted((r for r in sizes if r.get("cpu_seconds")), key=lambda r: r["pixels"])
    if len(known) < 2 or known[0]["pixels"] == known[-1]["pixels"]:
        return None
    small, large = known[0], known[-1]
    spent = large["cpu_seconds"] - small["cpu_seconds"]
    return float(1e6 * spent / (large["pixels"] - small["pixels"]))


def draw(rows: Sequence[Row], path: Path) -> None:
    """CPU seconds by pixels."""
    figure = Figure(figsize=(5, 3.2), layout="constrained")
    axes = figure.subplots()
    axes.plot([r["pixels"] / 1e6 for r in rows], [r["cpu_seconds"] for r in rows], "o-")
    axes.set(xlabel="million pixels", ylabel="CPU seconds", xlim=(0, None), ylim=(0, None))
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)


def linear(sizes: Sequence[Row]) -> str:
    """What the plot shows."""
    known = {row["pixels"] for row in sizes if row.get("cpu_seconds")}
    each = rate(sizes)
    text = f"CPU seconds were counted at {len(known)} size{'' if len(known) == 1 else 's'}"
    if each is not None:
        text += f": {each:.0f} s per million pixels between the smallest and the largest"
    if len(known) < 3:
        text += "; fewer than three do not show that the cost is linear"
    return text + "."


def plan(rows: Sequence[Row]) -> str:
    """What planning took."""
    return "\n".join(
        f"For {r['size'][0]} x {r['size'][1]} px and {r['dates']} dates (virtual rasters over a "
        f"smaller scene) it took {r['cpu_seconds']:.0f} CPU seconds ({r['seconds']:.0f} s on the "
        f"clock) and {r['peak_of_one_process_mb']} MB."
        for r in rows
    )


def workers(rows: Sequence[Row]) -> str:
    """How much faster more workers were."""
    if not rows:
        return (
            "One and two workers on this machine were not timed: both cores were taken. "
            "`training.scale_run ... -- --workers 2` does it."
        )
    return (
        f"{indented(run_table(rows))}\n\nEach worker computed with one thread, on a machine whose "
        "two cores others used too: the seconds are no measure of how well more workers scale."
    )


def country(sizes: Sequence[Row]) -> str:
    """Core-hours and gigabytes by area."""
    each = rate(sizes)
    if each is None:
        return "There are too few runs to tell."
    largest = max(sizes, key=lambda row: row["pixels"])
    stored = largest["images_mb"] * 1e6 / largest["pixels"] / largest["dates"]
    cells = []
    for name, square_km in REGIONS:
        pixels = square_km * 1e6 / PIXEL_M2
        cells.append(
            [
                name,
                f"{square_km}",
                f"{pixels / 1e6:.0f}",
                f"{pixels / 1e6 * each / 3600:.0f}",
                f"{pixels * stored * 40 / 1e9:.0f}",
                f"{pixels * SCRATCH_BYTES / 1e9:.1f}",
            ]
        )
    header = ["area", "km2", "million px", "core-hours", "GB of images, 40 dates", "GB of scratch"]
    return (
        f'At the rate above, of the readout "{largest["label"].split(",")[0]}", on cores like '
        "these. The network sees the calendar's 40 dates however many images there are, so its "
        "time does not depend on them; reading does. Other models: multiply by the ratio of the "
        f"times that `--plan` tells.\n\n{indented(table(header, cells))}"
    )


if __name__ == "__main__":
    main()
