"""What a frozen network's readout reads at labelled pixels: computed fast, once, and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from s4_core import data, nn
from s4_core.model_card import ModelCard
from s4_core.progress import Stage
from s4_core.train.pixels import Inputs, Pixels, compute_at
from s4_core.types import Area, Window

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
Say = Callable[[str, str], None]


@dataclass(frozen=True)
class Frozen:
    """A network that no longer learns, on an area.

    Args:
        card: with a readout. preparation: of the series.
        read: the inputs of a window.
        halo_px: pixels around a pixel that can change its result.
        keep: use the user's cache of features.
    """

    area: Area
    network: nn.S4Network
    card: ModelCard
    preparation: data.Preparation
    device: nn.DeviceChoice
    read: Callable[[Window], Inputs]
    halo_px: int
    keep: bool


class FrozenFeatures:
    """Gives what the readout reads at pixels.

    Of a small area whole blocks are computed, those that its map will ask for again; of a large
    one only what lies around the pixels.

    Args:
        say: told what computes, and why features are not kept.
    """

    def __init__(self, frozen: Frozen, say: Say) -> None:
        self._frozen = frozen
        self._read: Callable[[Window], Inputs] = frozen.read
        self._source = nn.FastNetwork(frozen.network, frozen.device, say)
        self._size = nn.readout_size(frozen.network, frozen.card)
        grid = frozen.area.grid
        small = data.worth_keeping(grid, grid.whole, self._size)
        self._blocks = self._kept_blocks(say) if small else None

    def at(self, pixels: Pixels, stage: Stage) -> tuple[Floats, Bools]:
        """What the readout reads at each pixel, and whether an image shows it: `(N, D)`, `(N,)`.

        Raises:
            Cancelled: the user stopped it.
        """
        if self._blocks is not None:
            return self._from_blocks(self._blocks, pixels, stage)
        return compute_at(
            pixels,
            self._frozen.halo_px,
            self._frozen.read,
            lambda inputs: nn.readout_features(self._source, inputs, self._frozen.card),
            device=self._frozen.device,
            stage=stage,
        )

    def _from_blocks(
        self, blocks: data.FeatureBlocks, pixels: Pixels, stage: Stage
    ) -> tuple[Floats, Bools]:
        values = np.empty((len(pixels), self._size), np.float32)
        seen = np.zeros(len(pixels), bool)
        done = 0
        with self._reading_ahead(blocks, pixels):
            for inside, found, shown in blocks.at_pixels(pixels.rows, pixels.cols):
                values[inside], seen[inside] = found, shown
                done += len(inside)
                stage.step(done, len(pixels))
        return values, seen

    @contextmanager
    def _reading_ahead(self, blocks: data.FeatureBlocks, pixels: Pixels) -> Iterator[None]:
        """Images of the next block are read while one is computed."""
        lacking = blocks.lacking(blocks.holding(pixels.rows, pixels.cols))
        following = [block.grown(self._frozen.halo_px) for block in lacking]
        with data.ReadAhead(self._frozen.read, following) as ahead:
            self._read = ahead
            try:
                yield
            finally:
                self._read = self._frozen.read

    def _kept_blocks(self, say: Say) -> data.FeatureBlocks:
        frozen = self._frozen
        reads = frozen.card.head
        return data.open_blocks(
            frozen.area,
            reads.modalities if reads else (),
            frozen.preparation,
            nn.features_key(frozen.network, frozen.card, frozen.device),
            self._computed,
            keep=frozen.keep,
            say=say,
        )

    def _computed(self, window: Window) -> data.Block:
        frozen = self._frozen
        inputs = self._read(window.grown(frozen.halo_px))
        wanted = Window(frozen.halo_px, frozen.halo_px, window.height, window.width)
        found = nn.readout_block(self._source, inputs, frozen.card, frozen.device, wanted)
        return data.Block(*found)
