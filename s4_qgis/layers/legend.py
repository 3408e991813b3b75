"""Classes with names, codes and colours: as files for the jobs and as colours of parcels."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsRendererCategory,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

from s4_core.errors import OutputError
from s4_core.types import colours_for
from s4_qgis.i18n import tr
from s4_qgis.settings import cache_folder

ClassEntry = tuple[str, str, str]
"""Name, code and colour (`#rrggbb`) of a class."""

_FILL_ALPHA = 110
_BARE = {"color": "128,128,128,40", "outline_color": "#808080", "outline_width": "0.4"}


def legend_for(
    names: Iterable[str], codes: Mapping[str, str], known: Sequence[ClassEntry]
) -> tuple[ClassEntry, ...]:
    """A legend of these classes in the order of their names.

    Args:
        codes: by name. known: entries whose colours stay, as far as they occur.
    """
    ordered = sorted(names, key=str.casefold)
    colours = {name: colour for name, _, colour in known}
    taken = set(colours.values())
    fresh = [name for name in ordered if name not in colours]
    for name, parts in zip(fresh, colours_for(fresh)):
        colours[name] = _free("#{:02x}{:02x}{:02x}".format(*parts), taken)
        taken.add(colours[name])
    return tuple((name, codes.get(name, ""), colours[name]) for name in ordered)


def write_legend(path: str, legend: Sequence[ClassEntry]) -> None:
    """Write a legend as `s4_core.io` reads it.

    Raises:
        OutputError: it cannot be written.
    """
    plain = [{"name": name, "code": code, "colour": colour} for name, code, colour in legend]
    aside = f"{path}.part"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        Path(aside).write_text(json.dumps(plain, indent=1), encoding="utf-8")
        os.replace(aside, path)
    except OSError as error:
        raise OutputError(
            tr("The legend cannot be written to {path}: {why}.").format(
                path=path, why=error.strerror or error
            ),
            tr("Choose another cache folder in the settings."),
        ) from error


def legend_path(labels: str, layer: str, field: str) -> str:
    """Where the legend of a class field belongs."""
    text = "\n".join((os.path.abspath(labels), layer, field))
    name = hashlib.sha256(text.encode()).hexdigest()[:20]
    return str(cache_folder() / "legends" / f"{name}.json")


def style_by_class(layer: QgsVectorLayer, field: str, legend: Sequence[ClassEntry]) -> None:
    """Colour parcels by their class; those without one, or with an unknown one, are gray."""
    categories = [QgsRendererCategory(name, _fill(colour), name) for name, _code, colour in legend]
    bare = QgsFillSymbol.createSimple(_BARE)
    categories.append(QgsRendererCategory(None, bare, tr("no class yet")))
    layer.setRenderer(QgsCategorizedSymbolRenderer(field, categories))
    layer.triggerRepaint()


def _fill(colour: str) -> QgsFillSymbol:
    fill = QColor(colour)
    fill.setAlpha(_FILL_ALPHA)
    symbol = QgsFillSymbol.createSimple({"outline_color": colour, "outline_width": "0.5"})
    symbol.setColor(fill)
    return symbol


def _free(colour: str, taken: set[str]) -> str:
    """A colour that is not taken, near the wanted one."""
    found, step = QColor(colour), 0
    while found.name() in taken:
        step += 1
        hue = (found.hslHue() + 47) % 360
        found = QColor.fromHsl(hue, 150, 90 + (step * 29) % 110)
    return str(found.name())
