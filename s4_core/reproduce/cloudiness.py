"""Figure 9: how far S4 is ahead of CaCo, by the share of cloudy pixels (paper 6.10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from s4_core.reproduce.cells import Cell
from s4_core.reproduce.comparing import Comparison, compare_groups
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
    for first, second in _pairs(results):
        covers = _covers(first)
        for low, high in zip(EDGES, EDGES[1:]):
            inside = (covers >= low) & ((covers < high) | (high == EDGES[-1]))
            if inside.any():
                scores = [miou(r.counts[inside].sum(axis=0)) for r in (first, second)]
                seed = first.cell.seed
                found.append(Gain(low, high, seed, int(inside.sum()), *scores))
    return found


def gain_under_cloud(results: Mapping[Cell, Result]) -> Comparison | None:
    """The gain on the cloudier half of the test patches above that on the other half.

    None where no seed has both results, or all patches are equally cloudy.
    """
    pairs = _pairs(results)
    if not pairs:
        return None
    covers = _covers(pairs[0][0])
    cloudier = covers > np.nanmedian(covers)
    if cloudier.all() or not cloudier.any():
        return None
    return compare_groups([a for a, _ in pairs], [b for _, b in pairs], cloudier)


def _pairs(results: Mapping[Cell, Result]) -> list[tuple[Result, Result]]:
    """Both results of each seed that has them."""
    wanted = [cloud_pair(seed) for seed in sorted({cell.seed for cell in results})]
    return [(results[a], results[b]) for a, b in wanted if a in results and b in results]


def _covers(result: Result) -> npt.NDArray[np.float64]:
    return np.array([np.nan if c is None else c for c in result.clouds], np.float64)


def cloud_markdown(results: Mapping[Cell, Result], command: str) -> str:
    """The groups, and the paper's ordering; empty where there is nothing to show."""
    found, gap = gains(results), gain_under_cloud(results)
    if not found:
        return ""
    word = "**SIMULATED DATA.** " if _simulated(results) else ""
    lines = [
        "## Figure 9: gain of S4 over CaCo by cloud cover (optical, 100 % of the labels)",
        "",
        f"{word}`{command}`; number of seeds: {len({g.seed for g in found})}.",
        "",
        "| cloudy pixels | test patches | S4 mIoU, % | CaCo mIoU, % | gain, points | every seed |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for group in sorted({(g.low, g.high) for g in found}):
        of_group = [g for g in found if (g.low, g.high) == group]
        first, second, gain = (
            100 * float(np.mean([getattr(g, name) for g in of_group]))
            for name in ("first", "second", "gain")
        )
        each = ", ".join(f"{100 * g.gain:+.1f}" for g in of_group)
        lines.append(
            f"| {100 * group[0]:.0f} to {100 * group[1]:.0f} % | {of_group[0].patches} | "
            f"{first:.1f} | {second:.1f} | {gain:+.1f} | {each} |"
        )
    if gap is not None:
        each = ", ".join(f"{100 * value:+.1f}" for value in gap.by_seed)
        lines += [
            "",
            "The paper's ordering: the gain is larger under clouds. Gain on the cloudier half of "
            f"the test patches minus that on the clearer half: {100 * gap.mean:+.1f} points "
            f"({100 * gap.low:+.1f} to {100 * gap.high:+.1f}; every seed: {each}): {gap.verdict}.",
        ]
    return "\n".join(lines) + "\n"


def _simulated(results: Mapping[Cell, Result]) -> bool:
    return any("simulated" in r.origin.values() for r in results.values())


def cloud_figure(results: Mapping[Cell, Result]) -> Figure:
    """A bar a group: the mean over the seeds, each seed a dot."""
    found = gains(results)
    figure = Figure(figsize=(6.4, 3.0), layout="constrained")
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
    word = "SIMULATED data" if _simulated(results) else "PASTIS-R"
    axis.set_title(f"{word}, optical, 100 % of the labels", fontsize=8)
    axis.tick_params(labelsize=7)
    return figure
