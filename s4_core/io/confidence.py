"""Which confidence raster belongs to a class map."""

from __future__ import annotations

from pathlib import Path

from s4_core.io.catalogue import describe
from s4_core.types import RasterFile

CONFIDENCE_NAME = "confidence.tif"
"""What a map's confidence is called where nobody gave it another name."""

_PREFIX = "S4_"


def confidence_beside(class_map: RasterFile) -> RasterFile | None:
    """The confidence raster beside a class map, None where there is none of this map.

    Another map may have been made in the same folder since, and its confidence replaced the
    first one's: what both say of their making has to agree.

    Raises:
        RasterError: it is there and cannot be read.
    """
    path = Path(class_map.path).with_name(CONFIDENCE_NAME)
    if not path.exists():
        return None
    found = describe(path)
    said = {key for key in found.tags if key.startswith(_PREFIX)} & set(class_map.tags)
    agrees = all(found.tags[key] == class_map.tags[key] for key in said)
    return found if agrees else None
