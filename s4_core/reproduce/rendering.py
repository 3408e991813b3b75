"""Tables as Markdown, CSV and PNG, the paper's figure beside ours in each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from s4_core import io
from s4_core.reproduce.cells import LABELS, Cell
from s4_core.reproduce.comparing import compare
from s4_core.reproduce.methods import method_named
from s4_core.reproduce.paper_results import Place
from s4_core.reproduce.results import Result, folds
from s4_core.reproduce.scales import Scale
from s4_core.reproduce.tables import Claim, Row, Table, cell_of, cells

OURS, PAPER, CHANCE = "#1b6e53", "#c2571a", "#8594a3"
_DPI = 150


@dataclass(frozen=True)
class Filled:
    """A table with what has been found so far.

    Args:
        results: by cell; cells that have not run are missing.
        wanted: every cell that the table asks for.
    """

    table: Table
    scale: Scale
    results: Mapping[Cell, Result]
    wanted: tuple[Cell, ...]

    @classmethod
    def of(
        cls,
        table: Table,
        scale: Scale,
        results: Mapping[Cell, Result],
        *,
        seeds: int | None = None,
        folds: int = 1,
    ) -> Filled:
        """Take from all results those of one table."""
        wanted = tuple(cells(table, scale, seeds, folds))
        return cls(table, scale, {c: results[c] for c in wanted if c in results}, wanted)

    def of_place(self, row: Row, place: Place) -> list[Result]:
        """Results of one row and column, by seed."""
        found = [self.results.get(cell_of(row, place, seed)) for seed in range(self._seeds)]
        return [result for result in found if result is not None]

    def rotations(self, row: Row, place: Place, seed: int) -> list[Result]:
        """Results of every division of the data set, the published one first."""
        first = cell_of(row, place, seed)
        found = [self.results.get(replace(first, rotation=r)) for r in range(5)]
        return [result for result in found if result is not None]

    @property
    def _seeds(self) -> int:
        return max((cell.seed for cell in self.wanted), default=0) + 1

    @property
    def origins(self) -> set[str]:
        """ "real", "simulated" or both."""
        return {word for r in self.results.values() for word in r.origin.values()} - {"none"}


def markdown(filled: Filled, command: str) -> str:
    """The table, what it was made from, and the paper's orderings."""
    table = filled.table
    lines = [f"## {table.title} (mIoU, %)", "", *_notes(filled, command), ""]
    if not filled.results:
        return "\n".join(lines)
    header = ["system", *(_heading(place) for place in table.places)]
    lines += ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    for row in table.rows:
        found = [_cell_text(filled, row, place) for place in table.places]
        lines.append("| " + " | ".join([row.label, *found]) + " |")
    return "\n".join([*lines, "", *_legend(filled), "", *_claims(filled), *_folds(filled)]) + "\n"


def _notes(filled: Filled, command: str) -> list[str]:
    done, wanted = len(filled.results), len(filled.wanted)
    notes = []
    if "simulated" in filled.origins:
        notes.append(
            "**SIMULATED DATA.** A simulator made the images and labels, in the data sets' "
            "formats: our numbers say nothing of any real place, and the paper's, in brackets, "
            "were found on the real data sets."
        )
    if done < wanted:
        notes.append(f"**Partial: {done} of {wanted} cells have run.**")
    notes.append(f"`{command}` ({done} of {wanted} cells, scale {filled.scale.name}).")
    return "\n\n".join(notes).splitlines()


def _legend(filled: Filled) -> list[str]:
    first = next(iter(filled.results.values()), None)
    if first is None:
        return []
    # of several draws of labels the chance that is hardest to beat
    hardest = sorted(filled.results.values(), key=lambda r: r.best_chance)
    by_set = {r.cell.data_set: r for r in hardest}
    guessed = "; ".join(
        f"{LABELS[name]} {_percent(r.best_chance)} ({len(r.patches)} test patches)"
        for name, r in sorted(by_set.items())
    )
    return [
        "Mean over the seeds, ± their standard deviation, number of seeds; in brackets the "
        "paper's figure. Chance (the better of majority class and prior-random mIoU), at most: "
        f"{guessed}. † not above chance."
    ]


def _claims(filled: Filled) -> list[str]:
    rows = [line for claim in filled.table.claims for line in _claim_lines(filled, claim)]
    if not rows:
        return []
    return [
        "Orderings (difference in mIoU, points; 95 % interval of a paired "
        "bootstrap over test patches within seeds):",
        "",
        "| ordering | where | difference | interval | every seed | |",
        "| --- | --- | --- | --- | --- | --- |",
        *rows,
    ]


def _folds(filled: Filled) -> list[str]:
    """Where all five divisions have run: both 5-fold figures in use."""
    rows = []
    for row in filled.table.rows:
        for place in filled.table.places:
            found = filled.rotations(row, place, 0)
            if len(found) < 5:
                continue
            scores = folds([r.counts for r in found])
            cells_ = " | ".join(_percent(score) for score in scores.values())
            rows.append(f"| {row.label} | {_heading(place)} | {cells_} |")
    if not rows:
        return []
    head = "| system | where | mean of the folds' mIoU | mIoU of the summed confusion |"
    return ["", "Five folds, seed 0:", "", head, "| --- | --- | --- | --- |", *rows]


def _claim_lines(filled: Filled, claim: Claim) -> list[str]:
    lines = []
    for place in claim.places:
        first, second = _same_seeds(
            filled.of_place(claim.better, place), filled.of_place(claim.worse, place)
        )
        if not first:
            continue
        found = compare(first, second)
        seeds = ", ".join(_points(value) for value in found.by_seed)
        lines.append(
            f"| {claim.text}: {claim.better.label} - {claim.worse.label} | {_heading(place)} | "
            f"{_points(found.mean)} | {_points(found.low)} to {_points(found.high)} | {seeds} | "
            f"{found.verdict} |"
        )
    return lines


def _same_seeds(
    first: Sequence[Result], second: Sequence[Result]
) -> tuple[list[Result], list[Result]]:
    shared = {r.cell.seed for r in first} & {r.cell.seed for r in second}
    return (
        [r for r in first if r.cell.seed in shared],
        [r for r in second if r.cell.seed in shared],
    )


def _cell_text(filled: Filled, row: Row, place: Place) -> str:
    if not filled.table.holds(row, place):
        return ""
    published = filled.table.published(row, place)
    paper = "" if published is None else f" ({published:g})"
    results = filled.of_place(row, place)
    if not results:
        return f"–{paper}"
    scores = [r.miou for r in results]
    spread = f" ± {_percent(float(np.std(scores, ddof=1)))}" if len(scores) > 1 else ""
    dagger = "" if np.mean(scores) > np.mean([r.best_chance for r in results]) else " †"
    return f"{_percent(float(np.mean(scores)))}{spread}, {len(scores)}{dagger}{paper}"


def _heading(place: Place) -> str:
    data_set, modality, share = place
    return f"{LABELS[data_set]}, {modality}, {share} %"


def _percent(value: float) -> str:
    return f"{100 * value:.1f}"


def _points(value: float) -> str:
    return f"{100 * value:+.1f}"


HEADER = (
    "table", "row", "method", "data_set", "modality", "labels_percent", "seed", "rotation",
    "miou",
    "chance_majority", "chance_prior", "paper_miou", "labels", "pretraining", "test_patches",
    "training_patches", "parameters", "best_epoch", "scale",
)  # fmt: skip


def csv_rows(filled: Filled) -> list[Sequence[Any]]:
    """One row a cell and seed, columns as HEADER; all mIoU 0..1."""
    rows: list[Sequence[Any]] = []
    for row in filled.table.rows:
        for place in filled.table.places:
            published = filled.table.published(row, place)
            seeds = sorted({cell.seed for cell in filled.wanted})
            for result in [r for s in seeds for r in filled.rotations(row, place, s)]:
                rows.append(
                    (
                        filled.table.name, row.label, row.method, *place, result.cell.seed,
                        result.cell.rotation,
                        result.miou, result.chance["majority"], result.chance["prior"],
                        None if published is None else published / 100,
                        result.origin["labels"], result.origin["pretraining"],
                        len(result.patches), result.record["training patches"],
                        result.record["parameters"], result.record["best epoch"],
                        filled.scale.name,
                    )
                )  # fmt: skip
    return rows


def figure(filled: Filled) -> Figure:
    """A panel a column: our seeds as dots, the paper's figure as a diamond, chance as a line."""
    table = filled.table
    rows, places = table.rows, [p for p in table.places if _any(filled, p)] or list(table.places)
    drawn = Figure(figsize=(2.4 + 1.7 * len(places), 1.6 + 0.3 * len(rows)), layout="constrained")
    axes = drawn.subplots(1, len(places), sharey=True, squeeze=False)[0]
    for axis, place in zip(axes, places):
        for height, row in enumerate(rows):
            scores = [100 * r.miou for r in filled.of_place(row, place)]
            axis.plot(scores, [height] * len(scores), "o", color=OURS, ms=5, alpha=0.8)
            published = table.published(row, place)
            if published is not None:
                axis.plot([published], [height], "D", mec=PAPER, mfc="none", ms=5)
        guesses = [100 * r.best_chance for row in rows for r in filled.of_place(row, place)]
        if guesses:
            axis.axvline(float(np.mean(guesses)), color=CHANCE, lw=1, ls=(0, (4, 3)))
        axis.set_title(_heading(place).replace(", ", "\n", 1), fontsize=8)
        axis.tick_params(labelsize=7, length=0)
        axis.grid(color="#e6eaee", lw=0.6)
        axis.set_xlim(left=0)
    axes[0].set_yticks(range(len(rows)), [row.label for row in rows], fontsize=8)
    axes[0].invert_yaxis()
    word = "SIMULATED data" if "simulated" in filled.origins else "real data"
    drawn.supxlabel(
        f"mIoU, %; dots: ours on {word}, scale {filled.scale.name}; diamonds: the paper on the "
        "real data sets; dashed: chance",
        fontsize=8,
    )
    return drawn


def _any(filled: Filled, place: Place) -> bool:
    return any(filled.of_place(row, place) for row in filled.table.rows)


def save_png(figure_: Figure, path: Path) -> None:
    """Write a figure, complete or not at all."""
    FigureCanvasAgg(figure_)
    with io.aside(path) as temporary:
        figure_.savefig(temporary, format="png", dpi=_DPI, facecolor="white")


def write_table(filled: Filled, folder: Path, command: str) -> list[Path]:
    """The table's three files."""
    stem = folder / filled.table.name
    paths = [stem.with_suffix(suffix) for suffix in (".md", ".csv", ".png")]
    io.write_text(paths[0], markdown(filled, command))
    io.write_table(paths[1], HEADER, csv_rows(filled))
    save_png(figure(filled), paths[2])
    return paths


def systems(rows: Sequence[Row]) -> list[str]:
    """One line a system: what it is."""
    methods = {row.method: method_named(row.method) for row in rows}
    return [f"- **{m.label}**: {m.about}." for m in methods.values()]
