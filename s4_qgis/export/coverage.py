"""Simplifying polygons that share boundaries, without gaps or overlaps between them.

Each boundary between two polygons is simplified once, as a line from junction to junction, and
the polygons are rebuilt from the lines. (Simplified one by one, neighbours would part.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from qgis.core import QgsFeature, QgsGeometry, QgsGeometryEngine, QgsPoint, QgsSpatialIndex

Polygon = tuple[int, QgsGeometry]
"""A value and a geometry."""

_LATTICE = 6
"""Points a side by which a rebuilt polygon votes for what it was."""


def simplified(
    polygons: Sequence[Polygon], tolerance: float, go_on: Callable[[float], None]
) -> list[Polygon]:
    """The same coverage with simpler boundaries; its outline is simplified too.

    Args:
        polygons: without overlaps, as they come from a raster.
        tolerance: in CRS units; boundaries move by no more.
        go_on: told the fraction done; raises to stop.
    """
    outlines = [QgsGeometry(g.constGet().boundary()) for _, g in polygons]
    go_on(0.1)
    arcs = QgsGeometry.unaryUnion(outlines).mergeLines()
    go_on(0.4)
    lines = _simpler(_parts(arcs), tolerance)
    # arcs that were simplified apart may cross: node them again
    faces = QgsGeometry.polygonize([QgsGeometry.unaryUnion(lines)])
    go_on(0.7)
    return _labelled(_parts(faces), polygons, lambda share: go_on(0.7 + 0.3 * share))


def _simpler(arcs: Sequence[QgsGeometry], tolerance: float) -> list[QgsGeometry]:
    """The arcs with fewer points; those that would fall onto another one or vanish stay."""
    found = []
    straight = {_ends(arc) for arc in arcs if _points(arc) == 2}
    for arc in arcs:
        simpler, ends = arc.simplify(tolerance), _ends(arc)
        fewest = 4 if len(ends) == 1 else 3 if ends in straight else 2
        is_whole = _points(simpler) >= fewest
        found.append(simpler if is_whole else arc)
        if is_whole and _points(simpler) == 2:
            straight.add(ends)
    return found


def _points(line: QgsGeometry) -> int:
    return 0 if line.isEmpty() else int(line.constGet().nCoordinates())


def _ends(arc: QgsGeometry) -> frozenset[tuple[float, float]]:
    """The two ends of an arc, in any order; one of a closed arc."""
    line = arc.constGet()
    points = (line.startPoint(), line.endPoint())
    return frozenset((point.x(), point.y()) for point in points)


def _parts(geometry: QgsGeometry) -> list[QgsGeometry]:
    return list(geometry.asGeometryCollection()) or [geometry]


def _labelled(
    faces: Sequence[QgsGeometry], polygons: Sequence[Polygon], go_on: Callable[[float], None]
) -> list[Polygon]:
    """Each face with the value that most of it had; faces that were holes are left out."""
    index = QgsSpatialIndex()
    for number, (_, geometry) in enumerate(polygons):
        feature = QgsFeature(number)
        feature.setGeometry(geometry)
        index.addFeature(feature)
    engines = [_prepared(geometry) for _, geometry in polygons]
    found = []
    for done, face in enumerate(faces):
        near = index.intersects(face.boundingBox())
        votes = Counter(
            next((polygons[n][0] for n in near if engines[n].contains(point)), None)
            for point in _points_in(face)
        )
        value = votes.most_common(1)[0][0]
        if value is not None:
            found.append((value, face))
        if done % 1000 == 0:
            go_on(done / len(faces))
    return found


def _points_in(face: QgsGeometry) -> list[QgsPoint]:
    """A point surely inside, and those of a lattice over the box that are inside too."""
    box, engine = face.boundingBox(), _prepared(face)
    steps = [(2 * i + 1) / (2 * _LATTICE) for i in range(_LATTICE)]
    lattice = (
        QgsPoint(box.xMinimum() + x * box.width(), box.yMinimum() + y * box.height())
        for x in steps
        for y in steps
    )
    inside = [point for point in lattice if engine.contains(point)]
    return [QgsPoint(face.pointOnSurface().asPoint()), *inside]


def _prepared(geometry: QgsGeometry) -> QgsGeometryEngine:
    """An engine that answers many questions about one geometry, which must outlive it."""
    engine = QgsGeometry.createGeometryEngine(geometry.constGet())
    engine.prepareGeometry()
    return engine
