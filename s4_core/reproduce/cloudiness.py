"""Figure 9: how far S4 is ahead of CaCo, by the share of cloudy pixels (paper 6.10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from s4_core.reproduce.cells import Cell
from s4_core.reproduce.results import Result, miou
from s4_core.reproduce.scales import Scale

EDGES = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.35, 0.5, 1.0)
"""Cloud cover ratios; the paper's groups go up to 25 %, beyond which little is left to see."""

_FIRST, _SECOND = "s4", "caco"
HEADER = ("from", "to", "seed", "test_patches", "s4_miou", "caco_miou", "gain")


def cloud_pair(seed: int) -> tuple[Cell, Cell]:
    """S4 and CaCo of one seed: optical, all labels."""
    return (
        Cell(_FIRST, "pastis-r", "optical", 100, seed),
        Cell(_SECOND, "pastis-r", "optical", 100, seed),
    )


def cloud_cells(scale: Scale, seeds: int | None = None) -> tuple[Cell, ...]:
    """What the figure needs."""
    count = scale.seeds if seeds is None else seeds
    return tuple(cell for seed in range(count) for cell in cloud_pair(seed))


@dataclass(frozen=True)
class Gain:
    """One group of test patches and one seed.

    Args:
        low, high: its cloud cover ratios. first, second: mIoU of S4 and of CaCo.
    """

    low: float
    high: float
    seed: int
    patches: int
    first: float
    second: float

    @property
    def gain(self) -> float:
        """Difference in mIoU."""
        return self.first - self.second

    def row(self) -> Sequence[float]:
        """As HEADER."""
        return (
            self.low, self.high, self.seed, self.patches, self.first, self.second, self.gain
        )  # fmt: skip


def gains(results: Mapping[Cell, Result]) -> list[Gain]:
    """Every group of every seed whose two results are there."""
    found = []
    for seed in sorted({cell.seed for cell in results}):
        pair = cloud_pair(seed)
        if not all(cell in results for cell in pair):
            continue
        first, second = (results[cell] for cell in pair)
        covers = np.array([np.nan if c is None else c for c in first.clouds])
        for low, high in zip(EDGES, EDGES[1:]):
            inside = (covers >= low) & ((covers < high) | (high == EDGES[-1]))
            if inside.any():
                scores = [miou(r.counts[inside].sum(axis=0)) for r in (first, second)]
                found.append(Gain(low, high, seed, int(inside.sum()), *scores))
    return found


def cloud_figure(found: Sequence[Gain], simulated: bool) -> Figure:
    """A bar a group: the mean over the seeds, each seed a dot."""
    figure = Figure(figsize=(5.2, 3.0), layout="constrained")
    axis = figure.add_subplot()
    groups = sorted({(g.low, g.high) for g in found})
    for place, group in enumerate(groups):
        values = [100 * g.gain for g in found if (g.low, g.high) == group]
        axis.bar(place, float(np.mean(values)), color="#1b6e53", width=0.7)
        axis.plot([place] * len(values), values, "o", color="#1f2933", ms=3)
    counts = [next(g.patches for g in found if (g.low, g.high) == group) for group in groups]
    axis.set_xticks(
        range(len(groups)),
        [f"{100 * a:.0f}-{100 * b:.0f} %\n{n} patches" for (a, b), n in zip(groups, counts)],
        fontsize=7,
    )
    axis.axhline(0, color="#8594a3", lw=0.8)
    axis.set_ylabel("mIoU gain of S4 over CaCo, points", fontsize=8)
    axis.set_xlabel("cloudy pixels of the series", fontsize=8)
    word = "SIMULATED data" if simulated else "PASTIS-R"
    axis.set_title(f"{word}, optical, 100 % of the labels", fontsize=8)
    axis.tick_params(labelsize=7)
    return figure
