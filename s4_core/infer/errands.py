"""What a worker does for somebody else's map: one tile at a time, into the shared folder.

An errand can be run any number of times, anywhere: it writes one file of a name of its own, aside
and renamed, and does nothing where that file is there.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from s4_core import __version__, data, nn
from s4_core.data import Preparation
from s4_core.errors import CheckpointError, ConfigurationError, InputError, OutputError, S4Error
from s4_core.infer.prediction import Prediction, Predictor, Samples
from s4_core.infer.provenance import digest_of, fingerprint, place_of
from s4_core.infer.scratch import TileStore
from s4_core.infer.tiling import LATTICE_PX
from s4_core.nn import DeviceChoice, choose_device
from s4_core.protocol import SegmentJob
from s4_core.types import Area, RuntimeSettings, Window, modalities_of


@dataclass(frozen=True)
class Errand:
    """What is the same for all tiles of a map.

    Args:
        request: with absolute paths.
        runtime: where a worker computes; 0 threads takes all that it has.
        model_digest, fingerprint: of the model and of the map, as the driver sees them.
        terms: what of the fingerprint was decided: tile, halo, device, precision.
    """

    request: SegmentJob
    runtime: RuntimeSettings
    model_digest: str = ""
    fingerprint: str = ""
    terms: tuple[object, ...] = ()

    def __hash__(self) -> int:  # the request holds dictionaries
        return hash((self.fingerprint, self.runtime))

    @property
    def store(self) -> TileStore:
        """The shared folder."""
        return TileStore(Path(self.request.out), self.fingerprint)


def stored_name(index: int) -> str:
    """What a worker calls the prediction of a tile."""
    return f"sent_{index}"


def with_absolute_paths(job: SegmentJob) -> SegmentJob:
    """The request as another process, in another folder, understands it."""
    area = replace(
        job.area,
        path=place_of(job.area.path),
        rasters=tuple(place_of(path) for path in job.area.rasters),
        dates={place_of(path): day for path, day in job.area.dates.items()},
        bands={place_of(path): names for path, names in job.area.bands.items()},
    )
    return replace(
        job,
        area=area,
        model=place_of(job.model),
        out=place_of(job.out),
        confidence=job.confidence and place_of(job.confidence),
        within=job.within and place_of(job.within),
        parcels=job.parcels and place_of(job.parcels),
    )


class Bench:
    """What a worker keeps open between the tiles of a map.

    Several threads may ask at once: one computes while another reads.

    Raises:
        S4Error: this worker does not see what the driver sees; the message says what.
    """

    def __init__(self, errand: Errand) -> None:
        job = errand.request
        self._choice = choose_device(threads_here(errand.runtime), exact=True)
        self._store = errand.store
        _require_same_model(job.model, errand.model_digest)
        segmenter = self._choice.place(nn.load_segmenter(job.model).eval())
        self._area = data.open_area(job.area)
        _require_same_area(self._area, errand)
        self._preparation = Preparation.from_card(segmenter.card)
        self._modalities = modalities_of(job.modality)
        _require_backend(segmenter, self._choice, self._preparation)
        self._handed: Samples = {}
        self._computing = threading.Lock()
        self._predict = Predictor(lambda _: self._handed, segmenter, self._choice)

    def make(self, name: str, window: Window, wanted: Window) -> None:
        """Predict a window and store the part that is wanted, counted from its corner.

        Raises:
            RasterError: an image cannot be read. OutputError: the folder cannot be written.
        """
        _require_shared(self._store)
        if self._store.read(name) is not None:
            return
        samples = {
            modality: data.prepare(self._area, modality, self._preparation, window)
            for modality in self._modalities
        }
        with self._computing:
            self._handed = samples
            found = self._predict(window, wanted).part(wanted)
        arrays = {"probabilities": found.probabilities, "mapped": found.mapped}
        self._store.write(name, arrays)


_opening = threading.Lock()


@lru_cache(maxsize=1)
def _opened(errand: Errand) -> Bench:
    return Bench(errand)


def make_tile(errand: Errand, name: str, window: Window, wanted: Window) -> None:
    """Run one errand in this worker (see `Bench.make`)."""
    with _opening:
        bench = _opened(errand)
    bench.make(name, window, wanted)


@dataclass(frozen=True)
class Report:
    """What a worker says of itself.

    Args:
        device, precision: that it computes with; `reason` in words.
        trouble: message and remedy of what keeps it from working, None if nothing does.
    """

    version: str
    device: str = ""
    precision: str = ""
    reason: str = ""
    trouble: tuple[str, str] | None = None


def introduce(runtime: RuntimeSettings) -> Report:
    """Tell where this worker would compute."""
    try:
        choice: DeviceChoice = choose_device(threads_here(runtime), exact=True)
    except S4Error as error:
        return Report(__version__, trouble=(error.message, error.remedy))
    return Report(__version__, choice.device.type, choice.precision, choice.reason)


def examine(errand: Errand) -> Report:
    """Open everything that the tiles need, in this worker."""
    try:
        with _opening:
            _opened(errand)
        _require_shared(errand.store)
    except S4Error as error:
        return Report(__version__, trouble=(error.message, error.remedy))
    return Report(__version__)


def threads_here(runtime: RuntimeSettings) -> RuntimeSettings:
    """All of this worker's cores where nobody names a number: Dask tells libraries to take one."""
    if runtime.threads:
        return runtime
    from dask.system import CPU_COUNT  # noqa: PLC0415 - only on workers; knows containers' limits

    return replace(runtime, threads=CPU_COUNT)


def read_prediction(store: TileStore, name: str) -> Prediction | None:
    """What a worker stored; None where it is not (yet) to be seen."""
    arrays = store.read(name)
    return None if arrays is None else Prediction(arrays["probabilities"], arrays["mapped"])


def _require_same_model(path: str, digest: str) -> None:
    if digest_of(path) != digest:
        raise CheckpointError(
            f"The model {path} is another file there.", "Give all workers the same model."
        )


def _require_backend(
    segmenter: nn.Segmenter, choice: DeviceChoice, preparation: Preparation
) -> None:
    """Tiles of one map come from one backend: others agree, but not to the last bit."""
    frames = preparation.calendar.count if preparation.calendar else LATTICE_PX
    fast = nn.FastNetwork(segmenter.network, choice)
    found = fast.backend_for(segmenter.modalities[0], frames)
    if choice.backend not in ("auto", found):
        raise ConfigurationError(
            f"The backend {choice.backend}, with which this map is made, does not compute there.",
            "Install it for all workers, or choose --backend torch.",
        )


def _require_same_area(area: Area, errand: Errand) -> None:
    found = fingerprint(area, errand.request, errand.model_digest, errand.terms)
    if found != errand.fingerprint:
        raise InputError(
            f"The images of {area.name} are not the same there: other files, sizes or times.",
            "Let all workers see the same folder under the same path.",
        )


def _require_shared(store: TileStore) -> None:
    if not store.is_there():
        raise OutputError(
            f"The folder {store.folder} of this map is not to be seen there.",
            "Write the map to a folder that all workers share, under the same path.",
        )
