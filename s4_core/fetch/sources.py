"""Where images come from: small declarative entries, by name, by file or by address.

An entry is a JSON object as in `sources.json`:

    url           landing page of a STAC API, a static catalogue, or a file of items
    token_url     where a signature for `{collection}` is to be had, as of the Planetary Computer
    s3_endpoint   server of addresses s3://..., with the keys AWS_ACCESS_KEY_ID, ...
    token_variable  environment variable with a bearer token, sent to the url's server only
    optical, radar
        collections   names; several are searched together. Empty: chosen by their names
        product       first part of the files' names
        backscatter   "gamma0" or "sigma0"; unit: "linear" power or "dB" (radar)
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from s4_core.errors import ConfigurationError
from s4_core.types import Modality

BUILT_IN = Path(__file__).with_name("sources.json")

DEFAULT = {Modality.OPTICAL: "earth-search", Modality.RADAR: "planetary-computer"}
"""Where images come from when nobody says: without an account, as COGs."""

TOKEN_VARIABLE = "S4_FETCH_TOKEN"  # nosec B105 - the name of a variable, not a secret
"""Of sources that are given by their address."""

HEADERS_VARIABLE = "S4_FETCH_HEADERS"
"""Environment variable with any other credentials of a source that has a token's: a JSON object of
HTTP headers, sent to the source's own server only."""

_KEYS = {"title", "url", "token_url", "s3_endpoint", "token_variable", "optical", "radar"}
_OFFER_KEYS = {"collections", "product", "backscatter", "unit"}
_PRODUCTS = {Modality.OPTICAL: "S2_L2A", Modality.RADAR: "S1"}


@dataclass(frozen=True)
class Offer:
    """What a source has of one modality.

    Args:
        collections: names; empty where they are to be chosen from the source's own list.
        product: first part of the names of the files to write.
        backscatter, unit: of radar; None where only the items can tell.
    """

    product: str
    collections: tuple[str, ...] = ()
    backscatter: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Source:
    """A catalogue of images and what it offers."""

    name: str
    url: str
    title: str = ""
    token_url: str | None = None
    s3_endpoint: str | None = None
    token_variable: str | None = None
    offers: Mapping[Modality, Offer] = field(default_factory=dict)


def choose_sources(
    given: Sequence[str], modalities: Sequence[Modality], collections: Sequence[str] = ()
) -> dict[Modality, Source]:
    """The source of each modality: the first of those given that offers it.

    Args:
        given: names, addresses or entry files; none takes the default sources.
        collections: names to search instead of the entries' own.

    Raises:
        ConfigurationError: an unknown name, a bad entry, or nobody offers a modality.
    """
    sources = [read_source(text) for text in given]
    chosen = {}
    for modality in modalities:
        candidates = sources or [read_source(DEFAULT[modality])]
        source = next((s for s in candidates if modality in s.offers), None)
        if source is None:
            raise _without(modality, candidates)
        chosen[modality] = _searching(source, modality, collections)
    return chosen


def read_source(text: str) -> Source:
    """A source by name, by the file of its entry, or by the address of its catalogue.

    Raises:
        ConfigurationError: none of the three, or an entry that is none.
    """
    known = json.loads(BUILT_IN.read_text(encoding="utf-8"))
    if text in known:
        return _from_entry(text, known[text])
    path = Path(text)
    if "://" not in text and path.is_file():
        entry = _entry_in(path)
        return _from_entry(path.stem, entry) if entry is not None else _of_address(str(path))
    if text.startswith(("http://", "https://")):
        return _of_address(text)
    raise ConfigurationError(
        f"There is no source '{text}'.",
        f"Give {', '.join(known)}, the address of a STAC catalogue (https://...), or a file.",
    )


def _of_address(url: str) -> Source:
    offers = {modality: Offer(_PRODUCTS[modality]) for modality in Modality}
    return Source(url, url, token_variable=TOKEN_VARIABLE, offers=offers)


def _entry_in(path: Path) -> dict[str, Any] | None:
    """The entry that a file holds; None where it holds STAC itself.

    Raises:
        ConfigurationError: it is not JSON.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"The source {path} cannot be read: {error}.", "Give a JSON file."
        ) from error
    is_entry = isinstance(raw, dict) and "url" in raw and "type" not in raw
    return raw if is_entry else None


def _from_entry(name: str, raw: Mapping[str, Any]) -> Source:
    unknown = set(raw) - _KEYS
    if unknown or not isinstance(raw.get("url"), str):
        what = f"unknown keys {', '.join(sorted(unknown))}" if unknown else "no 'url'"
        raise ConfigurationError(
            f"The source {name} has {what}.", f"Its keys may be: {', '.join(sorted(_KEYS))}."
        )
    offers = {m: _offer(name, m, raw[m.value]) for m in Modality if m.value in raw}
    texts = {key: raw.get(key) for key in ("token_url", "s3_endpoint", "token_variable")}
    return Source(name, raw["url"], raw.get("title", ""), offers=offers, **texts)


def _offer(name: str, modality: Modality, raw: Any) -> Offer:
    if not isinstance(raw, dict) or set(raw) - _OFFER_KEYS:
        raise ConfigurationError(
            f"The source {name} does not say well what it has of {modality}: {raw!r}.",
            f"Give an object with the keys {', '.join(sorted(_OFFER_KEYS))}.",
        )
    return Offer(
        raw.get("product", _PRODUCTS[modality]),
        tuple(raw.get("collections", ())),
        raw.get("backscatter"),
        raw.get("unit"),
    )


def _searching(source: Source, modality: Modality, collections: Sequence[str]) -> Source:
    """The source with other collections, where the user named some."""
    if not collections:
        return source
    offer = source.offers[modality]
    changed = replace(offer, collections=tuple(collections))
    return replace(source, offers={**source.offers, modality: changed})


def _without(modality: Modality, candidates: Sequence[Source]) -> ConfigurationError:
    known = json.loads(BUILT_IN.read_text(encoding="utf-8"))
    having = [name for name, entry in known.items() if modality.value in entry]
    names = ", ".join(source.name for source in candidates)
    return ConfigurationError(
        f"{names} offers no {modality} images.",
        f"Add a --source that does: {', '.join(having)}, or the address of a STAC catalogue.",
    )
