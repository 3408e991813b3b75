from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import QgsSettings

from s4_core.protocol import Runtime
from s4_qgis.options import S4OptionsFactory
from s4_qgis.options_page import S4OptionsPage
from s4_qgis.settings import PluginSettings, cache_folder, output_folder, runtime


def test_defaults_then_what_was_set() -> None:
    settings = PluginSettings()
    assert (settings.device, settings.threads, settings.min_confidence) == ("auto", 0, 0.0)
    settings.device, settings.threads, settings.min_confidence = "cpu", 3, 0.4
    assert QgsSettings().value("s4_crop_mapper/device") == "cpu"
    again = PluginSettings()
    assert (again.device, again.threads, again.min_confidence) == ("cpu", 3, 0.4)


def test_a_value_that_somebody_broke_is_the_default() -> None:
    QgsSettings().setValue("s4_crop_mapper/threads", "many")
    assert PluginSettings().threads == 0


def test_runtime() -> None:
    assert runtime() == Runtime(None, None, None)
    PluginSettings().device = "cuda:1"
    PluginSettings().threads = 4
    assert runtime() == Runtime(device="cuda:1", threads=4)


def test_folders(tmp_path: Path) -> None:
    assert cache_folder().name == "cache"
    assert output_folder().name == "S4 Crop Mapper"
    PluginSettings().cache_folder = PluginSettings().output_folder = str(tmp_path)
    assert cache_folder() == output_folder() == tmp_path


def test_the_options_page_shows_and_writes(monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    PluginSettings().modality = "radar"
    PluginSettings().threads = 2
    factory = S4OptionsFactory()
    page = factory.createWidget(None)
    assert isinstance(page, S4OptionsPage)
    assert page._modality.currentData() == "radar"
    assert page._threads.value() == 2
    page._device.setCurrentText("cuda:1")
    page._mode.setCurrentIndex(page._mode.findData("full"))
    page._confidence.setValue(35)
    page._output.setFilePath("/maps")
    page.apply()
    settings = PluginSettings()
    assert (settings.device, settings.threads, settings.mode) == ("cuda:1", 2, "full")
    assert (settings.modality, settings.min_confidence) == ("radar", 0.35)
    assert (settings.output_folder, settings.cache_folder) == ("/maps", "")
    page.deleteLater()


def test_the_page_is_usable_when_small(engine: str) -> None:
    page = S4OptionsPage()
    assert page.minimumSizeHint().height() < 400
    assert page.minimumSizeHint().width() < 600
    page.deleteLater()
