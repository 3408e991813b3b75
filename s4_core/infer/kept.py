"""Small maps from kept features: what learning or an earlier map computed is not computed again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch

from s4_core import data, nn
from s4_core.infer.decisions import Decisions
from s4_core.infer.prediction import Prediction, Samples, placed
from s4_core.infer.tiling import Tile
from s4_core.nn import DeviceChoice, ReadoutHead, Segmenter
from s4_core.types import Area, Window

Say = Callable[[str, str], None]


@dataclass(frozen=True)
class KeptFeatures:
    """A map whose features are worth keeping.

    Args:
        keep: use the user's cache; else blocks are computed alike and forgotten.
    """

    area: Area
    segmenter: Segmenter
    decided: Decisions
    choice: DeviceChoice
    keep: bool

    @property
    def worth_it(self) -> bool:
        """Whether the model reads features out and the map is small enough for all of them."""
        decided, model = self.decided, self.segmenter
        if decided.blends or not isinstance(model.head, ReadoutHead):
            return False
        features = nn.readout_size(model.network, model.card)
        return data.worth_keeping(self.area.grid, decided.plan.region, features)

    @contextmanager
    def predictor(
        self, read: Callable[[Window], Samples], tiles: Sequence[Tile], say: Say
    ) -> Iterator[BlockPredictor]:
        """What predicts the tiles; images of the next block are read while one is computed.

        Args:
            read: the samples of a window.
            say: told what computes, and why features are not kept.
        """
        choice, halo_px = self.choice, self.decided.plan.halo_px
        model = choice.place(self.segmenter.eval())
        source = nn.FastNetwork(model.network, choice, say)

        def make(window: Window) -> data.Block:
            samples = ahead(window.grown(halo_px))
            inputs = {m: placed(sample, choice) for m, sample in samples.items()}
            wanted = Window(halo_px, halo_px, window.height, window.width)
            return data.Block(*nn.readout_block(source, inputs, model.card, choice, wanted))

        blocks = data.open_blocks(
            self.area,
            model.modalities,
            self.decided.preparation,
            nn.features_key(model.network, model.card, choice),
            make,
            keep=self.keep,
            say=say,
        )
        coming = [window.grown(halo_px) for window in blocks.lacking([t.core for t in tiles])]
        with data.ReadAhead(read, coming) as ahead:
            yield BlockPredictor(blocks, model, choice)


class BlockPredictor:
    """Predicts tiles from the features of an area."""

    def __init__(
        self, blocks: data.FeatureBlocks, segmenter: Segmenter, choice: DeviceChoice
    ) -> None:
        self._blocks, self._segmenter, self._choice = blocks, segmenter, choice

    def core(self, tile: Tile) -> Prediction:
        """Of the tile's core alone."""
        block = self._blocks.at(tile.core)
        if not block.seen.any():
            shape = (self._segmenter.classes, *block.seen.shape)
            return Prediction(np.zeros(shape, dtype=np.float32), block.seen)
        with torch.inference_mode():
            # (D, h, w) -> (1, D, h, w)
            features = self._choice.move(torch.from_numpy(np.ascontiguousarray(block.values))[None])
            probabilities = self._segmenter.probabilities_of(features)[0]
        return Prediction(probabilities.float().cpu().numpy(), block.seen)

    def whole(self, tile: Tile) -> Prediction:
        """Only blended tiles need it, which are not predicted from blocks.

        Raises:
            ValueError: always.
        """
        raise ValueError(f"tile {tile.index} is blended: its halo is smaller than the model's")
