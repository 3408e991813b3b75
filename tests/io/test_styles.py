from __future__ import annotations

from xml.etree import ElementTree as Xml

import pytest

from s4_core import io
from s4_core.errors import OutputError


def test_qml_of_classes(tmp_path, legend):
    path = tmp_path / "crop_map.qml"
    io.write_style(path, legend)
    renderer = Xml.parse(path).getroot().find("pipe/rasterrenderer")
    assert renderer.get("type") == "paletted"
    entries = [dict(entry.attrib) for entry in renderer.iter("paletteEntry")]
    assert entries[1] == {
        "value": "2",
        "label": 'maïze <"&">',
        "color": "#f4c430",
        "alpha": "255",
    }
    assert [entry["value"] for entry in entries] == ["1", "2", "3"]


def test_qml_of_confidence(tmp_path):
    path = tmp_path / "confidence.qml"
    io.write_style(path, kind="confidence")
    renderer = Xml.parse(path).getroot().find("pipe/rasterrenderer")
    assert renderer.get("type") == "singlebandpseudocolor"
    items = [item.get("value") for item in renderer.iter("item")]
    assert items == ["0", "0.25", "0.5", "0.75", "1"]


@pytest.mark.parametrize(("kind", "ramp"), [("classes", "values"), ("confidence", "ramp")])
def test_sld(tmp_path, legend, kind, ramp):
    path = tmp_path / "map.sld"
    io.write_style(path, legend, kind)
    space = {"sld": "http://www.opengis.net/sld"}
    colours = Xml.parse(path).getroot().find(".//sld:ColorMap", space)
    assert colours.get("type") == ramp
    if kind == "classes":
        entries = [(e.get("quantity"), e.get("label"), e.get("color")) for e in colours]
        assert entries[1] == ("2", 'maïze <"&">', "#f4c430")


def test_wrong_use(tmp_path, legend):
    with pytest.raises(OutputError, match=r"map\.txt is no style file"):
        io.write_style(tmp_path / "map.txt", legend)
    with pytest.raises(ValueError, match="needs its legend"):
        io.write_style(tmp_path / "map.qml")
    with pytest.raises(ValueError, match="'areas' is none of"):
        io.write_style(tmp_path / "map.qml", legend, "areas")
