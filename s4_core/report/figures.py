"""Figures of the report as PNG images, drawn without a display."""

from __future__ import annotations

import base64
import io as streams
import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from s4_core.io.crs import metres_per_unit
from s4_core.types import Grid, Legend

INK, SOFT, ACCENT, SECOND = "#1f2933", "#8594a3", "#1b6e53", "#c2571a"
DPI = 170

Series = Sequence[tuple[str, Sequence[float], Sequence[float]]]
"""Curves: name, x, y."""


def data_uri(figure: Figure) -> str:
    """A figure as a PNG that stands in the page itself."""
    stream = streams.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(stream, format="png", dpi=DPI, facecolor="white")
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode("ascii")


def image(figure: Figure, alternative: str, caption: str = "", kind: str = "") -> str:
    """A figure that stands in the page, with its caption (HTML)."""
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return (
        f'<figure class="{kind}"><img alt="{escape(alternative)}" src="{data_uri(figure)}">'
        f"{below}</figure>"
    )


def map_figure(
    picture: NDArray[Any], grid: Grid, *, bar: Mapping[str, Any] | None = None
) -> Figure:
    """A picture of the ground with scale bar and north arrow.

    Args:
        picture: `(H, W, 3)` uint8, or `(H, W)` values for a colour bar.
        bar: of `(H, W)` values: `cmap`, `vmin`, `vmax`.
    """
    east, north = metres_per_pixel(grid)
    aspect = north / east
    height, width = picture.shape[:2]
    inches = 4.6
    figure = Figure(figsize=(inches, inches * min(max(height * aspect / width, 0.4), 1.6)))
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.imshow(picture, interpolation="nearest", aspect=aspect, **(bar or {}))
    axes.set_axis_off()
    _scale_bar(axes, width, height, east)
    _north_arrow(axes, width, height, grid)
    return figure


def metres_per_pixel(grid: Grid) -> tuple[float, float]:
    """Metres on the ground of one pixel step to the right and down, at the grid's centre."""
    x, y = grid.corner(grid.height / 2, grid.width / 2)
    east, north = metres_per_unit(grid.crs_wkt, x, y)
    _, dx, rx, _, ry, dy = grid.transform
    return (math.hypot(dx * east, ry * north), math.hypot(rx * east, dy * north))


def round_length(metres: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is not longer than `metres`."""
    power = 10.0 ** math.floor(math.log10(metres))
    return max(step * power for step in (1, 2, 5) if step * power <= metres * (1 + 1e-9))


def _scale_bar(axes: Any, width: int, height: int, metres_per_px: float) -> None:
    length_m = round_length(width * metres_per_px * 0.28)
    length_px = length_m / metres_per_px
    x, y = width * 0.035, height * 0.955
    label = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"
    for weight, colour in ((5.0, "white"), (2.2, INK)):
        axes.plot([x, x + length_px], [y, y], color=colour, lw=weight, solid_capstyle="butt")
    axes.text(
        x + length_px / 2, y - height * 0.018, label, ha="center", va="bottom", **_haloed(9.0)
    )


def _north_arrow(axes: Any, width: int, height: int, grid: Grid) -> None:
    right, down = _north_in_pixels(grid)
    x, y = width * 0.935, height * 0.095
    length = min(width, height) * 0.085
    tip = (x + right * length / 2, y + down * length / 2)
    tail = (x - right * length / 2, y - down * length / 2)
    for weight, colour in ((3.6, "white"), (1.6, INK)):
        style = {"arrowstyle": "-|>", "color": colour, "lw": weight, "mutation_scale": 13}
        axes.annotate("", xy=tip, xytext=tail, arrowprops=style)
    away = length * 0.95
    axes.text(x - right * away, y - down * away, "N", ha="center", va="center", **_haloed(9.0))


def _north_in_pixels(grid: Grid) -> tuple[float, float]:
    """Unit vector (right, down) in pixels that points to the CRS's north."""
    _, dx, rx, _, ry, dy = grid.transform
    determinant = dx * dy - rx * ry
    right, down = -rx / determinant, dx / determinant
    length = math.hypot(right, down)
    return (right / length, down / length)


def _haloed(size: float) -> dict[str, Any]:
    return {
        "fontsize": size,
        "color": INK,
        "path_effects": [withStroke(linewidth=2.4, foreground="white")],
    }


def confusion_figure(matrix: NDArray[np.int64], legend: Legend) -> Figure:
    """The confusion matrix with its numbers; colour is the share of the reference's row."""
    classes = len(legend)
    side = 1.7 + 0.5 * classes
    figure = Figure(figsize=(side, side * 0.92), layout="constrained")
    axes = figure.add_subplot()
    totals = matrix.sum(1, keepdims=True)
    share = np.divide(matrix, totals, out=np.zeros(matrix.shape), where=totals > 0)
    axes.imshow(share, cmap="Greens", vmin=0, vmax=1.15)
    for row in range(classes):
        for column in range(classes):
            _number(axes, (row, column), int(matrix[row, column]), share[row, column])
        if not totals[row]:
            axes.text(row, row, "–", ha="center", va="center", fontsize=9, color=SOFT)
    names = [known.name for known in legend.classes]
    axes.set_xticks(range(classes), names, rotation=40, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(classes), names)
    axes.set_xlabel("map", color=SOFT)
    axes.set_ylabel("reference", color=SOFT)
    axes.tick_params(length=0, labelsize=9, labelcolor=INK)
    axes.set_xticks(np.arange(classes + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(classes + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="white", lw=1.5)
    axes.tick_params(which="minor", length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return figure


def _number(axes: Any, cell: tuple[int, int], count: int, share: float) -> None:
    if not count:
        return
    row, column = cell
    text = f"{count}" if count < 100_000 else f"{count / 1000:.0f}k"
    axes.text(
        column,
        row,
        text,
        ha="center",
        va="center",
        fontsize=8.5,
        color="white" if share > 0.6 else INK,
        fontweight="bold" if row == column else "normal",
    )


def curves_figure(panels: Sequence[tuple[str, str, Series]]) -> Figure:
    """Training curves side by side: title, y label and curves of each panel."""
    places = max(len(panels), 3)  # fewer panels are not drawn larger
    figure = Figure(figsize=(3.6 * places, 2.9), layout="constrained")
    for place, (title, label, curves) in enumerate(panels, start=1):
        axes = figure.add_subplot(1, places, place)
        for (name, x, y), colour in zip(curves, (ACCENT, SECOND, SOFT, INK)):
            marker = "o" if len(x) < 3 else None
            axes.plot(x, y, color=colour, lw=1.8, label=name, marker=marker)
        plain_axes(axes)
        axes.set_title(title, fontsize=10, color=INK, loc="left")
        axes.set_xlabel("epoch", color=SOFT, fontsize=9)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_ylabel(label, color=SOFT, fontsize=9)
        if len(curves) > 1:
            axes.legend(fontsize=8, labelcolor=INK, framealpha=0.85, edgecolor="none")
    return figure


def reliability_figure(table: Sequence[Mapping[str, float]]) -> Figure:
    """Accuracy against confidence; the area of a dot grows with its pixels."""
    figure = Figure(figsize=(3.4, 3.1), layout="constrained")
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color=SOFT, lw=1, ls=(0, (4, 3)))
    confidence = [row["confidence"] for row in table]
    accuracy = [row["accuracy"] for row in table]
    most = max(row["pixels"] for row in table)
    sizes = [12 + 140 * row["pixels"] / most for row in table]
    axes.plot(confidence, accuracy, color=ACCENT, lw=1.2)
    axes.scatter(confidence, accuracy, s=sizes, color=ACCENT, alpha=0.75, linewidths=0)
    axes.set_xlim(0, 1.03)
    axes.set_ylim(0, 1.03)
    axes.set_xlabel("confidence", color=SOFT, fontsize=9)
    axes.set_ylabel("share that is right", color=SOFT, fontsize=9)
    plain_axes(axes)
    return figure


def plain_axes(axes: Any) -> None:
    """Grid lines and two thin spines instead of a box."""
    axes.tick_params(length=0, labelsize=8, labelcolor=INK)
    axes.grid(color="#e6eaee", lw=0.8)
    axes.set_axisbelow(True)
    for name, spine in axes.spines.items():
        spine.set_visible(name in ("left", "bottom"))
        spine.set_color("#c9d2da")
