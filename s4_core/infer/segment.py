"""From an area and a fine-tuned model to a class map with its confidence (DESIGN sections 3, 4)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from s4_core import io
from s4_core.errors import Cancelled
from s4_core.infer.decisions import decide, device_for
from s4_core.infer.joining import joined
from s4_core.infer.outputs import MapFiles, write_areas, write_parcel_classes
from s4_core.infer.rasters import CLASSES_NAME, CONFIDENCE_NAME
from s4_core.infer.result import SegmentResult
from s4_core.infer.scratch import TileStore
from s4_core.infer.work import MapWork
from s4_core.nn import Segmenter
from s4_core.progress import Stage
from s4_core.protocol import SegmentJob
from s4_core.types import Area, RuntimeSettings

_SIDE_FILE = ".aux.xml"
"""Ending of what GDAL keeps beside a class map."""


def segment(
    area: Area,
    segmenter: Segmenter,
    request: SegmentJob,
    stage: Stage,
    runtime: RuntimeSettings | None = None,
) -> SegmentResult:
    """Map an area: classes, confidence, styles, table of areas, and the parcels' classes.

    Memory does not grow with the extent. Nothing appears under its final name before everything
    is complete. A run that is stopped or killed leaves its finished tiles in a hidden folder
    beside the map; with `request.resume` a later run goes on there and makes the identical map.

    Args:
        area: opened from `request.area`. segmenter: loaded from `request.model`; it is moved to
            the device.
        runtime: device and precision; None takes the defaults (fp32 on the CPU).

    Raises:
        CheckpointError: the model reads other modalities than asked for.
        AreaError: no season, no images in it, bands missing, or no pixel could be mapped.
        ConfigurationError: extent, tile, halo, minimum confidence or file names cannot be used.
        LabelError, RasterError: mask, parcels or images cannot be read.
        OutputError: the results cannot be written, or another run is writing them.
        ClusterError: the cluster cannot be reached, or its workers cannot do this.
        Cancelled: the user asked to stop.
    """
    runtime = runtime or RuntimeSettings()
    with ExitStack() as ending:
        cluster = ending.enter_context(joined(request, runtime))
        choice = cluster.choice if cluster else device_for(runtime)
        decided = decide(area, segmenter, request, choice)
        for text in decided.warnings:
            stage.reporter.log("warning", text)
        files = decided.files
        store = TileStore(files.classes, decided.fingerprint)
        ending.enter_context(io.alone(files.classes))
        ending.enter_context(_kept_when_stopped(store, request.resume, stage))
        # here, not at the end, a folder that cannot be written is found out; the map comes last
        asides = {path: ending.enter_context(io.aside(path, [_SIDE_FILE])) for path in files.all}
        work = MapWork(
            area, segmenter, request, decided, choice, store, cluster, keep=runtime.cache
        )
        result = work.make(stage)
        _hand_over(result, store.folder, files, asides)
    return result


@contextmanager
def _kept_when_stopped(store: TileStore, resume: bool, stage: Stage) -> Iterator[None]:
    """The store is removed at the end, unless the run is stopped and may be resumed."""
    store.open(resume)
    try:
        yield
    except Cancelled:
        stage.reporter.log("info", f"Finished tiles stay in {store.folder}: --resume goes on.")
        raise
    except Exception:
        store.remove()
        raise
    store.remove()


def _hand_over(
    result: SegmentResult, folder: Path, files: MapFiles, asides: Mapping[Path, Path]
) -> None:
    """Bring everything to the names from which it is renamed."""
    write_areas(asides[files.areas], result.areas, result.simulated)
    if files.parcels is not None:
        write_parcel_classes(asides[files.parcels], result.parcels, result.simulated)
    for path in files.class_styles:
        io.write_style(asides[path], result.legend)
    io.write_style(asides[files.confidence_style], None, "confidence")
    for name, path in ((CONFIDENCE_NAME, files.confidence), (CLASSES_NAME, files.classes)):
        for ending in ("", _SIDE_FILE):
            made = folder / f"{name}{ending}"
            if made.exists():
                shutil.move(made, f"{asides[path]}{ending}")
