"""The part of docs/experiments.md on classes that tiny parcels teach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from training.compare_checkpoints import interval
from training.experiments.remedies import BEFORE, COMPARED, REMEDIES
from training.experiments.results import interval_text

STATES = {"shipped": "The shipped metric", "fitted": "The metric fitted to the area"}
KEYS = {"common": "common", "rare": "rare", "usual": "usual problem"}

HEAD = (
    "| | what | common | rare | taken by rare | usual problem | minus `{before}`: common | rare "
    "| usual problem |",
    "|---|---|---|---|---|---|---|---|---|",
)

ByArea = Mapping[str, Mapping[str, Mapping[str, Any]]]


def section(document: Mapping[str, Any]) -> str:
    """Tables of both sets of areas, and a verdict on each remedy."""
    parts = []
    for areas, title in (
        ("development", "by which one was chosen"),
        ("confirmation", "that chose nothing"),
    ):
        for state, words in STATES.items():
            count = len(document["remedies"][BEFORE][areas][state])
            rows = table(document["remedies"], areas, state)
            parts.append(f"{words}, {count} areas {title}:\n\n{rows}")
    told = [f"- `{name}`: {r.verdict}" for name, r in REMEDIES.items() if r.verdict]
    return "\n\n".join([*parts, "\n".join(told)])


def table(remedies: Mapping[str, Any], areas: str, state: str) -> str:
    """A row each of the remedies that were measured there."""
    base = remedies[BEFORE][areas][state]
    lines = [HEAD[0].format(before=BEFORE), HEAD[1]]
    for name, entry in remedies.items():
        if areas in entry:
            lines.append(row(name, entry[areas][state], base))
    return "\n".join(lines)


def row(name: str, by_area: ByArea, base: ByArea) -> str:
    """Means over areas of both modalities, and paired differences with 95 % intervals."""
    means = {key: np.nanmean(values(by_area, key)) for key in (*KEYS, "taken")}
    numbers = [f"{means[key]:.3f}" for key in ("common", "rare", "taken", "usual")]
    told = [""] * len(KEYS)
    if name != BEFORE:
        gaps = [values(by_area, key) - values(base, key) for key in KEYS]
        told = [_told(gap[~np.isnan(gap)]) for gap in gaps]
    return f"| {' | '.join([f'`{name}`', REMEDIES[name].says, *numbers, *told])} |"


def values(by_area: ByArea, key: str) -> Any:
    """Of each area the mean over the modalities that have a number; NaN where none has."""
    found = [
        [one[key] for one in area.values() if one[key] is not None] for area in by_area.values()
    ]
    return np.array([np.mean(some) if some else np.nan for some in found])


def _told(gaps: Sequence[float]) -> str:
    return interval_text(*interval(np.asarray(gaps)))


def look_table(found: Mapping[str, Any]) -> str:
    """What `training.experiments.tiny_real` saw: means over its draws."""
    lines = [
        f"   | checkpoint, images | {' | '.join(f'`{name}`' for name in COMPARED)} |",
        f"   |---|{'---|' * len(COMPARED)}",
    ]
    for checkpoint, by_modality in found["checkpoints"].items():
        for modality, by_method in by_modality.items():
            cells = [_means(by_method[name]) for name in COMPARED]
            lines.append(f"   | {Path(checkpoint).stem}, {modality} | {' | '.join(cells)} |")
    lines.append(
        "\n   Mean IoU of the common classes, and the share of their pixels that rare ones take; "
        f"means over {found['draws']} draws."
    )
    return "\n".join(lines)


def _means(scores: Mapping[str, Sequence[float]]) -> str:
    return ", ".join(f"{np.mean(scores[key]):.3f}" for key in ("common", "taken"))
