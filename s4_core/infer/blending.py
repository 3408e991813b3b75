"""Blending of overlapping tiles, for a halo smaller than what the model looks at.

Neighbours then disagree near their common border; each counts the less the nearer a pixel lies to
the edge of what it read. Predictions wait on disk until no tile needs them any more.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from s4_core.infer.prediction import Prediction
from s4_core.infer.predictors import TilePredictor
from s4_core.infer.scratch import TileStore
from s4_core.infer.tiling import Tile, TilePlan, intersection, ramp_weights


class Blender:
    """Predicts the cores of tiles from all tiles that reach them.

    Args:
        plan: all tiles; `tiles`: those that are computed, in order (others are left out).
        predict: makes the predictions.
        store: where predictions wait; one that an earlier run left is used.
    """

    def __init__(
        self,
        plan: TilePlan,
        tiles: Sequence[Tile],
        predict: TilePredictor,
        store: TileStore,
    ) -> None:
        self._plan = plan
        self._computed = {tile.index for tile in tiles}
        self._predict = predict
        self._store = store

    def core(self, tile: Tile) -> Prediction:
        """The blended prediction of a tile's core; probabilities sum to 1 where mapped."""
        own = self._whole(tile)
        total = np.zeros_like(own.part(tile.core_in_window).probabilities)
        weight = np.zeros(total.shape[1:], dtype=np.float32)
        for other in self._reaching(tile):
            shared = intersection(other.window, tile.core)
            if shared is None:
                continue
            here = shared.shifted(-tile.core.row, -tile.core.col).slices
            there = shared.shifted(-other.window.row, -other.window.col)
            share = ramp_weights(other.window, self._plan.halo_px)[there.slices]
            total[(slice(None), *here)] += share * self._whole(other).part(there).probabilities
            weight[here] += share
        return Prediction(total / weight, own.mapped[tile.core_in_window.slices])

    def finish(self, tile: Tile) -> None:
        """Drop the predictions that no later tile needs; call it once the core is on disk."""
        for other in self._reaching(tile):
            if max(user.index for user in self._reaching(other)) <= tile.index:
                self._store.drop(_name(other))

    def _reaching(self, tile: Tile) -> list[Tile]:
        return [other for other in self._plan.reaching(tile) if other.index in self._computed]

    def _whole(self, tile: Tile) -> Prediction:
        stored = self._store.read(_name(tile))
        if stored is not None:
            return Prediction(stored["probabilities"], stored["mapped"])
        predicted = self._predict.whole(tile)
        arrays = {"probabilities": predicted.probabilities, "mapped": predicted.mapped}
        self._store.write(_name(tile), arrays)
        return predicted


def _name(tile: Tile) -> str:
    return f"prediction_{tile.index}"
