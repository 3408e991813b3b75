"""The output of algorithms that copy a parcel layer with the class that each parcel voted for."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import QgsFeatureSink, QgsProcessingException

from s4_core.errors import OutputError
from s4_core.types import MapClass
from s4_qgis.export.aside import not_written
from s4_qgis.export.parcel_copy import voted_feature, voted_fields
from s4_qgis.export.parcel_votes import Voting
from s4_qgis.i18n import tr
from s4_qgis.processing.given import Given
from s4_qgis.processing.styled import ClassStyle, load_styled
from s4_qgis.processing.vectors import VectorInput


def write_parcel_crops(
    given: Given,
    name: str,
    parcels: VectorInput,
    vote_of: Voting,
    *,
    classes: Sequence[MapClass],
    group: str = "",
) -> str:
    """Write the parcels, each with its class, its confidence and its pixels.

    Args:
        name: of the sink parameter. group: of layers that the run adds.

    Returns:
        The layer that was written.

    Raises:
        OutputError: it cannot be written.
    """
    fields, own = voted_fields(parcels.fields)
    try:
        sink, path = given.algorithm.parameterAsSink(
            given.parameters, name, given.context, fields, parcels.geometry_type, parcels.crs
        )
    except QgsProcessingException as error:  # QGIS's own has no remedy
        raise OutputError(str(error), tr("Choose another place for it.")) from error
    if sink is None:
        raise OutputError(
            tr("The layer of parcels cannot be written."), tr("Choose another place for it.")
        )
    for feature in parcels.features():
        copy = voted_feature(feature, fields, own, vote_of)
        if not sink.addFeature(copy, QgsFeatureSink.Flag.FastInsert):
            raise not_written(str(path), sink.lastError())
    del sink  # closes the file
    style = ClassStyle("s4_class", classes)
    load_styled(given.context, str(path), tr("Parcels"), group, style)
    return str(path)
