"""What each level of the U-Net must hold for the wanted pixels: the rest of the halo is left out.

A tile is read with a halo so that its core's features are right. Towards the output the halo is
needed less and less: of the last block, which costs most, only 2 px around the core.
"""

from __future__ import annotations

from dataclasses import dataclass

from s4_core.types import Window

Margins = tuple[int, int, int, int]
"""Rows and columns to leave out: top, bottom, left, right."""

Span = tuple[int, int]
"""First and past-the-last place along one axis."""

NONE: Margins = (0, 0, 0, 0)


@dataclass(frozen=True)
class Crops:
    """Margins to cut, each counted in places of its own level.

    Args:
        deep: of the encoder's lowest level.
        up_middle, middle: of what is joined at the middle level.
        up_full, full: of what is joined at full resolution.
        output: of the last block's output.
    """

    deep: Margins = NONE
    up_middle: Margins = NONE
    middle: Margins = NONE
    up_full: Margins = NONE
    full: Margins = NONE
    output: Margins = NONE


WHOLE = Crops()


def crops_for(wanted: Window, height: int, width: int) -> Crops:
    """What to leave out of a padded window of `height` x `width` px (multiples of 4).

    Args:
        wanted: pixels whose features are asked for, inside the window.
    """
    rows = _axis((wanted.row, wanted.row + wanted.height), height)
    cols = _axis((wanted.col, wanted.col + wanted.width), width)
    # per level (start, end) along rows and along columns -> (top, bottom, left, right)
    return Crops(*((*down, *across) for down, across in zip(rows, cols)))


def stem_crops(wanted: Window, height: int, width: int) -> Crops:
    """The same where only the stem runs."""
    (top, bottom), (left, right) = (
        _between((0, size), (start, start + length))
        for size, start, length in (
            (height, wanted.row, wanted.height),
            (width, wanted.col, wanted.width),
        )
    )
    return Crops(output=(top, bottom, left, right))


def _axis(wanted: Span, size: int) -> tuple[Span, ...]:
    """Margins of `Crops`' six cuts along one axis, followed backwards from the output."""
    full = _grown(wanted, 2, size, 2)
    middle = _grown(_halved(full), 2, size // 2, 2)
    deep = _grown(_halved(middle), 1, size // 4, 1)
    return (
        _between((0, size // 4), deep),
        _between(_doubled(deep), middle),
        _between((0, size // 2), middle),
        _between(_doubled(middle), full),
        _between((0, size), full),
        _between(full, wanted),
    )


def _grown(span: Span, by: int, size: int, step: int) -> Span:
    """`span` with `by` places on each side, on multiples of `step`, inside the level's size."""
    start = (span[0] - by) // step * step
    end = -(-(span[1] + by) // step) * step
    return max(start, 0), min(end, size)


def _halved(span: Span) -> Span:
    """Inputs of a transposed convolution; one of kernel 3 reads the next place too."""
    return span[0] // 2, span[1] // 2 + 1


def _doubled(span: Span) -> Span:
    return 2 * span[0], 2 * span[1]


def _between(outer: Span, inner: Span) -> Span:
    """What to cut off the two ends of `outer` to leave `inner`."""
    return inner[0] - outer[0], outer[1] - inner[1]
