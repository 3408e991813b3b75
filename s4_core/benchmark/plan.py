"""What to compare: areas with their parcels, methods, how many parcels teach and how often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from s4_core import data
from s4_core.benchmark.task import Budgets
from s4_core.config import settings_to_plain
from s4_core.errors import AreaError, ConfigurationError
from s4_core.phrases import listed
from s4_core.types import Area, Modality, Settings


@dataclass(frozen=True, eq=False)
class Field:
    """An area with its parcels.

    Args:
        labels_path: where they come from.
    """

    area: Area
    labels: data.Labels
    labels_path: str


@dataclass(frozen=True)
class Plan:
    """What to compare, and how often.

    Args:
        k: training parcels a class. splits: draws of each area, modality and k.
        methods: names in the registry. settings: of the checkpoint, with what the user stated.
    """

    checkpoint: Path
    modalities: tuple[Modality, ...]
    k: tuple[int, ...]
    splits: int
    methods: tuple[str, ...]
    settings: Settings
    budgets: Budgets

    def __post_init__(self) -> None:
        if not self.modalities:
            raise ConfigurationError("No modality was named.", "Choose optical, radar or both.")
        steps = (self.budgets.scratch_steps, self.budgets.area_steps)
        for name, values in (("k", self.k), ("splits", (self.splits,)), ("steps", steps)):
            if not values or min(values) < 1:
                raise ConfigurationError(
                    f"{name} is {', '.join(map(str, values)) or 'empty'}.",
                    "Give whole numbers above zero.",
                )


def require_one_kind(areas: Sequence[Area]) -> None:
    """Simulated and real areas are never in one number.

    Raises:
        ConfigurationError: both are there, or two areas have one name.
        AreaError: there is none.
    """
    if not areas:
        raise AreaError("No area was given to compare on.", "Give at least one area.")
    simulated = [area.name for area in areas if area.simulated]
    if simulated and len(simulated) < len(areas):
        real = [area.name for area in areas if not area.simulated]
        raise ConfigurationError(
            f"Simulated areas ({listed(simulated)}) and real ones ({listed(real)}) were given.",
            "Compare on either: one number never rests on both.",
        )
    names = [area.name for area in areas]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ConfigurationError(
            f"Several areas are called {listed(twice)}.",
            'Give each area once, with a "name" of its own in area.json.',
        )


def computing_settings(settings: Settings) -> dict[str, Any]:
    """The settings that a result depends on: the number of threads is none of them."""
    plain = settings_to_plain(settings)
    plain["runtime"].pop("threads")
    return plain
