"""Styles beside a map: `.qml` for QGIS, `.sld` for other programs."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as Xml  # nosec B405 - writes XML and reads none

from s4_core.errors import OutputError
from s4_core.io.atomic import PathLike, write_text
from s4_core.io.legends import hex_colour
from s4_core.types import Legend

_RAMP = (
    (0.0, (165, 0, 38)),
    (0.25, (244, 109, 67)),
    (0.5, (254, 224, 139)),
    (0.75, (102, 189, 99)),
    (1.0, (0, 104, 55)),
)
"""Confidence from red (none) over yellow to green (full); ColorBrewer RdYlGn."""


def write_style(path: PathLike, legend: Legend | None = None, kind: str = "classes") -> None:
    """Write the style of a map, as its suffix says: `.qml` (QGIS) or `.sld`.

    QGIS applies a `.qml` that stands beside a map under the map's name by itself.

    Args:
        legend: of a class map; not used for kind "confidence".

    Raises:
        OutputError: another suffix, or it cannot be written.
        ValueError: unknown kind, or a class map without legend.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in (".qml", ".sld"):
        raise OutputError(f"{path} is no style file.", "Choose a name that ends in .qml or .sld.")
    write_text(path, qml(legend, kind) if suffix == ".qml" else sld(legend, kind))


def qml(legend: Legend | None, kind: str = "classes") -> str:
    """The QGIS style of a map: paletted classes, or a colour ramp over the confidence."""
    root = Xml.Element(
        "qgis", version="3.34.0", styleCategories="Symbology", hasScaleBasedVisibilityFlag="0"
    )
    pipe = Xml.SubElement(root, "pipe")
    if _is_classes(legend, kind):
        pipe.append(_paletted(legend))
    else:
        pipe.append(_pseudocolour())
    Xml.SubElement(pipe, "brightnesscontrast", brightness="0", contrast="0", gamma="1")
    Xml.SubElement(
        pipe, "huesaturation", saturation="0", grayscaleMode="0", colorizeOn="0", invertColors="0"
    )
    Xml.SubElement(pipe, "rasterresampler", maxOversampling="2")
    Xml.SubElement(root, "blendMode").text = "0"
    doctype = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
    return f"{doctype}\n{_text(root)}\n"


def sld(legend: Legend | None, kind: str = "classes") -> str:
    """The style of a map as OGC Styled Layer Descriptor 1.0."""
    root = Xml.Element(
        "StyledLayerDescriptor",
        {"version": "1.0.0", "xmlns": "http://www.opengis.net/sld"},
    )
    layer = Xml.SubElement(root, "NamedLayer")
    Xml.SubElement(layer, "Name").text = kind
    style = Xml.SubElement(layer, "UserStyle")
    rule = Xml.SubElement(Xml.SubElement(style, "FeatureTypeStyle"), "Rule")
    symbolizer = Xml.SubElement(rule, "RasterSymbolizer")
    Xml.SubElement(symbolizer, "Opacity").text = "1.0"
    selection = Xml.SubElement(Xml.SubElement(symbolizer, "ChannelSelection"), "GrayChannel")
    Xml.SubElement(selection, "SourceChannelName").text = "1"
    classes = _is_classes(legend, kind)
    colours = Xml.SubElement(symbolizer, "ColorMap", type="values" if classes else "ramp")
    for value, label, colour in _entries(legend) if classes else _steps():
        Xml.SubElement(
            colours, "ColorMapEntry", color=colour, quantity=value, label=label, opacity="1.0"
        )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_text(root)}\n'


def _is_classes(legend: Legend | None, kind: str) -> bool:
    if kind not in ("classes", "confidence"):
        raise ValueError(f"'{kind}' is none of classes, confidence.")
    if kind == "classes" and legend is None:
        raise ValueError("The style of a class map needs its legend.")
    return kind == "classes"


def _entries(legend: Legend | None) -> list[tuple[str, str, str]]:
    """Value, label and colour of each class, as text."""
    classes = () if legend is None else legend.classes
    return [(str(v), c.name, hex_colour(c.colour)) for v, c in enumerate(classes, start=1)]


def _steps() -> list[tuple[str, str, str]]:
    """Value, label and colour of each step of the confidence ramp, as text."""
    return [(f"{value:g}", f"{value:.0%}", hex_colour(colour)) for value, colour in _RAMP]


def _paletted(legend: Legend | None) -> Xml.Element:
    renderer = Xml.Element(
        "rasterrenderer", type="paletted", band="1", opacity="1", alphaBand="-1", nodataColor=""
    )
    Xml.SubElement(renderer, "rasterTransparency")
    palette = Xml.SubElement(renderer, "colorPalette")
    for value, label, colour in _entries(legend):
        Xml.SubElement(palette, "paletteEntry", value=value, label=label, color=colour, alpha="255")
    return renderer


def _pseudocolour() -> Xml.Element:
    renderer = Xml.Element(
        "rasterrenderer",
        type="singlebandpseudocolor",
        band="1",
        opacity="1",
        alphaBand="-1",
        nodataColor="",
        classificationMin="0",
        classificationMax="1",
    )
    Xml.SubElement(renderer, "rasterTransparency")
    shader = Xml.SubElement(
        Xml.SubElement(renderer, "rastershader"),
        "colorrampshader",
        colorRampType="INTERPOLATED",
        classificationMode="1",
        clip="0",
        minimumValue="0",
        maximumValue="1",
        labelPrecision="2",
    )
    for value, label, colour in _steps():
        Xml.SubElement(shader, "item", value=value, label=label, color=colour, alpha="255")
    return renderer


def _text(root: Xml.Element) -> str:
    Xml.indent(root, space=" ")
    return Xml.tostring(root, encoding="unicode")
