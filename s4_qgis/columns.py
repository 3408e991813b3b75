"""Columns of tables, under every version of QGIS."""

from __future__ import annotations

from qgis.core import Qgis, QgsField, QgsFields
from qgis.PyQt.QtCore import QMetaType, QVariant

_NEW = {"text": "QString", "whole": "Int", "real": "Double", "date": "QDate"}
_OLD = {"text": "String", "whole": "Int", "real": "Double", "date": "Date"}


def column(name: str, kind: str) -> QgsField:
    """A column of "text", "whole" or "real" numbers, or "date"s."""
    # QGIS 3.38 took Qt's new names of types, and Qt 6 has only these
    if Qgis.QGIS_VERSION_INT >= 33800:
        return QgsField(name, getattr(QMetaType.Type, _NEW[kind]))
    return QgsField(name, getattr(QVariant.Type, _OLD[kind]))


def columns(**kinds: str) -> QgsFields:
    """Columns by name, in this order."""
    fields = QgsFields()
    for name, kind in kinds.items():
        fields.append(column(name, kind))
    return fields
