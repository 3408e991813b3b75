"""Where to label next, once there is a first map. Standard library only.

The plugin's suggestions and the study of simulated areas that chose them (docs/labelling.md) use
the same function.
"""

from __future__ import annotations

from collections.abc import Sequence


def labelling_order(margins: Sequence[float], most: int) -> list[int]:
    """Indices of the places to label, the one that is worth most first.

    A narrow margin says that the map hesitates between two classes there: what is seen on the
    ground moves the boundary between them (Scheffer, Decomain, Wrobel 2001). Of equal places the
    first one comes first.

    Args:
        margins: of each place, probability of its class minus that of the runner-up, 0..1.
        most: how many places are asked for.
    """
    return sorted(range(len(margins)), key=lambda place: margins[place])[:most]
