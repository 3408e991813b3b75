"""A copy of a parcel layer with the class that each parcel voted for."""

from __future__ import annotations

import csv
from typing import Any

from qgis.core import QgsFeature, QgsFeatureSink, QgsFields

from s4_core.errors import OutputError
from s4_core.types import MapClass
from s4_qgis.columns import column
from s4_qgis.i18n import tr
from s4_qgis.processing.given import Given
from s4_qgis.processing.styled import ClassStyle, load_styled
from s4_qgis.processing.vectors import VectorInput, id_column

COLUMNS = {"s4_class": "text", "s4_code": "text", "s4_confidence": "real", "s4_pixels": "whole"}


def write_parcel_crops(
    given: Given, name: str, parcels: VectorInput, result: dict[str, Any], group: str
) -> str:
    """Write the parcels that voted, each with its class, its confidence and its pixels.

    Args:
        name: of the sink parameter. result: of the segment job; it names the table of votes.
        group: of layers that the run adds.

    Returns:
        The layer that was written.

    Raises:
        OutputError: it cannot be written.
    """
    votes = read_votes(result["parcels_csv"])
    fields, own = voted_fields(parcels.fields)
    sink, path = given.algorithm.parameterAsSink(
        given.parameters, name, given.context, fields, parcels.geometry_type, parcels.crs
    )
    if sink is None:
        raise OutputError(
            tr("The layer of parcels cannot be written."), tr("Choose another place for it.")
        )
    id_index = id_column(parcels.fields)
    for feature in parcels.features():
        vote = votes.get(parcel_id(feature, id_index), (None, None, None, 0))
        copy = QgsFeature(fields)
        values = feature.attributes()
        copy.setAttributes([*(values[index] for index in own), *vote])
        copy.setGeometry(feature.geometry())
        sink.addFeature(copy, QgsFeatureSink.Flag.FastInsert)
    del sink  # closes the file
    classes = [MapClass(c["name"], c["code"], tuple(c["colour"])) for c in result["legend"]]
    style = ClassStyle("s4_class", classes)
    load_styled(given.context, str(path), tr("Parcels"), group, style)
    return str(path)


def voted_fields(fields: QgsFields) -> tuple[QgsFields, list[int]]:
    """The columns of a layer with those of the vote after them.

    Returns:
        The columns, and the positions of the layer's own that they begin with: the votes of an
        earlier map are left out.
    """
    own = [index for index, field in enumerate(fields) if field.name() not in COLUMNS]
    voted = QgsFields()
    for index in own:
        voted.append(fields.at(index))
    for name, kind in COLUMNS.items():
        voted.append(column(name, kind))
    return voted, own


def read_votes(path: str) -> dict[str, tuple[Any, ...]]:
    """Class, code, confidence and pixels by parcel id; a parcel without pixels has no class."""
    with open(path, encoding="utf-8", newline="") as stream:
        return {
            row["parcel_id"]: (
                row["class"] or None,
                row["code"] or None,
                float(row["confidence"]) if row["confidence"] else None,
                int(row["pixels"]),
            )
            for row in csv.DictReader(stream)
        }


def parcel_id(feature: QgsFeature, index: int | None) -> str:
    """A parcel's id as the engine writes it: column `parcel_id`, else the feature's number."""
    value = None if index is None else feature.attributes()[index]
    if value is None or str(value) in ("", "NULL"):
        return str(feature.id())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
