"""Features of an area, block by block: each block computed once, here or by an earlier run.

Blocks lie on the area's own lattice, whatever tiles a map has and whatever parcels teach: learning
and mapping meet in the same blocks.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from s4_core.data.feature_cache import FeatureCache, unwritable
from s4_core.errors import OutputError
from s4_core.types import Grid, Window

BLOCK_PX = 128

MOST_BLOCKS = 36
"""Of an area whose blocks are kept (768 x 768 px): where only its parcels matter, computing whole
blocks must stay quick."""

MOST_BYTES = 640 * 2**20
"""Of an area's features."""

KEPT_BYTES = 192 * 2**20
"""Of blocks, in memory."""

_LATTICE_PX = 4


@dataclass(frozen=True)
class Block:
    """Features of a window.

    Args:
        values: `(D, h, w)` float32.
        seen: `(h, w)`, True where a modality that is read has a valid date.
    """

    values: npt.NDArray[np.float32]
    seen: npt.NDArray[np.bool_]


def blocks_of(grid: Grid, region: Window) -> tuple[Window, ...]:
    """The blocks that hold a region, row by row; at the area's end they are cut on the lattice."""
    height, width = (-(-side // _LATTICE_PX) * _LATTICE_PX for side in grid.shape)
    rows = range(region.row // BLOCK_PX, -(-(region.row + region.height) // BLOCK_PX))
    cols = range(region.col // BLOCK_PX, -(-(region.col + region.width) // BLOCK_PX))
    cut = (
        Window(row * BLOCK_PX, col * BLOCK_PX, BLOCK_PX, BLOCK_PX).clipped(height, width)
        for row in rows
        for col in cols
    )
    return tuple(window for window in cut if window is not None)


def worth_keeping(grid: Grid, region: Window, features: int) -> bool:
    """Whether a region is small enough for its blocks to be computed whole and kept."""
    count = len(blocks_of(grid, region))
    return count <= MOST_BLOCKS and count * BLOCK_PX**2 * features * 4 <= MOST_BYTES


class FeatureBlocks:
    """Gives features of any window of an area.

    Args:
        grid: the area's.
        make: computes a block.
        key: of everything that the features depend on but the window; None keeps nothing.
        say: told, once, why features cannot be kept.
    """

    def __init__(
        self,
        grid: Grid,
        make: Callable[[Window], Block],
        cache: FeatureCache | None = None,
        key: str = "",
        say: Callable[[str, str], None] | None = None,
    ) -> None:
        self._grid, self._make, self._cache, self._key = grid, make, cache, key
        self._say = say
        self._kept: OrderedDict[Window, Block] = OrderedDict()
        self.hits = self.misses = 0

    def at(self, window: Window) -> Block:
        """The features of a window inside the blocks of the area."""
        found: Block | None = None
        for block, own in self._meeting(window):
            if block == window:
                return own
            shared = _shared(block, window)
            if found is None:
                shape = (len(own.values), window.height, window.width)
                found = Block(np.zeros(shape, np.float32), np.zeros(shape[1:], np.bool_))
            there = shared.shifted(-window.row, -window.col).slices
            here = shared.shifted(-block.row, -block.col).slices
            found.values[(slice(None), *there)] = own.values[(slice(None), *here)]
            found.seen[there] = own.seen[here]
        if found is None:
            raise ValueError(f"{window} lies outside of the area")
        return found

    def at_pixels(
        self, rows: npt.NDArray[np.int64], cols: npt.NDArray[np.int64]
    ) -> Iterator[tuple[npt.NDArray[np.intp], npt.NDArray[np.float32], npt.NDArray[np.bool_]]]:
        """Features of single pixels, block by block.

        Yields:
            Indices of the pixels of a block, `(n,)`; their features `(n, D)`; seen `(n,)`.
        """
        for window in self.holding(rows, cols):
            inside = np.flatnonzero(
                (rows // BLOCK_PX == window.row // BLOCK_PX)
                & (cols // BLOCK_PX == window.col // BLOCK_PX)
            )
            block = self._block(window)
            at = rows[inside] - window.row, cols[inside] - window.col
            # (D, h, w) at n places -> (D, n) -> (n, D)
            yield inside, block.values[(slice(None), *at)].T, block.seen[at]

    def holding(self, rows: npt.NDArray[np.int64], cols: npt.NDArray[np.int64]) -> list[Window]:
        """The blocks of single pixels, row by row."""
        places = np.unique(np.stack([rows, cols], axis=1) // BLOCK_PX, axis=0) * BLOCK_PX
        corners = (Window(int(top), int(left), 1, 1) for top, left in places)
        return [block for corner in corners for block in blocks_of(self._grid, corner)]

    def lacking(self, windows: Sequence[Window]) -> list[Window]:
        """The blocks that these windows will need and nobody has, in their order."""
        needed = dict.fromkeys(b for window in windows for b in blocks_of(self._grid, window))
        return [block for block in needed if not self._has(block)]

    def _has(self, block: Window) -> bool:
        cache = self._cache
        return block in self._kept or (cache is not None and cache.has(self._name(block)))

    def _meeting(self, window: Window) -> Iterator[tuple[Window, Block]]:
        for block in blocks_of(self._grid, window):
            yield block, self._block(block)

    def _block(self, window: Window) -> Block:
        if window not in self._kept:
            self._kept[window] = self._found(window) or self._made(window)
        self._kept.move_to_end(window)
        while len(self._kept) > 1 and _bytes(self._kept.values()) > KEPT_BYTES:
            self._kept.popitem(last=False)
        return self._kept[window]

    def _found(self, window: Window) -> Block | None:
        if self._cache is None:
            return None
        arrays = self._cache.read(self._name(window))
        if arrays is None or arrays.keys() != {"values", "seen"}:
            return None
        self.hits += 1
        return Block(arrays["values"], arrays["seen"])

    def _made(self, window: Window) -> Block:
        self.misses += 1
        block = self._make(window)
        if self._cache is not None:
            try:
                arrays = {"values": block.values, "seen": block.seen}
                self._cache.write(self._name(window), arrays)
            except OutputError as error:
                self._cache = None
                if self._say is not None:
                    self._say("warning", unwritable(error))
        return block

    def _name(self, window: Window) -> str:
        return f"{self._key}-{window.row}-{window.col}-{window.height}-{window.width}"


def _shared(block: Window, window: Window) -> Window:
    """The pixels of both, on the area's grid; they meet."""
    inside = window.shifted(-block.row, -block.col).clipped(block.height, block.width)
    if inside is None:
        raise ValueError(f"{block} and {window} have no pixel in common")
    return inside.shifted(block.row, block.col)


def _bytes(blocks: Iterable[Block]) -> int:
    return sum(block.values.nbytes + block.seen.nbytes for block in blocks)
