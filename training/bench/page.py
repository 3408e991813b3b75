"""Write docs/performance.md and its plot from what `make bench` measured.

python -m training.bench.page [--results out/bench]
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl

from s4_core import io
from training.bench.rounds import ROOT, speedup

mpl.use("Agg")
from matplotlib import pyplot as plt

Results = Mapping[str, Any]

TARGETS: dict[tuple[str, str], tuple[str, str, float]] = {
    ("inference", "speedup_fp32"): ("fp32-equal results, times as fast", ">=", 1.7),
    ("inference", "agreement_fp32"): ("fp32-equal results, same class", ">=", 0.999),
    ("inference", "speedup_bf16"): ("bf16, times as fast", ">=", 6.0),
    ("inference", "agreement_bf16"): ("bf16, same class", ">=", 0.995),
    ("inference", "gemm_share_fp32"): ("share of the GEMM peak, fp32", ">=", 0.75),
    ("training", "finetune_speedup"): ("fine-tune step, times as fast", ">=", 1.5),
    ("training", "pretrain_speedup"): ("pretrain step, times as fast", ">=", 1.5),
    ("training", "loader_idle"): ("share of an epoch that waits for data", "<", 0.05),
    ("interactive", "cached_s"): ("learn again and map again, cached, s", "<=", 3.0),
    ("interactive", "first_s"): ("learn and map for the first time, s", "<=", 30.0),
}
"""What issue 6 asks for."""

PAGE = """# Performance

Measured by `make bench` in one run of {minutes:.0f} minutes and written by
`python -m training.bench.page`; nothing here is typed by hand. Speeds are ratios within that run:
what is compared takes turns, each side in a process of its own, and a ratio is the smaller one of
that of the medians and that of the minima. Every single time stands in
[results/bench_details.json](results/bench_details.json).

Machine: {processor}, {cores} cores, {threads} threads used, {memory_gb} GB, {system}; bf16 by
{bf16}; Python {python}, {versions}. Load of the machine (1, 5, 15 minutes) before: {load}, after:
{load_after}.

{table}

## What is compared

- **Network**: T = 43, C = 10, 128 x 128 px, the shipped network with a head of 20 classes and
  random weights, {plain_s:.2f} s plain (median). *Plain* is eager PyTorch in float32 as users get
  it: default malloc, contiguous, the classes convolved for every date and their mean taken.
  *Product* is what `s4 segment` runs: "{backend}" BatchNorm is folded into the convolutions, mean
  and last convolution into one of 2D. Share of the GEMM peak: {gflop:.0f} GFLOP of direct
  convolutions, in the time of the product, against {peak:.0f} GFLOP/s of a 4096 x 4096 product of
  matrices. Maps are made in fp32 unless `--precision bf16` is asked for. In a tile of a map the
  halo costs less than here: towards the output only what the wanted pixels need is computed.
- **Training steps**: two patches of 32 x 32 px, 40 dates, forward, loss, backward, Adam. The
  product trains in bf16 where the hardware has it; in float32 it is {finetune_fp32:.2f}
  (fine-tune) and {pretrain_fp32:.2f} (pretrain) times as fast as plain.
- **Loop**: 512 x 512 px, 40 dates, simulated; two parcels a class teach, other parcels every time.
  Two jobs of the product in a process that runs: learn the head with leave-one-parcel-out scores,
  then map all. Of the cached {cached_s:.2f} s, learning takes {refit_s:.2f} s (median) and the map
  {map_s:.2f} s. Starting a process and loading the libraries comes on top, once a job.

## Streamed InfoNCE

One loss with its gradient, D = 64, float32. MB: what the process took on top of what it had; an
empty place: it does not fit into this machine's memory.

{infonce}

![seconds and memory of the contrastive loss](images/performance-infonce.png)

## Areas

Maps of squares of one simulated scene, `--no-cache`, each in a process of its own, whose libraries
are in the memory. [scale.md](scale.md) has larger ones.

{area}

![seconds by pixels](images/performance-area.png)
"""


def main() -> None:
    """Write the page, its plots, and keep the results that it rests on."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--results", type=Path, default=ROOT / "out" / "bench")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs")
    arguments = parser.parse_args()
    results, details = (
        json.loads((arguments.results / name).read_text(encoding="utf-8"))
        for name in ("bench.json", "details.json")
    )
    (arguments.docs / "results").mkdir(parents=True, exist_ok=True)
    (arguments.docs / "images").mkdir(parents=True, exist_ok=True)
    for name, kept in (("bench.json", "bench.json"), ("details.json", "bench_details.json")):
        shutil.copyfile(arguments.results / name, arguments.docs / "results" / kept)
    draw_infonce(results["infonce"], arguments.docs / "images" / "performance-infonce.png")
    draw_area(results["area"], arguments.docs / "images" / "performance-area.png")
    io.write_text(arguments.docs / "performance.md", page(results, details))


def page(results: Results, details: Mapping[str, Any]) -> str:
    """The text of docs/performance.md."""
    machine, parts = details["machine"], details["parts"]
    network, loop = parts["inference"], parts["maps"]["times"]["cached"]
    steps = parts["training"]["times"]
    versions = (f"{name} {version}" for name, version in machine["versions"].items() if version)
    return PAGE.format(
        **{**machine, "bf16": machine["bf16"] or "emulation", "versions": ", ".join(versions)},
        minutes=sum(details["seconds"].values()) / 60,
        table=table(results),
        plain_s=statistics.median(network["times"]["plain"]),
        backend=network["backend"],
        gflop=network["flops"] / 1e9,
        peak=network["gemm"] / 1e9,
        finetune_fp32=_ratio(steps, "finetune"),
        pretrain_fp32=_ratio(steps, "pretrain"),
        cached_s=results["interactive"]["cached_s"],
        refit_s=statistics.median(turn["finetune"] for turn in loop),
        map_s=statistics.median(turn["segment"] for turn in loop),
        infonce=_rows(
            ("n", "naive_s", "streamed_s", "naive_mb", "streamed_mb"), results["infonce"]
        ),
        area=_rows(("pixels", "dates", "seconds", "peak_mb"), results["area"]),
    )


def table(results: Results) -> str:
    """Every number that has a target, with whether it is met."""
    lines = ["| | measured | target | |", "|---|--:|--:|---|"]
    for (section, key), (words, sign, wanted) in TARGETS.items():
        value = results[section][key]
        if value is None:
            lines.append(f"| {words} (`{section}.{key}`) | not on this machine | | |")
            continue
        met = (
            value >= wanted if sign == ">=" else value < wanted if sign == "<" else value <= wanted
        )
        said = "met" if met else "**missed**"
        lines.append(
            f"| {words} (`{section}.{key}`) | {_number(value)} | {sign} {wanted:g} | {said} |"
        )
    return "\n".join(lines) + "\n"


def draw_infonce(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Seconds and memory of both forms by the number of sites."""
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    for axis, unit, words in zip(axes, ("s", "mb"), ("seconds", "MB")):
        for form, style in (("naive", "o--"), ("streamed", "s-")):
            known = [(r["n"], r[f"{form}_{unit}"]) for r in rows if r[f"{form}_{unit}"] is not None]
            axis.loglog(*zip(*known), style, label=form)
        axis.set_xlabel("sites N")
        axis.set_ylabel(words)
        axis.grid(alpha=0.3)
    axes[0].legend()
    figure.savefig(path, dpi=110)
    plt.close(figure)


def draw_area(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Seconds by pixels."""
    figure, axis = plt.subplots(figsize=(5, 3.4), layout="constrained")
    axis.plot([row["pixels"] / 1e3 for row in rows], [row["seconds"] for row in rows], "o-")
    axis.set_xlim(left=0)
    axis.set_ylim(bottom=0)
    axis.set_xlabel("thousand pixels")
    axis.set_ylabel("seconds")
    axis.grid(alpha=0.3)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _ratio(times: Mapping[str, Sequence[float]], step: str) -> float:
    return speedup(times[f"{step}_plain"], times[f"{step}_product_fp32"])


def _rows(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    lines = [f"| {' | '.join(names)} |", f"|{'--:|' * len(names)}"]
    lines += [f"| {' | '.join(_number(row[name]) for name in names)} |" for row in rows]
    return "\n".join(lines)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    if isinstance(value, int) or value >= 10_000:
        return f"{value:.0f}"
    return f"{value:.4g}"


if __name__ == "__main__":
    main()
