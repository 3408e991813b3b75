"""Making the tiles of a map, one after the other, so that a killed run can go on."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt

from s4_core.infer.blending import Blender
from s4_core.infer.classes import classify
from s4_core.infer.decisions import Decisions
from s4_core.infer.ground import BurntParcels
from s4_core.infer.prediction import Prediction
from s4_core.infer.predictors import TilePredictor
from s4_core.infer.rasters import MapRasters
from s4_core.infer.scratch import TileStore
from s4_core.infer.tiling import Tile
from s4_core.infer.votes import Ballots, count_ballots
from s4_core.infer.write_behind import WriteBehind
from s4_core.progress import Stage


class TileMaker:
    """Computes tiles and writes them to the map's rasters.

    Args:
        parcels: that vote; None where none do.
    """

    def __init__(
        self,
        decided: Decisions,
        predict: TilePredictor,
        rasters: MapRasters,
        store: TileStore,
        parcels: BurntParcels | None,
    ) -> None:
        self._decided = decided
        self._predict = predict
        self._rasters = rasters
        self._store = store
        self._parcels = parcels
        self._blender = (
            Blender(decided.plan, decided.tiles, predict, store) if decided.blends else None
        )

    def make(self, tiles: tuple[Tile, ...], stage: Stage) -> None:
        """Make tiles; stops between two of them if asked to.

        Raises:
            Cancelled: the user asked to stop; finished tiles stay.
            AreaError, RasterError: an image cannot be read. OutputError: the disk is full.
        """
        stage.step(0, len(tiles))
        with WriteBehind() as write:
            for done, tile in enumerate(tiles, start=1):
                prediction = self._core(tile)
                write(partial(self._write, tile, prediction, self._mapped(tile, prediction)))
                stage.step(done, len(tiles))

    def _write(self, tile: Tile, prediction: Prediction, mapped: npt.NDArray[np.bool_]) -> None:
        if self._parcels is not None:
            numbers = self._parcels.at(tile.core)
            write_ballots(
                self._store, tile, count_ballots(prediction.probabilities, mapped, numbers)
            )
        # last: a tile whose pixels are on the disk is finished
        self._rasters.write(tile.core, classify(prediction.probabilities, mapped))
        if self._blender is not None:
            self._blender.finish(tile)

    def _core(self, tile: Tile) -> Prediction:
        if self._blender is not None:
            return self._blender.core(tile)
        return self._predict.core(tile)

    def _mapped(self, tile: Tile, prediction: Prediction) -> npt.NDArray[np.bool_]:
        within = self._decided.within
        return prediction.mapped if within is None else prediction.mapped & within(tile.core)


def unfinished(
    decided: Decisions, rasters: MapRasters, store: TileStore, *, votes: bool
) -> tuple[Tile, ...]:
    """The tiles that no earlier run has finished; `votes`: with their ballots."""
    finished = rasters.finished()
    return tuple(
        tile
        for tile in decided.tiles
        if tile.core not in finished or (votes and read_ballots(store, tile) is None)
    )


def write_ballots(store: TileStore, tile: Tile, ballots: Ballots) -> None:
    """Keep a tile's ballots for the count after the last tile."""
    arrays = {"parcels": ballots.parcels, "sums": ballots.sums, "pixels": ballots.pixels}
    store.write(_ballots_name(tile), arrays)


def read_ballots(store: TileStore, tile: Tile) -> Ballots | None:
    """A tile's ballots, None where they are not there."""
    arrays = store.read(_ballots_name(tile))
    return None if arrays is None else Ballots(**arrays)


def _ballots_name(tile: Tile) -> str:
    return f"ballots_{tile.index}"
