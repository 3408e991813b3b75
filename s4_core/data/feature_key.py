"""The cache of an area's features: opened by a key of content, closed where it would not pay."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

import s4_core
from s4_core import io
from s4_core.data.feature_blocks import Block, FeatureBlocks
from s4_core.data.feature_cache import FeatureCache, cache_folder
from s4_core.data.masking import mask_path
from s4_core.data.preparation import Preparation
from s4_core.types import Acquisition, Area, Modality, Window

MOST_READ_BYTES = 4 * 2**30
"""Of image files, to know what is in them: each is read once, then only if it changed."""

_CODE = ("data", "io", "nn", "sits")
"""Rooms that decide what a feature is."""


def open_blocks(
    area: Area,
    modalities: Sequence[Modality],
    preparation: Preparation,
    model_key: str,
    make: Callable[[Window], Block],
    *,
    keep: bool,
    say: Callable[[str, str], None],
) -> FeatureBlocks:
    """The blocks of an area for a model, with the user's cache where it can be used.

    Args:
        model_key: of all that makes features of prepared series (`nn.features_key`).
        make: computes a block.
        keep: use the cache.
        say: told why features are not kept.
    """
    if not keep:
        return FeatureBlocks(area.grid, make)
    folder = cache_folder()
    try:
        content = area_key(area, modalities, preparation, io.FileDigests(folder / "digests"))
    except OSError as error:
        say("info", f"Features are not kept for the next run: {error}")
        return FeatureBlocks(area.grid, make)
    key = _hashed([content, model_key, code_key()])
    return FeatureBlocks(area.grid, make, FeatureCache(folder), key, say)


def area_key(
    area: Area, modalities: Sequence[Modality], preparation: Preparation, digests: io.FileDigests
) -> str:
    """A key of everything that prepared series of an area depend on; images count by content.

    Raises:
        OSError: images lie elsewhere than on this machine's disks, or are too many bytes.
        RasterError: an image cannot be opened.
    """
    acquisitions = [a for m in modalities for a in area.of(m)]
    files = [_files(a, area.optical.mask) for a in acquisitions]
    distinct = {name for names in files for name in names}
    total = sum(os.stat(name).st_size for name in distinct)
    if total > MOST_READ_BYTES:
        raise OSError(f"the images have {total / 1e9:.1f} GB.")
    known = {name: digests.of(name) for name in sorted(distinct)}
    return _hashed(
        [
            repr(area.grid),
            repr((area.season, area.until, area.season_is_explicit)),
            [asdict(area.optical), asdict(area.radar)],
            [m.value for m in modalities],
            repr(preparation),
            [
                [
                    a.date.isoformat(),
                    a.is_composite,
                    a.indices,
                    repr(a.raster.grid),
                    [*a.raster.nodata],
                ]
                + [known[name] for name in names]
                for a, names in zip(acquisitions, files)
            ],
        ]
    )


def _files(acquisition: Acquisition, mask: str | None) -> tuple[str, ...]:
    own = io.files_behind(acquisition.raster.path)
    if mask is None or acquisition.modality is not Modality.OPTICAL or mask in acquisition.indices:
        return own
    path = mask_path(acquisition, mask)
    return (*own, *(io.files_behind(path) if os.path.exists(path) else ()))


@lru_cache(maxsize=1)
def code_key() -> str:
    """A key of the program itself: another version may make other features."""
    root = Path(s4_core.__file__).parent
    files = sorted(path for room in _CODE for path in (root / room).rglob("*.py"))
    parts = [[str(path.relative_to(root)), _hashed(path.read_text("utf-8"))] for path in files]
    return _hashed([s4_core.__version__, parts])


def _hashed(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
