"""Classes of a map: names, codes and colours."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from dataclasses import dataclass

from s4_core.errors import LabelError

NODATA_VALUE = 0
"""Map value of pixels without a class; classes count from 1."""


@dataclass(frozen=True)
class MapClass:
    """One class: its name, the code that the reference uses and an RGB colour (0-255)."""

    name: str
    code: str
    colour: tuple[int, int, int]


@dataclass(frozen=True)
class Legend:
    """The classes of a model or a map, in order; the map value of class i (from 0) is i + 1."""

    classes: tuple[MapClass, ...]

    def __post_init__(self) -> None:
        names = [c.name for c in self.classes]
        folded = [name.strip().casefold() for name in names]
        if "" in folded:
            raise LabelError(f"A class needs a name, got {names}.", "Name every class.")
        wrong = [c.name for c in self.classes if not _is_colour(c.colour)]
        if wrong:
            raise LabelError(
                f"{wrong[0]} has no colour of red, green and blue from 0 to 255.",
                "Correct the legend.",
            )
        # references are matched without regard to case
        alike = sorted({n for n, key in zip(names, folded) if folded.count(key) > 1})
        if alike:
            raise LabelError(f"Class names must differ, got {alike}.", "Rename one of them.")

    def __len__(self) -> int:
        return len(self.classes)

    @property
    def names(self) -> tuple[str, ...]:
        """Class names in order."""
        return tuple(c.name for c in self.classes)

    def value_of(self, name: str) -> int:
        """Map value (1..K) of the class called `name`; KeyError where there is none."""
        try:
            return self.names.index(name) + 1
        except ValueError as error:
            raise KeyError(name) from error

    def match(self, name: str, code: str) -> int | None:
        """Map value of a reference class: by name, else by code, else None; never by position."""
        folded = name.strip().casefold()
        for index, known in enumerate(self.classes):
            if known.name.strip().casefold() == folded:
                return index + 1
        for index, known in enumerate(self.classes):
            if code and known.code == code:
                return index + 1
        return None


def _is_colour(colour: Sequence[int]) -> bool:
    return len(colour) == 3 and all(isinstance(c, int) and 0 <= c <= 255 for c in colour)


KNOWN_COLOURS: dict[str, tuple[int, int, int]] = {
    "grass": (148, 201, 115),
    "meadow": (148, 201, 115),
    "grassland": (148, 201, 115),
    "maize": (244, 196, 48),
    "corn": (244, 196, 48),
    "winter wheat": (193, 125, 58),
    "wheat": (193, 125, 58),
    "winter barley": (226, 168, 120),
    "barley": (240, 211, 170),
    "spring barley": (240, 211, 170),
    "potato": (126, 87, 194),
    "sugar beet": (214, 72, 120),
    "beet": (214, 72, 120),
    "winter rapeseed": (250, 240, 80),
    "rapeseed": (250, 240, 80),
    "sunflower": (255, 145, 30),
    "soybean": (120, 144, 60),
    "other legumes": (88, 140, 126),
    "cabbage": (64, 120, 190),
    "forest": (34, 94, 60),
    "water": (60, 110, 200),
    "built-up": (140, 140, 140),
    "bare soil": (170, 140, 110),
}
"""Colours that agronomists expect, by lower-case class name."""


def colours_for(names: Sequence[str]) -> list[tuple[int, int, int]]:
    """A distinct RGB colour per class: the known one, else evenly spread hues by order."""
    taken: set[tuple[int, int, int]] = set()
    colours = []
    for index, name in enumerate(names):
        colour = KNOWN_COLOURS.get(name.strip().casefold())
        step = 0
        while colour is None or colour in taken:
            # the golden angle keeps successive hues far apart; a full turn changes the lightness
            hue = ((index + step) * 0.61803398875 + 0.55) % 1.0
            lightness = 0.3 + (0.25 + step // 360 * 0.0619) % 0.5
            red, green, blue = colorsys.hls_to_rgb(hue, lightness, 0.55)
            colour = (round(red * 255), round(green * 255), round(blue * 255))
            step += 1
        taken.add(colour)
        colours.append(colour)
    return colours
