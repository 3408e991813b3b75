"""Simplifying polygons that share boundaries, without gaps or overlaps between them.

Each boundary between two polygons is simplified once, as a line from junction to junction, and
the polygons are rebuilt from the lines. (Simplified one by one, neighbours would part.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qgis.core import QgsFeature, QgsGeometry, QgsSpatialIndex

Polygon = tuple[int, QgsGeometry]
"""A value and a geometry."""


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
    """Each face with the value that covers most of it; faces that were holes are left out."""
    index = QgsSpatialIndex()
    for number, (_, geometry) in enumerate(polygons):
        feature = QgsFeature(number)
        feature.setGeometry(geometry)
        index.addFeature(feature)
    found = []
    for done, face in enumerate(faces):
        covered: dict[int, float] = {}
        for number in index.intersects(face.boundingBox()):
            value, geometry = polygons[number]
            shared = geometry.intersection(face).area()
            covered[value] = covered.get(value, 0.0) + shared
        empty = face.area() - sum(covered.values())
        value, most = max(covered.items(), key=lambda item: item[1], default=(0, 0.0))
        if most > empty:
            found.append((value, face))
        if done % 1000 == 0:
            go_on(done / len(faces))
    return found
