"""Where trainings and runs are written unless the user names another place."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from s4_qgis.panel.state import SessionState
from s4_qgis.settings import output_folder

MAP_NAME = "crop_map.tif"
CONFIDENCE_NAME = "confidence.tif"
PARCELS_NAME = "parcel_crops.gpkg"
METRICS_NAME = "metrics.json"
REPORT_NAME = "report.html"


def area_name(session: SessionState) -> str:
    """What the area is called."""
    name = str(session.info.get("name") or "")
    if name or session.area is None:
        return name or "area"
    folder = session.area.folder or str(Path(session.area.rasters[0]).parent)
    return Path(folder).name or "area"


def new_model(session: SessionState, mode: str, when: datetime) -> Path:
    """A name for a fine-tuned model."""
    name = f"{session.modality or 'model'}-{mode}-{stamp(when)}.safetensors"
    return output_folder() / slug(area_name(session)) / "models" / name


def new_pretrained(session: SessionState, when: datetime) -> Path:
    """A name for a pretrained model."""
    name = f"pretrained-{stamp(when)}.safetensors"
    return output_folder() / slug(area_name(session)) / "models" / name


def new_comparison(session: SessionState, when: datetime) -> Path:
    """A name for the result of a comparison of methods; its plot goes beside it."""
    name = f"{session.modality or 'comparison'}-{stamp(when)}.json"
    return output_folder() / slug(area_name(session)) / "comparisons" / name


def new_run_folder(session: SessionState, when: datetime) -> Path:
    """A folder for a map."""
    name = f"{session.modality or 'map'}-{stamp(when)}"
    return output_folder() / slug(area_name(session)) / name


def slug(text: str) -> str:
    """A text as a part of a file's name."""
    return re.sub(r"[^\w.-]+", "_", text.strip()).strip("._") or "area"


def stamp(when: datetime) -> str:
    """A time as a part of a file's name."""
    return f"{when:%Y%m%d-%H%M%S}"


def new_images_folder(season: str) -> Path:
    """A folder for the images of a season: the same one when a download goes on."""
    return output_folder() / slug(f"images {season.replace(':', ' ')}")
