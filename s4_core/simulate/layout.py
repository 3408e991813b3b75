"""Fields, roads and hedges: convex parcels by recursive splitting, and who covers each pixel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Polygon = npt.NDArray[np.float64]
"""(vertices, 2): x to the right and y down, in pixels, counter-clockwise as seen on a map."""

SUBPIXELS = 4
"""Cover is counted on this many subpixels per pixel and axis."""

SHRINK_PX = 0.25
"""Parcel polygons lie this much inside the field, as farmers draw them."""


@dataclass(frozen=True)
class Field:
    """A leaf of the splitting: the ground it fills."""

    polygon: Polygon


@dataclass(frozen=True)
class Cover:
    """Who covers each pixel, as pairs sorted by pixel.

    Args:
        pixel: (pairs,) flat pixel index.
        cover: (pairs,) index of the field; `fields` is the verge, `fields + 1` the road.
        share: (pairs,) share of the pixel, 0..1; a pixel's shares sum to 1.
        first: (pixels,) index of each pixel's first pair.
    """

    pixel: npt.NDArray[np.int64]
    cover: npt.NDArray[np.int64]
    share: npt.NDArray[np.float32]
    first: npt.NDArray[np.int64]


def clip(polygon: Polygon, point: Polygon, normal: Polygon, offset: float) -> Polygon:
    """The part of a convex polygon where (p - point) . normal >= offset; empty if none is."""
    height = (polygon - point) @ normal - offset
    kept: list[Polygon] = []
    for index in range(len(polygon)):
        after = (index + 1) % len(polygon)
        if height[index] >= 0:
            kept.append(polygon[index])
        if height[index] * height[after] < 0:
            along = height[index] / (height[index] - height[after])
            kept.append(polygon[index] + along * (polygon[after] - polygon[index]))
    return np.array(kept).reshape(-1, 2)


def area_px(polygon: Polygon) -> float:
    """Area in pixels."""
    if len(polygon) < 3:
        return 0.0
    x, y = polygon[:, 0], polygon[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def shrink(polygon: Polygon, distance: float) -> Polygon:
    """A convex polygon with every edge moved inward; empty when nothing is left."""
    centre = polygon.mean(axis=0)
    inner = polygon
    for start, end in zip(polygon, np.roll(polygon, -1, axis=0)):
        along = end - start
        normal = np.array([-along[1], along[0]])
        length = float(np.hypot(*normal))
        if length < 1e-9:
            continue
        normal = normal / length
        if (centre - start) @ normal < 0:
            normal = -normal
        inner = clip(inner, start, normal, distance)
        if len(inner) < 3:
            return np.empty((0, 2))
    return inner


def within(polygon: Polygon, size_px: int) -> Polygon:
    """The part of a polygon inside the area."""
    for point, normal in (
        ((0, 0), (1, 0)),
        ((0, 0), (0, 1)),
        ((size_px, 0), (-1, 0)),
        ((0, size_px), (0, -1)),
    ):
        if len(polygon) < 3:
            return np.empty((0, 2))
        polygon = clip(polygon, np.array(point, float), np.array(normal, float), 0.0)
    return polygon if len(polygon) >= 3 else np.empty((0, 2))


def split_fields(
    size_px: int, parcel_ha: float, rng: np.random.Generator
) -> tuple[list[Polygon], list[Polygon]]:
    """Blocks between roads, and fields between hedges inside them, clipped to the area.

    Returns:
        (blocks, fields): polygons in pixels.
    """
    half = 0.75 * size_px
    angle = rng.uniform(0, np.pi)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    square = np.array([[-half, -half], [half, -half], [half, half], [-half, half]])
    start = square @ turn.T + size_px / 2
    blocks = _split(start, rng, lambda: 2600.0 * np.exp(rng.normal(0, 0.4)), (0.4, 0.8), 0.2)
    fields: list[Polygon] = []
    for block in blocks:
        # the median field has parcel_ha; 1 ha = 100 px
        fields += _split(
            block, rng, lambda: 190.0 * parcel_ha * np.exp(rng.normal(0, 1.0)), (0.0, 0.3), 0.08
        )
    inside = [within(shape, size_px) for shape in blocks], [within(f, size_px) for f in fields]
    return [b for b in inside[0] if len(b)], [f for f in inside[1] if area_px(f) >= 12]


def _split(
    polygon: Polygon,
    rng: np.random.Generator,
    target: object,
    gap_px: tuple[float, float],
    skew: float,
) -> list[Polygon]:
    """Split across the longer side until a piece is smaller than a size drawn for it."""
    if not callable(target):
        raise TypeError("target must be callable")
    pieces, leaves = [polygon], []
    while pieces:
        piece = pieces.pop()
        if area_px(piece) <= target():
            leaves.append(piece)
            continue
        centred = piece - piece.mean(axis=0)
        # the long axis of the vertices decides where to cut
        axis = np.linalg.eigh(centred.T @ centred)[1][:, 1]
        tilt = rng.normal(0, skew)
        normal = np.array(
            [
                axis[0] * np.cos(tilt) - axis[1] * np.sin(tilt),
                axis[0] * np.sin(tilt) + axis[1] * np.cos(tilt),
            ]
        )
        spread = centred @ axis
        point = piece.mean(axis=0) + axis * rng.uniform(-0.2, 0.2) * (spread.max() - spread.min())
        gap = rng.uniform(*gap_px) / 2
        halves = clip(piece, point, normal, gap), clip(piece, point, -normal, gap)
        pieces += [half for half in halves if area_px(half) > 0]
    return leaves


def paint(labels: npt.NDArray[np.int32], polygon: Polygon, value: int, scale: float) -> None:
    """Set the cells of `labels` whose centres a convex polygon contains.

    Args:
        labels: (rows, cols), changed in place.
        scale: cells per unit of the polygon.
    """
    vertices = polygon * scale
    low = np.maximum(np.floor(vertices.min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(vertices.max(axis=0)).astype(int), labels.shape[::-1])
    if np.any(high <= low):
        return
    x = np.arange(low[0], high[0])[None, :] + 0.5
    y = np.arange(low[1], high[1])[:, None] + 0.5
    inside = np.ones((high[1] - low[1], high[0] - low[0]), bool)
    centre = vertices.mean(axis=0)
    for (x0, y0), (x1, y1) in zip(vertices, np.roll(vertices, -1, axis=0)):
        side = (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)
        centre_side = (x1 - x0) * (centre[1] - y0) - (y1 - y0) * (centre[0] - x0)
        inside &= side * np.sign(centre_side) >= 0
    labels[low[1] : high[1], low[0] : high[0]][inside] = value


def cover_of(size_px: int, blocks: Sequence[Polygon], fields: Sequence[Polygon]) -> Cover:
    """Shares of fields, verges and roads in every pixel."""
    side = size_px * SUBPIXELS
    labels = np.full((side, side), len(fields) + 1, np.int32)
    for block in blocks:
        paint(labels, block, len(fields), SUBPIXELS)
    for index, polygon in enumerate(fields):
        paint(labels, polygon, index, SUBPIXELS)
    # (H, s, W, s) -> (H, W, s, s): the subpixels of one pixel side by side
    blocks4 = labels.reshape(size_px, SUBPIXELS, size_px, SUBPIXELS).swapaxes(1, 2)
    covers = len(fields) + 2
    flat = np.arange(size_px * size_px)[:, None] * covers
    keys, counts = np.unique(flat + blocks4.reshape(size_px * size_px, -1), return_counts=True)
    pixel = keys // covers
    first = np.searchsorted(pixel, np.arange(size_px * size_px))
    share = (counts / SUBPIXELS**2).astype(np.float32)
    return Cover(pixel, keys % covers, share, first)
