"""Which parcels teach: seeded draws of k parcels a class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from s4_core import data


@dataclass(frozen=True, eq=False)
class Splits:
    """Draws of training parcels.

    Args:
        k: training parcels a class.
        classes: 0-based classes that take part: those with more than k parcels.
        draws: training parcels of each split, by index, ascending; all differ.
        asked: how many draws were made; equal ones count once.
    """

    k: int
    classes: tuple[int, ...]
    draws: tuple[npt.NDArray[np.intp], ...]
    asked: int

    @property
    def dropped(self) -> int:
        """Draws that equalled an earlier one."""
        return self.asked - len(self.draws)


def draw_splits(parcel_classes: Sequence[int], k: int, asked: int, seed: int) -> Splits:
    """Draw `asked` times k parcels of each class that has more.

    Args:
        parcel_classes: 0-based class of each parcel, -1 for parcels that nobody can see.

    Returns:
        Splits, without draws where fewer than two classes have more than k parcels.
    """
    values = np.asarray(parcel_classes)
    counts = np.bincount(values[values >= 0])
    classes = tuple(int(value) for value in np.flatnonzero(counts > k))
    if len(classes) < 2:
        return Splits(k, classes, (), 0)
    members = np.flatnonzero(np.isin(values, classes))
    drawn = [
        members[data.draw_parcels(values[members].tolist(), k, seed + number)]
        for number in range(asked)
    ]
    unique = {tuple(draw.tolist()): draw.astype(np.intp) for draw in drawn}
    return Splits(k, classes, tuple(unique.values()), asked)
