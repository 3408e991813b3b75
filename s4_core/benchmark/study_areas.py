"""Areas of a study: simulated folders that are written once, and fields of any folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path

from s4_core import data, io
from s4_core.benchmark.cells import key_of
from s4_core.benchmark.plan import Field
from s4_core.benchmark.provenance import room_sources
from s4_core.errors import AreaError
from s4_core.protocol import AreaRequest
from s4_core.simulate import SimulationSettings, simulate_area, write_area
from s4_core.types import Season


def simulated_folder(settings: SimulationSettings, root: Path) -> Path:
    """The folder of a simulated area: written, unless this simulator has already done so.

    Raises:
        OutputError: the folder cannot be written.
    """
    key = key_of({"settings": asdict(settings), "simulator": room_sources("simulate")})
    folder = root / f"{settings.area_name}-{key}"
    if not folder.is_dir():
        io.atomic.make_folder(root)
        aside = Path(tempfile.mkdtemp(dir=root, prefix=".part-"))
        try:
            write_area(simulate_area(settings), aside)
            os.replace(aside, folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return folder


def open_field(request: AreaRequest) -> Field:
    """An area with the parcels that its area.json names.

    Raises:
        AreaError: it names none, or the area cannot be used.
        LabelError: too few classes.
    """
    area = data.open_area(request)
    if area.labels is None or area.field is None:
        raise AreaError(
            f"{area.name} names no parcels.", 'Give "labels" and "field" in its area.json.'
        )
    layer = io.read_parcels(area.labels, area.field)
    return Field(area, data.read_labels(area, layer), area.labels)


def day_of(season: Season, share: float) -> date:
    """The last day of the first `share` (0..1] of a season."""
    return season.start + timedelta(days=max(round(share * season.length_days), 1) - 1)
