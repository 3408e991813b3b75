"""The paper's Figures 5 to 8: maps and reconstructions of single patches."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from s4_core.data.published import IGNORED
from s4_core.errors import ConfigurationError
from s4_core.nn import S4Network
from s4_core.progress import Stage
from s4_core.reproduce.cells import LABELS, Cell
from s4_core.reproduce.experiment import Experiments
from s4_core.reproduce.learning import Lesson, predictions
from s4_core.reproduce.method import SegmentationModel
from s4_core.reproduce.methods.s4 import S4Task
from s4_core.reproduce.samples import Samples
from s4_core.reproduce.workspace import origin
from s4_core.sits import Sample
from s4_core.train.batches import series_input
from s4_core.types import Modality, colours_for

Image = npt.NDArray[np.float32]

_LEGEND_COLUMNS, _LEGEND_LINE, _LEGEND_EDGE = 4, 0.14, 0.2
"""Of the legend under the maps; a line's height and the space around all of them, inches."""

_ROWS = 2
"""Patches a modality in Figures 5 and 6; patches of Figures 7 and 8."""

_BLANK = "#ededed"
_BACKGROUND = "#969696"
_DISTINCT = (
    "#1e7800", "#ffd200", "#ff965a", "#4b3c00", "#b4f04b", "#b4c378", "#ff0000", "#781e78",
    "#ff1eb4", "#870f2d", "#00ff00", "#e100ff", "#0000ff", "#00ffd2", "#00c3ff", "#004b78",
    "#0069e1", "#f0a5ff",
)  # fmt: skip
"""As far apart in CIELAB as so many colours can be, from each other, white and both greys."""


def qualitative_cells(data_set: str) -> tuple[Cell, ...]:
    """Models of Figures 5 (PASTIS-R) and 6 (Africa): S4, all labels."""
    return tuple(Cell("s4", data_set, m.value, 100, 0) for m in Modality)


def qualitative(experiments: Experiments, data_set: str, stage: Stage) -> Figure:
    """Optical image, radar image, S4's map and the reference; optical maps first, then radar."""
    rows: list[list[Image]] = []
    names: tuple[str, ...] = ()
    for cell in qualitative_cells(data_set):
        model, lesson = experiments.trained(cell, stage)
        names = lesson.patches.class_names
        test = most_labelled(lesson, lesson.patches.split(cell.rotation).test)
        rows += [_mapped(model, lesson, patch, experiments) for patch in test[:_ROWS]]
    titles = ("optical", "radar", "S4", "reference")
    labels = [m.value for m in Modality for _ in range(_ROWS)]
    drawn = _drawn(rows, titles, labels)
    drawn.legend(
        handles=[Patch(color=c, label=n) for c, n in zip(class_colours(names), names)],
        loc="lower center",
        ncols=_LEGEND_COLUMNS,
        fontsize=6,
        frameon=False,
    )
    # room for the legend: legends outside of the axes came with matplotlib 3.7
    lines = -(-len(names) // _LEGEND_COLUMNS)
    share = (lines * _LEGEND_LINE + _LEGEND_EDGE) / drawn.get_figheight()
    drawn.set_layout_engine("constrained", rect=(0, share, 1, 1 - share))
    made = origin(experiments.workspace.labelled(data_set, stage))
    drawn.suptitle(_title(f"S4 on {LABELS[data_set]}, maps by one modality", made), fontsize=9)
    return drawn


def most_labelled(lesson: Lesson, patches: Sequence[str]) -> list[str]:
    """Patches by the number of their classes, most first: an empty one shows nothing."""

    def classes(patch: str) -> int:
        target = lesson.patches.target(patch)
        return len(np.unique(target[target != IGNORED]))

    return sorted(patches, key=classes, reverse=True)


def _mapped(
    model: SegmentationModel, lesson: Lesson, patch: str, experiments: Experiments
) -> list[Image]:
    (found,) = predictions(model, lesson, [patch], experiments.workspace.device)
    target = lesson.patches.target(patch)
    names = lesson.patches.class_names
    return [
        *_both_images(lesson.samples, patch),
        class_picture(np.where(target == IGNORED, IGNORED, found), names),
        class_picture(target, names),
    ]


def _both_images(samples: Samples, patch: str) -> list[Image]:
    return [_shown(clearest(samples.native(patch, m))) for m in Modality]


def clearest(sample: Sample) -> npt.NDArray[np.float32]:
    """The darkest valid date of a sample, (C, H, W): clouds are bright."""
    seen = np.flatnonzero(sample.valid.all(axis=(1, 2)))
    if not seen.size:
        return sample.x[:, 0]
    return sample.x[:, seen[sample.x[:, seen].mean(axis=(0, 2, 3)).argmin()]]


def _shown(image: npt.NDArray[np.float32]) -> Image:
    """(C, H, W) -> (H, W, 3), stretched between percentiles of each channel."""
    low, high = np.percentile(image, [2, 98], axis=(1, 2), keepdims=True)
    stretched = np.clip((image - low) / np.maximum(high - low, 1e-6), 0, 1)
    return np.asarray(stretched.transpose(1, 2, 0), np.float32)


def class_colours(names: Sequence[str]) -> list[tuple[float, ...]]:
    """Of the legend and of the maps, 0..1: background grey, no two that look alike.

    More classes than `_DISTINCT` has get the engine's usual colours.
    """
    crops = [name for name in names if name != "Background"]
    if len(crops) > len(_DISTINCT):
        return [tuple(c / 255 for c in colour) for colour in colours_for(names)]
    of_crop = dict(zip(crops, _DISTINCT))
    return [to_rgb(of_crop.get(name, _BACKGROUND)) for name in names]


def class_picture(values: npt.NDArray[np.int64], names: Sequence[str]) -> Image:
    """Classes 0..K-1 (H, W) in the legend's colours, (H, W, 3)."""
    colours = np.array(class_colours(names))
    picture = np.full((*values.shape, 3), to_rgb(_BLANK), np.float32)
    picture[values != IGNORED] = colours[values[values != IGNORED]]
    return picture


def reconstruction_cell(method: str = "s4") -> Cell:
    """Whose pretraining Figures 7 and 8 show."""
    return Cell(method, "pastis-r", "optical", 100, 0)


def reconstructions(experiments: Experiments, source: Modality, stage: Stage) -> Figure:
    """Input, ground truth and reconstruction: optical to radar (Fig. 7) or back (Fig. 8).

    S4 without a border stands beside S4 where its cell has run.
    """
    target = Modality.RADAR if source is Modality.OPTICAL else Modality.OPTICAL
    by = {f"{target} by S4": reconstruction_cell()}
    without_border = reconstruction_cell("s4-ground")
    if experiments.finished(without_border) is not None:
        by[f"{target}, no border to read"] = without_border
    columns: list[list[Image]] = []
    for cell in by.values():
        task, samples = experiments.task(cell, stage)
        if not isinstance(task, S4Task):
            raise ConfigurationError("Only S4 reconstructs.", "Draw S4's pretraining.")
        network = experiments.workspace.device.place(task.network).eval()
        length = samples.pair_length(90.0)
        # the last fold: pretraining never saw them
        pairs = [samples.pair(patch, length) for patch in samples.source.ids[-_ROWS:]]
        dates = [int(pair[source].valid.all(axis=(1, 2)).sum()) // 2 for pair in pairs]
        if not columns:
            columns += [
                [_shown(pair[m].x[:, date]) for pair, date in zip(pairs, dates)]
                for m in (source, target)
            ]
        made = [_reconstructed(network, pair, source, target, experiments) for pair in pairs]
        columns.append([_shown(series[:, date]) for series, date in zip(made, dates)])
    rows = list(zip(*columns))
    drawn = _drawn(rows, (f"{source} input", f"{target} truth", *by), [""] * len(rows))
    made_of = origin(samples.source)
    drawn.suptitle(_title(f"{source.value} to {target.value} by S4", made_of), fontsize=9)
    return drawn


def _reconstructed(
    network: S4Network,
    pair: Mapping[Modality, Sample],
    source: Modality,
    target: Modality,
    experiments: Experiments,
) -> npt.NDArray[np.float32]:
    """The standardised series of `target`, (C, T, H, W)."""
    device = experiments.workspace.device
    with torch.no_grad(), device.autocast():
        inputs = series_input([pair[source]], device.device)
        found = network.reconstruct(*inputs, source, target)[0].float().cpu().numpy()
    return np.asarray(found, np.float32)


def _title(text: str, made: str) -> str:
    return f"{text}; SIMULATED data" if made == "simulated" else text


def _drawn(rows: Sequence[Sequence[Image]], titles: Sequence[str], labels: Sequence[str]) -> Figure:
    size = (1.7 * len(titles), 1.7 * len(rows) + 0.9)
    figure = Figure(figsize=size, layout="constrained")
    axes = figure.subplots(len(rows), len(titles), squeeze=False)
    for row, images in enumerate(rows):
        for column, image in enumerate(images):
            axis = axes[row, column]
            axis.imshow(image, interpolation="nearest")
            axis.set_xticks([])
            axis.set_yticks([])
            if not row:
                axis.set_title(titles[column], fontsize=8)
        axes[row, 0].set_ylabel(labels[row], fontsize=8)
    return figure


@dataclass(frozen=True)
class Picture:
    """A figure of patches.

    Args:
        cells: that must have run.
        draw: makes it.
    """

    cells: tuple[Cell, ...]
    draw: Callable[[Experiments, Stage], Figure]


PICTURES: dict[str, Picture] = {
    "fig5": Picture(
        qualitative_cells("pastis-r"), lambda e, stage: qualitative(e, "pastis-r", stage)
    ),
    "fig6": Picture(qualitative_cells("africa"), lambda e, stage: qualitative(e, "africa", stage)),
    "fig7": Picture(
        (reconstruction_cell(),), lambda e, stage: reconstructions(e, Modality.OPTICAL, stage)
    ),
    "fig8": Picture(
        (reconstruction_cell(),), lambda e, stage: reconstructions(e, Modality.RADAR, stage)
    ),
}
