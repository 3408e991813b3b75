from collections import Counter
from pathlib import Path

import pytest
from qgis.core import QgsProject
from qgis.PyQt.QtGui import QImage

from s4_core.errors import OutputError
from s4_qgis.export.layout import (
    Sheet,
    banner_text,
    build_layout,
    credits_text,
    round_below,
    write_pdf,
    write_png,
)
from s4_qgis.layers.runs import add_run, layer_by_id
from tests.s4_qgis.maps import LEGEND, write_run


def sheet_of(folder, simulated="no", inset=True):
    layers = add_run(write_run(folder, simulated), "run")
    sheet = Sheet("Crops 2019", "optical", credits_text("2019", simulated), simulated)
    confidence = layer_by_id(layers.confidence) if inset else None
    return build_layout(QgsProject.instance(), layer_by_id(layers.map), sheet, confidence)


def colours(path):
    image = QImage(str(path))
    assert not image.isNull()
    return Counter(
        image.pixelColor(x, y).getRgb()[:3]
        for x in range(0, image.width(), 3)
        for y in range(0, image.height(), 3)
    ), image


def test_the_png_shows_the_map_and_its_legend(tmp_path):
    out = tmp_path / "sheet.png"
    write_png(sheet_of(tmp_path), out, dpi=100)
    found, image = colours(out)
    assert (image.width(), image.height()) == (
        pytest.approx(1169, abs=2),
        pytest.approx(827, abs=2),
    )
    for known in LEGEND.classes:
        assert found[known.colour] > 300, known.name
    # the legend's patches lie right of the map
    side = {
        image.pixelColor(x, y).getRgb()[:3] for x in range(893, 930, 2) for y in range(150, 500, 2)
    }
    assert {known.colour for known in LEGEND.classes} <= side


def test_the_pdf_is_a_page_with_its_words(tmp_path):
    out = tmp_path / "sheet.pdf"
    write_pdf(sheet_of(tmp_path), out, dpi=100)
    content = out.read_bytes()
    assert content.startswith(b"%PDF")
    assert len(content) > 5000


@pytest.mark.parametrize(
    ("simulated", "wanted"), [("no", False), ("in part", False), ("only", True)]
)
def test_sheets_of_simulated_areas_carry_a_red_banner(tmp_path, simulated, wanted):
    out = tmp_path / "sheet.png"
    write_png(sheet_of(tmp_path, simulated, inset=False), out, dpi=60)
    found, _ = colours(out)
    assert (found[(179, 38, 30)] > 200) is wanted
    assert bool(banner_text(simulated)) is wanted


def test_credits_name_copernicus_unless_nothing_was_observed():
    assert "Contains modified Copernicus Sentinel data 2019." in credits_text("2019")
    assert "Contains modified Copernicus Sentinel data." in credits_text("")
    assert "Copernicus" not in credits_text("2019", "only")


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        write_png(sheet_of(tmp_path), Path(tmp_path, "crop_map.tif", "sheet.png"), dpi=30)


@pytest.mark.parametrize(("value", "below"), [(75, 50), (50, 20), (20, 10), (10, 5), (0.3, 0.2)])
def test_scale_bars_count_in_round_numbers(value, below):
    assert round_below(value) == pytest.approx(below)
