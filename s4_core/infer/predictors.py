"""What makes the predictions of tiles: this process, or others."""

from __future__ import annotations

from typing import Protocol

from s4_core.infer.prediction import Prediction, Predictor
from s4_core.infer.tiling import Tile


class TilePredictor(Protocol):
    """Predicts tiles, best in the order that it was told before."""

    def core(self, tile: Tile) -> Prediction:
        """Of the tile's core alone."""

    def whole(self, tile: Tile) -> Prediction:
        """Of all that the tile reads."""


class OwnPredictor:
    """Predicts in this process."""

    def __init__(self, predict: Predictor) -> None:
        self._predict = predict

    def core(self, tile: Tile) -> Prediction:
        """Of the tile's core alone; nothing is computed where no pixel of it has data."""
        return self._predict(tile.window, tile.core_in_window).part(tile.core_in_window)

    def whole(self, tile: Tile) -> Prediction:
        """Of all that the tile reads."""
        return self._predict(tile.window)
