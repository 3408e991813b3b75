"""The plot of a study: a line a method along the condition, a panel a modality."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from s4_core import io
from s4_core.report.figures import ACCENT, DPI, INK, SECOND, SOFT, plain_axes
from s4_core.simulated import BANNER

Result = Mapping[str, Any]

_COLOURS = {"s4": ACCENT, "logistic": SECOND, "rf": "#8a6d3b", "s4-random": SOFT}
_OTHERS = ("#5a7fb0", "#a05195", INK)


def draw_study(result: Result, path: Path) -> None:
    """Write the plot of a study's result as PNG.

    Raises:
        OutputError: it cannot be written.
    """
    figure = study_figure(result)
    FigureCanvasAgg(figure)
    with io.aside(path) as temporary:
        figure.savefig(temporary, format="png", dpi=DPI, facecolor="white", metadata={})


def study_figure(result: Result) -> Figure:
    """Mean IoU by pixels along the condition."""
    # a single point is no curve
    curves = {m: curve for m, curve in result["curves"].items() if len(curve["points"]) > 1}
    figure = Figure(figsize=(1.2 + 3.9 * len(curves), 3.6), layout="constrained")
    for place, (modality, curve) in enumerate(curves.items(), start=1):
        axes = figure.add_subplot(1, len(curves), place)
        _lines(axes, curve["points"])
        axes.set_title(modality, fontsize=9, color=INK, loc="left")
        axes.set_xlabel(result["study"], color=SOFT, fontsize=9)
        axes.set_ylabel("mean IoU, by pixels" if place == 1 else "", color=SOFT, fontsize=9)
        axes.set_ylim(0, 1)
        plain_axes(axes)
    axes.legend(fontsize=8, labelcolor=INK, frameon=False)
    banner = f"{BANNER} " if result["simulated"] else ""
    figure.suptitle(
        f"{banner}{len(result['areas'])} areas, {', '.join(map(str, result['k']))} parcel(s) a "
        "class",
        fontsize=9.5,
        color=INK,
        x=0.01,
        ha="left",
    )
    return figure


def _lines(axes: Any, points: list[Result]) -> None:
    names = list(dict.fromkeys(name for point in points for name in point["methods"]))
    spare = iter(_OTHERS * len(names))
    for name in names:
        known = [point for point in points if name in point["methods"]]
        axes.plot(
            [point["condition"] for point in known],
            [point["methods"][name]["mean"] for point in known],
            marker="o",
            ms=4,
            lw=2.2 if name == "s4" else 1.3,
            color=_COLOURS.get(name) or next(spare),
            label=name,
        )
