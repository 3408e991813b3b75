"""Draw one picture of a run for the README and write its measured scores under it.

python -m training.draw_overview [--run out/demo] [--out PICTURE] [--readme README.md]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.patches import Patch

from s4_core import io
from s4_core.cli.tables import with_spread
from s4_core.report.collect import Run, collect
from s4_core.report.scenes import (
    Scene,
    map_scene,
    picture_grid,
    reference_of,
    reference_scene,
    true_colour,
)

START, END = "<!-- measured:", "<!-- end -->"


def scenes_of(run: Run) -> list[Scene]:
    """The pictures to show side by side, as in the run's report."""
    grid = picture_grid(run)
    reference = reference_of(run.maps[0], grid, [])
    seen = [true_colour(run, grid, [])]
    if reference is not None:
        seen.append(reference_scene(run.maps[0], reference))
    seen += [map_scene(one, grid, reference) for one in run.maps]
    return [scene for scene in seen if scene is not None]


def draw(run: Run) -> Figure:
    """All pictures in a row over one legend."""
    scenes = scenes_of(run)
    figure = Figure(figsize=(3.1 * len(scenes), 3.9), dpi=130, facecolor="white")
    for scene, axes in zip(scenes, figure.subplots(1, len(scenes))):
        axes.imshow(scene.picture, interpolation="nearest")
        axes.set_axis_off()
        axes.set_title(scene.title, fontsize=10, fontweight="semibold", loc="left")
        note = scene.note.replace(
            "striped: used for training, not for the scores", "striped: trained the maps"
        )
        axes.text(0, -0.02, note, transform=axes.transAxes, fontsize=8, color="#555", va="top")
    handles = [
        Patch(color=tuple(c / 255 for c in one.colour), label=one.name)
        for one in run.maps[0].legend.classes
    ]
    figure.legend(handles=handles, loc="lower center", ncol=len(handles), frameon=False, fontsize=9)
    figure.subplots_adjust(left=0.01, right=0.99, top=0.92, bottom=0.13, wspace=0.04)
    return figure


def measured(run: Run) -> str:
    """The run's scores as Markdown, with what they rest on."""
    lines = [
        "| map from | mean IoU (over parcels) | accuracy (over parcels) | classes scored |",
        "|---|---|---|---|",
    ]
    for one in run.maps:
        scores = one.metrics or {}
        scored = [name for name, value in scores["iou"].items() if value is not None]
        lines.append(
            f"| {one.name} images | {with_spread(scores['miou']['value'], scores['miou'])} "
            f"| {with_spread(scores['oa'], scores['oa_spread'])} | {', '.join(scored)} |"
        )
    scores = run.maps[0].metrics or {}
    height, width = run.maps[0].raster.grid.shape
    kind = "a simulated" if run.area is not None and run.area.simulated else "a real"
    about = [
        f"`{Path(run.maps[0].record['area']['path']).name}`, {kind} area of {height} x {width} px: "
        f"trained on {scores['excluded_parcels']} parcels (at most two a class), scored on the "
        f"pixels of the other {scores['n_parcels']}. One seeded draw of parcels, no majority vote; "
        "in brackets, what 95 % of redraws of the scored parcels give. The shipped checkpoint, "
        "which learned from simulated areas and from images (not labels) of real ones, this one "
        "among them, was first fitted to the area's own unlabelled images."
    ]
    return "\n".join([*about, "", *lines])


def fill(page: Path, text: str, start: str = START) -> None:
    """Put text between the page's markers."""
    before, rest = page.read_text(encoding="utf-8").split(start, maxsplit=1)
    opening, after = rest.split(" -->", maxsplit=1)
    after = after[after.index(END) :]
    io.write_text(page, f"{before}{start}{opening} -->\n{text}\n{after}")


def main() -> None:
    """Read a run's folder; write a PNG and the README's block."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--run", type=Path, default=Path("out/demo"))
    parser.add_argument("--out", type=Path, default=Path("docs/images/overview.png"))
    parser.add_argument("--readme", type=Path, default=Path("README.md"))
    arguments = parser.parse_args()
    run = collect(arguments.run)
    with io.aside(arguments.out) as unfinished:
        draw(run).savefig(unfinished, format="png")
    fill(arguments.readme, measured(run))


if __name__ == "__main__":
    main()
