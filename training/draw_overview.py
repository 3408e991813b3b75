"""Draw one picture of a run for the README: true colour, reference, both maps, legend.

python -m training.draw_overview --run out/demo --out docs/images/overview.png
"""

from __future__ import annotations

import argparse
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.patches import Patch

from s4_core.report.collect import Run, collect
from s4_core.report.scenes import (
    Scene,
    map_scene,
    picture_grid,
    reference_of,
    reference_scene,
    true_colour,
)


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


def main() -> None:
    """Read a run's folder, write a PNG."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--run", type=Path, default=Path("out/demo"))
    parser.add_argument("--out", type=Path, default=Path("docs/images/overview.png"))
    arguments = parser.parse_args()
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    draw(collect(arguments.run)).savefig(arguments.out)


if __name__ == "__main__":
    main()
