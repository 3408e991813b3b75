"""One map in the making: its tiles, then what is settled over all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from s4_core import data, io, nn
from s4_core.infer.areas import AreaCount
from s4_core.infer.cluster import Cluster, SharedPredictor
from s4_core.infer.decisions import Decisions, nothing_mapped
from s4_core.infer.errands import Errand, with_absolute_paths
from s4_core.infer.finishing import count_votes, finish, parcel_classes
from s4_core.infer.ground import BurntParcels
from s4_core.infer.kept import KeptFeatures
from s4_core.infer.outputs import ParcelClass
from s4_core.infer.prediction import Predictor, Samples
from s4_core.infer.predictors import OwnPredictor, TilePredictor
from s4_core.infer.rasters import MapRasters
from s4_core.infer.result import SegmentResult
from s4_core.infer.scratch import TileStore
from s4_core.infer.tiles import TileMaker, unfinished
from s4_core.infer.tiling import Tile
from s4_core.infer.trial import tried_seconds
from s4_core.nn import DeviceChoice, Segmenter
from s4_core.progress import Stage
from s4_core.protocol import SegmentJob
from s4_core.types import Area, RuntimeSettings, Window

_BACKEND = "backend"
"""Of the store's notes."""

_NONE_VOTED = "None of the parcels lies on a mapped pixel; none voted."


@dataclass(frozen=True)
class MapWork:
    """What is needed to make one map.

    Args:
        store: open; both rasters are made in its folder.
        cluster: that predicts the tiles; None does it here.
        keep: features of a small map are kept for the next one.
    """

    area: Area
    segmenter: Segmenter
    request: SegmentJob
    decided: Decisions
    choice: DeviceChoice
    store: TileStore
    cluster: Cluster | None = None
    keep: bool = True

    def make(self, stage: Stage) -> SegmentResult:
        """Make both rasters; nothing has its final name yet.

        Raises:
            AreaError: no pixel could be mapped.
            S4Error: as `segment`.
        """
        decided = self.decided
        layer = io.read_parcels(self.request.parcels) if self.request.parcels else None
        burnt = BurntParcels(layer, self.area.grid, decided.plan.region) if layer else None
        composing = stage.part("write map", 0.95, 1.0)
        with MapRasters(
            self.store.folder, decided, lambda done: composing.step(round(done * 100), 100)
        ) as rasters:
            resumed = self._make_tiles(rasters, burnt, stage.part("segment", 0.0, 0.9))
            verdicts = count_votes(decided, self.store, len(layer.parcels)) if layer else None
            count = finish(decided, rasters, burnt, verdicts, stage.part("count", 0.9, 0.95))
            if not count.mapped_pixels:
                raise nothing_mapped(self.area, decided.modalities)
        voted = parcel_classes(decided, layer.parcels, verdicts) if layer and verdicts else ()
        doubts = () if any(p.pixels for p in voted) or not layer else (_NONE_VOTED,)
        for text in doubts:
            stage.reporter.log("warning", text)
        return self._result(count, voted, resumed, doubts)

    def _make_tiles(self, rasters: MapRasters, burnt: BurntParcels | None, stage: Stage) -> int:
        """Make what is left to make; returns the number of tiles from an earlier run."""
        left = unfinished(self.decided, rasters, self.store, votes=burnt is not None)
        total = len(self.decided.tiles)
        finished = total - len(left)
        if self.request.resume:
            stage.reporter.log("info", f"{finished} of {total} tiles were finished before.")
        with self._predictor(left, stage) as predict:
            TileMaker(self.decided, predict, rasters, self.store, burnt).make(left, stage)
        return finished

    @contextmanager
    def _predictor(self, left: tuple[Tile, ...], stage: Stage) -> Iterator[TilePredictor]:
        """Who predicts the tiles: this process or the cluster; tells the costs first."""
        if self.cluster is not None:
            self._foretell(left, None, stage)
            errand = self._errand(self.cluster.runtime, self._pinned().backend)
            self.cluster.examine(errand)
            whole = self.decided.blends
            with SharedPredictor(self.cluster, errand, left, whole=whole, stage=stage) as shared:
                yield shared
            return
        images, say = reader(self.area, self.decided), stage.reporter.log
        kept = KeptFeatures(self.area, self.segmenter, self.decided, self.choice, self.keep)
        if kept.worth_it:
            self._foretell(left, None, stage)
            with kept.predictor(images, left, say) as from_blocks:
                yield from_blocks
            return
        # blended tiles ask for their neighbours' windows in an order of their own
        following = [] if self.decided.blends else [tile.window for tile in left]
        choice = self._pinned()
        with data.ReadAhead(images, following) as read:
            predict = Predictor(read, self.segmenter, choice, say)
            self._foretell(left, tried_seconds(left, self.decided.reading, read, predict), stage)
            yield OwnPredictor(predict)

    def _pinned(self) -> DeviceChoice:
        """The choice with one backend for the whole map.

        A probe's winner depends on the moment and on the machine; backends agree, but not to the
        last bit. What a map was begun with makes all of its tiles, whoever goes on with it.
        """
        choice = self.choice
        if choice.backend != "auto" or not self.decided.tiles:
            return choice
        name = self.store.recall(_BACKEND)
        if name is None:
            fast = nn.FastNetwork(choice.place(self.segmenter.eval()).network, choice)
            name = fast.backend_for(self.decided.modalities[0], self.decided.frames)
            self.store.note(_BACKEND, name)
        return choice if name == "plain" else replace(choice, backend=name)

    def _errand(self, runtime: RuntimeSettings, backend: str) -> Errand:
        choice = self.choice
        return Errand(
            with_absolute_paths(self.request),
            replace(
                runtime, device=choice.device.type, precision=choice.precision, backend=backend
            ),
            self.decided.model_digest,
            self.decided.fingerprint,
            self.decided.terms,
        )

    def _foretell(self, left: tuple[Tile, ...], seconds: float | None, stage: Stage) -> None:
        """Tell the user what is coming."""
        costs = replace(self.decided.forecast, tiles=len(left), seconds=seconds)
        stage.reporter.log("info", f"{self.area.name}: {costs}. {self.choice.reason}")

    def _result(
        self,
        count: AreaCount,
        voted: tuple[ParcelClass, ...],
        resumed: int,
        doubts: tuple[str, ...],
    ) -> SegmentResult:
        decided, files = self.decided, self.decided.files
        return SegmentResult(
            map=files.classes,
            confidence=files.confidence,
            styles=(*files.class_styles, files.confidence_style),
            areas_csv=files.areas,
            parcels_csv=files.parcels,
            legend=decided.legend,
            areas=count.table(),
            parcels=voted,
            tiles=len(decided.tiles) - resumed,
            resumed_tiles=resumed,
            mapped_pixels=count.mapped_pixels,
            simulated=decided.simulated,
            device=self.choice.reason,
            warnings=(*decided.warnings, *doubts),
        )


def reader(area: Area, decided: Decisions) -> Callable[[Window], Samples]:
    """Reads the prepared samples of a window, of the modalities that a map is made from."""

    def read(window: Window) -> Samples:
        return {
            modality: data.prepare(area, modality, decided.preparation, window)
            for modality in decided.modalities
        }

    return read
