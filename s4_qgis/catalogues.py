"""The catalogues of images that the engine knows by name, as its own file lists them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from s4_core.errors import ConfigurationError
from s4_qgis.i18n import tr

LISTED = Path(__file__).resolve().parent.parent / "s4_core" / "fetch" / "sources.json"
MODALITIES = ("optical", "radar")


@dataclass(frozen=True)
class Known:
    """A catalogue.

    Args:
        title: its name before the colon, in English. has_keys: it wants S3 keys.
    """

    name: str
    title: str
    address: str
    modalities: tuple[str, ...]
    has_keys: bool = False


@lru_cache(maxsize=1)
def known_catalogues() -> tuple[Known, ...]:
    """The catalogues that have a name."""
    listed = json.loads(LISTED.read_text(encoding="utf-8"))
    return tuple(_known(name, entry) for name, entry in listed.items())


def catalogue(source: str) -> Known:
    """What is known of a source: of one with a name, of a file with an entry, of an address.

    Raises:
        ConfigurationError: it is none of them.
    """
    for known in known_catalogues():
        if known.name == source:
            return known
    if source.startswith(("http://", "https://")):
        return Known(source, source, source, MODALITIES)
    path = Path(source)
    if path.is_file():
        return _in_file(path)
    names = ", ".join(known.name for known in known_catalogues())
    raise ConfigurationError(
        tr("There is no source of images '{name}'.").format(name=source),
        tr("Give {names}, the address of a STAC catalogue (https://…), or a file.").format(
            names=names
        ),
    )


def _known(name: str, entry: dict[str, Any]) -> Known:
    title = str(entry.get("title", "")).partition(":")[0] or name
    modalities = tuple(m for m in MODALITIES if m in entry)
    return Known(name, title, str(entry["url"]), modalities, "s3_endpoint" in entry)


def _in_file(path: Path) -> Known:
    """The entry in a file; a file of items lies on this machine and needs no network's address."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            tr("The source {path} cannot be read: {reason}.").format(path=path, reason=error),
            tr("Give a JSON file."),
        ) from error
    if isinstance(raw, dict) and isinstance(raw.get("url"), str) and "type" not in raw:
        return _known(path.stem, raw)
    return Known(str(path), path.name, "", MODALITIES)
