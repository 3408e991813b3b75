"""The folder that is filled: nothing in it is seen as an area before all of it is there.

DIR/.fetching/   images that are complete while others are still missing
DIR/optical/, DIR/radar/, area.json, fetch.json    when all is there
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from s4_core import io
from s4_core.errors import OutputError, RasterError
from s4_core.fetch.dates import Image
from s4_core.fetch.making import FINGERPRINT
from s4_core.fetch.plan import ModalityPlan
from s4_core.types import SCL, Modality

WAITING = ".fetching"
RECORD = "fetch.json"
AREA = "area.json"


def place(out: Path, plan: ModalityPlan, image: Image) -> Path:
    """Where an image will lie."""
    return out / plan.modality.value / plan.name(image)


def waiting_place(out: Path, plan: ModalityPlan, image: Image) -> Path:
    """Where an image lies until all are there."""
    return out / WAITING / plan.modality.value / plan.name(image)


def is_there(out: Path, plan: ModalityPlan, image: Image) -> bool:
    """Whether this very image is complete already, from an earlier run."""
    expected = plan.fingerprint(image)
    return any(
        _fingerprint(path) == expected
        for path in (waiting_place(out, plan, image), place(out, plan, image))
    )


def require_own_folder(out: Path, plans: Sequence[ModalityPlan]) -> None:
    """Refuse a folder whose images are not of this area and these conventions.

    Raises:
        OutputError: it holds images that no fetch wrote, or of another grid or convention.
    """
    if out.is_file():
        raise OutputError(f"{out} is a file.", "Give the name of a folder.")
    for plan in plans:
        folder = out / plan.modality.value
        scan = io.scan(folder) if folder.is_dir() else io.Scan((), ())
        foreign = [r.path for r in scan.rasters if FINGERPRINT not in r.tags]
        other = [r.path for r in scan.rasters if r.grid.transform != plan.grid.transform]
        other += [
            r.path
            for r in scan.rasters
            if plan.modality is Modality.RADAR
            and r.tags.get("BACKSCATTER", "") != (plan.backscatter or "")
        ]
        for paths, what in (
            (foreign, "that were not fetched"),
            (other, "of another kind or place"),
        ):
            if paths:
                raise OutputError(
                    f"{out} holds images {what}, for example {paths[0]}.", "Give another folder."
                )


def publish(
    out: Path, plans: Sequence[ModalityPlan], season: str, record: Mapping[str, Any]
) -> None:
    """Move complete images to their places and write area.json and fetch.json.

    Raises:
        OutputError: a file cannot be moved or written.
    """
    for plan in plans:
        io.atomic.make_folder(out / plan.modality.value)
        for image in plan.images:
            waiting, final = waiting_place(out, plan, image), place(out, plan, image)
            if waiting.exists():
                with io.atomic.write_troubles(final):
                    os.replace(waiting, final)
    io.write_json(out / AREA, _area(out, plans, season))
    io.write_json(out / RECORD, record)
    io.atomic.remove(out / WAITING)


def _fingerprint(path: Path) -> str | None:
    if not path.is_file():
        return None
    try:
        return io.describe(path).tags.get(FINGERPRINT)
    except RasterError:  # cut off by a crash: make it anew
        return None


def _area(out: Path, plans: Sequence[ModalityPlan], season: str) -> dict[str, Any]:
    """area.json: what an earlier one says of names and labels stays."""
    area = _earlier(out / AREA)
    area.setdefault("name", out.resolve().name)
    area["season"] = season.split(":")
    for plan in plans:
        if plan.modality is Modality.OPTICAL:
            mask = SCL if plan.has_mask else None
            area["optical"] = {"scale": 1e-4, "offset": 0.0, "nodata": 0, "mask": mask}
        else:
            orbits = {image.orbit for image in plan.images}
            orbit = orbits.pop() if len(orbits) == 1 else None
            area["radar"] = {"unit": "dB", "backscatter": plan.backscatter, "orbit": orbit}
    return area


def _earlier(path: Path) -> dict[str, Any]:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise OutputError(
            f"{path} is there and cannot be read: {error}.", "Correct or remove it."
        ) from error
    return dict(raw) if isinstance(raw, dict) else {}
