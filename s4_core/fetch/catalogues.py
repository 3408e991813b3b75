"""Reading catalogues: a STAC API is searched, a static catalogue is walked, a file is read."""

from __future__ import annotations

import os
import re
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from s4_core.errors import SourceError
from s4_core.fetch.client import Client, plain_address
from s4_core.fetch.items import Item, read_item
from s4_core.types import Modality, Season

Json = Mapping[str, Any]
Bounds = tuple[float, float, float, float]

PAGE = 100
MOST_ITEMS = 20_000
"""A year of a country has about as many; more is a slip, or a job for a cloud."""

_MOST_DOCUMENTS = 50_000

_IN_ADDRESSES = "%/:=&?~#+!$,;'@()*[]"

_COLLECTION = {
    Modality.OPTICAL: re.compile(r"(sentinel.?2|s2).*(l2a|level.?2a)", re.IGNORECASE),
    Modality.RADAR: re.compile(r"(sentinel.?1|s1).*(rtc|gamma.?0|sigma.?0|nrb)", re.IGNORECASE),
}


@dataclass(frozen=True)
class Query:
    """What is looked for.

    Args:
        bounds: west, south, east, north in degrees.
        collections: names; empty takes those that look like the modality.
    """

    bounds: Bounds
    season: Season
    modality: Modality
    collections: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """Items of one modality, and those left out as `(id, reason)`."""

    items: tuple[Item, ...]
    left_out: tuple[tuple[str, str], ...] = ()


def search(
    client: Client, url: str, query: Query, tell: Callable[[int], None] = lambda _: None
) -> Found:
    """All items of a catalogue that fit a query, in the order of their dates.

    Args:
        tell: called with the number of items found so far.

    Raises:
        SourceError: the catalogue cannot be read, or has no such collection.
    """
    root = client.json(url)
    if not isinstance(root, dict):
        raise SourceError(f"{plain_address(url)} is no STAC catalogue.", "Give its landing page.")
    items: dict[str, Item] = {}
    left_out: list[tuple[str, str]] = []
    for raw, base in _raw_items(client, url, root, query):
        item = read_item(raw, lambda href, base=base: _absolute(base, href))
        if isinstance(item, str):
            left_out.append((str(raw.get("id")), item))
        elif item.modality is query.modality and _fits(item, raw, query):
            items.setdefault(f"{item.collection}/{item.id}", item)
        tell(len(items))
        if len(items) > MOST_ITEMS:
            raise SourceError(
                f"More than {MOST_ITEMS} images fit.", "Choose a smaller area or a shorter season."
            )
    ordered = sorted(items.values(), key=lambda item: (item.date, item.id))
    return Found(tuple(ordered), tuple(left_out))


def _raw_items(client: Client, url: str, root: Json, query: Query) -> Iterator[tuple[Json, str]]:
    """Items as JSON, with the address that their own addresses are relative to."""
    if root.get("type") == "FeatureCollection":
        yield from ((raw, url) for raw in root.get("features", ()))
    elif root.get("type") == "Feature":
        yield root, url
    elif _link(root, "search"):
        yield from _searched(client, url, root, query)
    elif _link(root, "child") or _link(root, "item"):
        yield from _walked(client, url, root, query)
    else:
        raise SourceError(
            f"{plain_address(url)} is neither a STAC API nor a catalogue with items.",
            "Give the address of its landing page (it has the links 'search', 'child' or 'item').",
        )


def _searched(client: Client, url: str, root: Json, query: Query) -> Iterator[tuple[Json, str]]:
    collections = query.collections or _fitting(client, url, root, query.modality)
    body: dict[str, Any] | None = {
        "collections": list(collections),
        "bbox": list(query.bounds),
        "datetime": f"{query.season.start}T00:00:00Z/{query.season.end}T23:59:59Z",
        "limit": PAGE,
    }
    place = _absolute(url, str(_link(root, "search")))
    if not _takes_posts(root):
        place, body = _as_get(place, body or {}), None
    seen = {place} if body is None else set()
    while True:
        page = client.json(place, body)
        features = page.get("features") if isinstance(page, dict) else None
        if features is None:
            raise SourceError(f"{plain_address(place)} answers no items.", "Check the address.")
        yield from ((raw, _own_address(raw, place)) for raw in features)
        following = next((x for x in page.get("links", ()) if x.get("rel") == "next"), None)
        if following is None or not features:
            return
        place = _absolute(place, following["href"])
        if str(following.get("method", "GET")).upper() == "POST":
            more = following.get("body") or {}
            body = {**(body or {}), **more} if following.get("merge") else dict(more) or body
        else:
            body = None
        step = f"{place} {body}"
        if step in seen:  # a server that turns in circles
            return
        seen.add(step)


def _fitting(client: Client, url: str, root: Json, modality: Modality) -> tuple[str, ...]:
    """The collections of an API that look like a modality, by their names.

    Raises:
        SourceError: there is none.
    """
    place = _link(root, "data")
    if place is None:
        return ()
    answer = client.json(_absolute(url, place))
    names = [str(c.get("id")) for c in answer.get("collections", ())]
    fitting = [name for name in names if _COLLECTION[modality].search(name)]
    if not fitting:
        raise SourceError(
            f"{plain_address(url)} has no collection that looks like Sentinel {modality} images; "
            f"it has: {', '.join(names[:12]) or 'none'}.",
            "Name the collection: --collection NAME.",
        )
    return tuple(fitting)


def _walked(client: Client, url: str, root: Json, query: Query) -> Iterator[tuple[Json, str]]:
    """The items below a static catalogue; collections elsewhere or at other times are passed by."""
    waiting = [(url, root)]
    read = 0
    while waiting:
        place, document = waiting.pop()
        for link in document.get("links", ()):
            if link.get("rel") not in ("child", "item"):
                continue
            read += 1
            if read > _MOST_DOCUMENTS:
                raise SourceError(
                    f"{plain_address(url)} has more than {_MOST_DOCUMENTS} documents.",
                    "Give a part of it, or its search API.",
                )
            target = _absolute(place, link["href"])
            child = client.json(target)
            if child.get("type") == "Feature":
                yield child, target
            elif _is_near(child, query):
                waiting.append((target, child))


def _is_near(document: Json, query: Query) -> bool:
    """Whether a collection's extents allow items that fit."""
    names = query.collections
    if document.get("type") == "Collection" and names and document.get("id") not in names:
        return False
    extent = document.get("extent") or {}
    boxes = (extent.get("spatial") or {}).get("bbox") or []
    spans = (extent.get("temporal") or {}).get("interval") or []
    near = not boxes or any(_overlap(_flat(box), query.bounds) for box in boxes)
    return near and (not spans or any(_in_time(span, query.season) for span in spans))


def _in_time(span: Any, season: Season) -> bool:
    start, end = (str(moment)[:10] if moment else None for moment in span)
    return not (start and start > str(season.end)) and not (end and end < str(season.start))


def _fits(item: Item, raw: Json, query: Query) -> bool:
    if not query.season.start <= item.date <= query.season.end:
        return False
    if query.collections and item.collection and item.collection not in query.collections:
        return False
    box = raw.get("bbox")
    return not box or _overlap(_flat(box), query.bounds)


def _flat(box: Any) -> Bounds:
    """A box of six numbers has heights in it."""
    values = [float(value) for value in box]
    if len(values) == 6:
        values = [*values[:2], *values[3:5]]
    return (values[0], values[1], values[2], values[3])


def _overlap(box: Bounds, bounds: Bounds) -> bool:
    west, south, east, north = box
    if south > bounds[3] or north < bounds[1]:
        return False
    if west > east:  # over the date line
        return bounds[2] >= west or bounds[0] <= east
    return west <= bounds[2] and east >= bounds[0]


def _link(document: Json, rel: str) -> str | None:
    found = (x.get("href") for x in document.get("links", ()) if x.get("rel") == rel)
    return next((str(href) for href in found if href), None)


def _takes_posts(root: Json) -> bool:
    """An API that names methods for its search and POST is not among them is asked by GET."""
    methods = [x.get("method") for x in root.get("links", ()) if x.get("rel") == "search"]
    named = {str(method).upper() for method in methods if method}
    return not named or "POST" in named


def _as_get(place: str, body: Mapping[str, Any]) -> str:
    fields = {k: ",".join(map(str, v)) if isinstance(v, list) else v for k, v in body.items() if v}
    mark = "&" if "?" in place else "?"
    return f"{place}{mark}{urllib.parse.urlencode(fields)}"


def _own_address(raw: Json, fallback: str) -> str:
    own = _link(raw, "self")
    return own if own else fallback


def _absolute(base: str, href: str) -> str:
    """An address relative to the document that names it; a path beside a local catalogue."""
    if href.startswith("/vsi"):
        return href
    if "://" in href or "://" in base:
        # catalogues write spaces and letters of other alphabets as they are
        return urllib.parse.quote(urllib.parse.urljoin(base, href), safe=_IN_ADDRESSES)
    return os.path.normpath(os.path.join(os.path.dirname(base), href))
