"""Gather an unlabelled pretraining set, like m2s2-SITS, from a catalogue of images.

python -m training.gather_m2s2 --within france.gpkg --before 2018-09-01 --count 5314 --out m2s2/fr

Random places inside the polygons, all images of the year that ends a year before the labelled
season; the same command goes on after a stop. Prints the counts beside the paper's (Section 6.1).
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from s4_core.cli.terminal import Terminal
from s4_core.errors import S4Error
from s4_core.reproduce.gathering import Gathering, gather

PAPER = {
    "France": {"time_series": 5314, "sentinel_1_images": 731_000, "sentinel_2_images": 90_000},
    "South Sudan": {"time_series": 5941, "sentinel_1_images": 193_000, "sentinel_2_images": 70_000},
}
"""As its Section 6.1 has them, rounded to thousands."""


def main() -> None:
    """Gather and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--within", required=True, metavar="FILE", help="polygons to stay inside")
    before = "first day of the labelled season: all images are a year older"
    parser.add_argument(
        "--before", type=date.fromisoformat, required=True, metavar="DATE", help=before
    )
    parser.add_argument("--count", type=int, required=True, metavar="N", help="series to gather")
    parser.add_argument("--patch", type=int, default=128, metavar="PX")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--source", action="append", default=[], metavar="NAME|URL|FILE")
    parser.add_argument("--collection", action="append", default=[], metavar="NAME")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    asked = parser.parse_args()
    wanted = Gathering(
        asked.within,
        asked.count,
        asked.before,
        asked.patch,
        asked.seed,
        tuple(asked.source),
        tuple(asked.collection),
    )
    try:
        counts = gather(asked.out, wanted, Terminal())
    except S4Error as error:
        raise SystemExit(f"error: {error.message}\n  do: {error.remedy}") from error
    print(table({str(asked.out): counts, **PAPER}))


def table(rows: dict[str, dict[str, int]]) -> str:
    """Counts of sets, one a line: Markdown."""
    columns = {"time_series": "time series", "sentinel_1_images": "Sentinel-1 images",
               "sentinel_2_images": "Sentinel-2 images"}  # fmt: skip
    lines = [f"| set | {' | '.join(columns.values())} |", "|---" * (len(columns) + 1) + "|"]
    for name, row in rows.items():
        label = f"{name} (paper)" if row in PAPER.values() else name
        lines.append(f"| {label} | " + " | ".join(f"{row[key]:,}" for key in columns) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
