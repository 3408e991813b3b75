"""The plot of a comparison: every cell a dot, every method a bar, with and without the vote."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from s4_core import io
from s4_core.report.figures import ACCENT, DPI, INK, SECOND, SOFT, plain_axes
from s4_core.simulated import BANNER

Result = Mapping[str, Any]

_SCORES = (("miou", "mean", "pixels"), ("miou_vote", "mean_vote", "majority of each parcel"))
_COLOUR = {"optical": ACCENT, "radar": SECOND}
_MARKER = {1: "o", 2: "s", 3: "^"}


def draw(result: Result, path: Path) -> None:
    """Write the plot of a result.

    Args:
        result: as `compare` gives it. path: PNG to write.

    Raises:
        OutputError: it cannot be written.
    """
    figure = comparison_figure(result)
    FigureCanvasAgg(figure)
    # without the software's version in it, equal results give equal files
    with io.aside(path) as temporary:
        figure.savefig(temporary, format="png", dpi=DPI, facecolor="white", metadata={})


def comparison_figure(result: Result) -> Figure:
    """Two panels, scores by pixels and by the majority of each parcel."""
    names = sorted(result["methods"], key=lambda name: result["methods"][name]["mean"])
    figure = Figure(figsize=(9.6, 1.9 + 0.42 * len(names)), layout="constrained")
    for place, (score, mean, title) in enumerate(_SCORES, start=1):
        axes = figure.add_subplot(1, 2, place)
        for row, name in enumerate(names):
            value = result["methods"][name][mean]
            axes.plot([value, value], [row - 0.34, row + 0.34], color=INK, lw=2.4, zorder=3)
            _dots(axes, [c for c in result["cells"] if c["method"] == name], row, score)
        axes.set_yticks(range(len(names)), names if place == 1 else [""] * len(names))
        axes.set_xlim(0, 1)
        axes.set_xlabel(f"mean IoU, {title}", color=SOFT, fontsize=9)
        plain_axes(axes)
    axes.legend(
        handles=_key(axes, result),
        loc="upper right",
        bbox_to_anchor=(1.0, -0.6 / len(names) - 0.04),
        ncol=3,
        fontsize=8,
        labelcolor=INK,
        frameon=False,
    )
    figure.suptitle(_headline(result), fontsize=9.5, color=INK, x=0.01, ha="left")
    return figure


def _dots(axes: Any, cells: list[Result], row: int, score: str) -> None:
    """A dot a cell: its mean over the splits."""
    for cell in cells:
        axes.plot(
            np.mean(cell[score]),
            row,
            _MARKER.get(cell["k"], "d"),
            color=_COLOUR[cell["modality"]],
            ms=6,
            alpha=0.75,
            mew=0,
        )


def _key(axes: Any, result: Result) -> list[Any]:
    """What colours and markers mean, and the bar."""
    kinds = dict.fromkeys((cell["modality"], cell["k"]) for cell in result["cells"])
    handles = [
        axes.plot(
            [],
            [],
            _MARKER.get(k, "d"),
            color=_COLOUR[modality],
            mew=0,
            label=f"{modality}, k = {k}",
        )[0]
        for modality, k in kinds
    ]
    return [*handles, axes.plot([], [], color=INK, lw=2.4, label="mean of the cells")[0]]


def _headline(result: Result) -> str:
    areas = ", ".join(area["name"] for area in result["areas"])
    text = f"{BANNER} {areas}" if result["simulated"] else areas
    found = result["difference"]
    if not found or found["low"] is None:
        return text
    return (
        f"{text}: s4 minus {result['best_rival']} {found['mean']:+.3f} by pixels "
        f"({found['low']:+.3f} to {found['high']:+.3f}, 95 % over areas and parcels)"
    )
