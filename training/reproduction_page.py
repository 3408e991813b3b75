"""Write what `s4 reproduce` has found into docs/reproduction.md.

python -m training.reproduction_page RUN [--place docs/results/place.json]
    [--fresh docs/results/fresh_areas.json] [--sky docs/results/sky.json]
    [--tiles docs/results/tiles.json]

RUN is the folder of one scale, such as out/reproduce/small.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
from pathlib import Path
from typing import Any

from s4_core import io
from s4_core.reproduce import tables as reproduced
from s4_core.reproduce.cells import Cell
from s4_core.reproduce.methods import method_named
from training.draw_overview import fill
from training.place_study import VARIANTS

PAGE = Path("docs/reproduction.md")
IMAGES = Path("docs/images")
TABLES, PLACE, FRESH = "<!-- tables:", "<!-- place:", "<!-- fresh:"
SKY, TILES = "<!-- sky:", "<!-- tiles:"

_PICTURE = re.compile(r"!\[(?P<name>\w+)\]\((?P<file>[\w.]+)\)")
_CAPTIONS = {
    "fig5": "Figure 5: maps by one modality beside the reference",
    "fig6": "Figure 6: maps by one modality beside the reference, Africa Crop Type",
    "fig7": "Figure 7: radar images drawn from optical ones",
    "fig8": "Figure 8: optical images drawn from radar ones",
    "fig9": "Figure 9: gain of S4 over CaCo by cloud cover",
}
_TABLE_PICTURE = re.compile(rf"!\[(?:{'|'.join(reproduced.TABLES)})\]\([\w.]+\)\n+")


def tables(run: Path) -> str:
    """The run's own page below a heading of ours; its figures are copied beside our pictures.

    Pictures of tables stay where they are: the tables themselves stand here.
    """
    text = (run / "reproduction.md").read_text(encoding="utf-8")
    # its title and the line on who wrote it stand on our page already
    body = text.split("\n## ", maxsplit=1)[1].split("\n## Systems", maxsplit=1)[0]
    body = _TABLE_PICTURE.sub("", body)
    for found in _PICTURE.finditer(body):
        with io.aside(IMAGES / f"reproduction-{found['file']}") as unfinished:
            shutil.copyfile(run / found["file"], unfinished)
    return _PICTURE.sub(_shown, f"### {body}").replace("\n## ", "\n### ")


def _shown(found: re.Match[str]) -> str:
    """A picture with a line on what it shows, where the page does not say so elsewhere."""
    name, file = found["name"], found["file"]
    told = _CAPTIONS.get(name, name)
    line = f"*{told}*\n\n" if name in _CAPTIONS else ""
    return f"{line}![{told}](images/reproduction-{file})"


def place(found: dict[str, Any]) -> str:
    """Which networks know the ground and which the place."""
    kind = "simulated" if found["simulated"] else "real"
    lines = [
        f"`python -m training.place_study --scale {found['scale']}`: {found['patches']} {kind} "
        "patches; share of the optical sites whose most similar radar site is at their own place, "
        "and of those for which, of all patches' radar sites at their place, that of their own "
        "patch is the most similar. " + _of_variants(found),
        "",
        "| S4 | own place, in the same patch | own place, in other patches, of other ground | "
        "chance | own patch, by the ground alone | chance |",
        "|---|---|---|---|---|---|",
    ]
    for name in ("untrained", "whole patches", *VARIANTS):
        one = found[name]
        asked = ("same_patch", "other_patches", "chance", "own_ground", "ground_chance")
        shares = [one[key] for key in asked]
        lines.append(f"| {name} | {' | '.join(f'{100 * share:.1f} %' for share in shares)} |")
    return "\n".join(lines)


def _of_variants(found: dict[str, Any]) -> str:
    """What the rows' names mean."""
    usual, sharper = found["temperatures"]
    short, longer = found["epochs"]
    return (
        f"Cut apart: modalities up to {found['shift_px']} px apart, as is every row below it. "
        f"Sharper: a temperature of {sharper:g} instead of the paper's {usual:g}. Longer: {longer} "
        f"epochs instead of {short}. No border: convolutions repeat the outermost pixels instead "
        "of adding zeros."
    )


def fresh(found: dict[str, Any]) -> str:
    """Scores and distances to S4 in the test areas, and in areas that no cell has seen."""
    areas = f"{found['areas']} fresh areas"
    lines = [
        f"`python -m training.fresh_areas RUN --areas {found['areas']}`: mIoU, %, with all labels, "
        f"of finished models on simulated data; areas of {found['area_px']} px; {found['device']}",
        "",
        f"| system | modality | seeds | {found['test_areas']} test areas | {areas} | "
        f"S4 - it, test patches drawn | S4 - it, {areas} drawn |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in found["rows"]:
        scores = [", ".join(f"{100 * one:.1f}" for one in row[name]) for name in ("test", "fresh")]
        gaps = [_gap(row.get(f"s4_minus_it_{name}")) for name in ("test", "fresh")]
        seeds = ", ".join(map(str, row["seeds"]))
        lines.append(f"| {' | '.join([row['system'], row['modality'], seeds, *scores, *gaps])} |")
    return "\n".join(lines)


def sky(found: dict[str, Any], run: Path) -> str:
    """Scores under an earlier sky, a clear one, and that of the run, where its cells are there."""
    kind = "simulated" if found["simulated"] else "real"
    lines = [
        f"`python -m training.sky_study RUN --scale {found['scale']}`: mIoU, %, on {kind} data, "
        f"one seed; {found['device']}",
        "",
        "| images | labels | system | earlier sky | present sky | clear sky | "
        "S4 - it, earlier sky | S4 - it, clear sky |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in found["rows"]:
        usual, clear = ("" if row[s] is None else f"{100 * row[s]:.1f}" for s in ("usual", "clear"))
        gaps = [_gap(row.get(f"s4_minus_it_{s}")) for s in ("usual", "clear")]
        about = [row["modality"], f"{row['share']} %", row["system"]]
        lines.append(f"| {' | '.join([*about, usual, _present(row, run), clear, *gaps])} |")
    return "\n".join(lines)


def _present(row: dict[str, Any], run: Path) -> str:
    """The same cell of the run, of the same seed."""
    (method,) = (one.method for one in reproduced.TABLE3.rows if one.label == row["system"])
    cell = Cell(method, "pastis-r", row["modality"], row["share"], seed=0)
    path = run / "cells" / f"{cell.name}.json"
    if not path.exists():
        return ""
    return f"{100 * json.loads(path.read_text(encoding='utf-8'))['miou']:.1f}"


def tiles(found: dict[str, Any]) -> str:
    """Scores where every area has its own dates, and where areas share those of a tile."""
    kind = "simulated" if found["simulated"] else "real"
    tiled = f"{found['tiles']} tiles"
    lines = [
        f"`python -m training.tile_study RUN --scale {found['scale']}`: mIoU, %, on {kind} data, "
        f"a mean of the seeds where there are several; {found['device']}",
        "",
        f"| images | labels | system | seeds | own dates | {tiled} | S4 - it, own dates | "
        f"S4 - it, {tiled} | every seed there | {method_named('s4-ground').label} - it, {tiled} |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in found["rows"]:
        scores = [_mean(row[name]) for name in ("usual", "tiles")]
        gaps = [_gap(row.get(f"s4_minus_it_{name}")) for name in ("usual", "tiles")]
        seeds = ", ".join(f"{100 * value:+.1f}" for value in row.get("s4_seeds_tiles", ()))
        about = [row["modality"], f"{row['share']} %", method_named(row["method"]).label]
        last = _gap(row.get("s4-ground_minus_it_tiles"))
        cells = [*about, str(len(row["tiles"])), *scores, *gaps, seeds, last]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _mean(scores: list[float]) -> str:
    return f"{100 * sum(scores) / len(scores):.1f}" if scores else ""


def _gap(found: list[float] | None) -> str:
    """A mean and its interval, in points; S4 itself has none."""
    if found is None:
        return ""
    mean, low, high = (f"{100 * value:+.1f}" for value in found)
    return f"{mean} ({low} to {high})"


def main() -> None:
    """Read the results, fill the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--place", type=Path, default=Path("docs/results/place.json"))
    parser.add_argument("--fresh", type=Path, default=Path("docs/results/fresh_areas.json"))
    parser.add_argument("--sky", type=Path, default=Path("docs/results/sky.json"))
    parser.add_argument("--tiles", type=Path, default=Path("docs/results/tiles.json"))
    arguments = parser.parse_args()
    fill(PAGE, tables(arguments.run), TABLES)
    fill(PAGE, place(json.loads(arguments.place.read_text(encoding="utf-8"))), PLACE)
    fill(PAGE, fresh(json.loads(arguments.fresh.read_text(encoding="utf-8"))), FRESH)
    fill(PAGE, sky(json.loads(arguments.sky.read_text(encoding="utf-8")), arguments.run), SKY)
    fill(PAGE, tiles(json.loads(arguments.tiles.read_text(encoding="utf-8"))), TILES)


if __name__ == "__main__":
    main()
