from __future__ import annotations

import pytest
from qgis.core import Qgis
from qgis.PyQt.QtWidgets import QApplication

import s4_core
from s4_qgis.diagnostics import collect, copy_diagnostics, diagnostics_text
from s4_qgis.settings import PluginSettings
from tests.s4_qgis.main_window import MainWindow


def test_text_without_anything_private() -> None:
    text = diagnostics_text(
        {
            "Engine": {
                "interpreter": "/home/anna/py/bin/python",
                "reason": "",
                "found": {"torch": "2.13.0", "gpu": ""},
            },
            "Settings": {
                "torch_index": "https://anna:secret@index.example/cpu?token=abc",
                "output_folder": "/home/anna/maps",
            },
        },
        "/home/anna",
    )
    assert text == (
        "## Engine\n"
        "- interpreter: ~/py/bin/python\n"
        "- found: torch 2.13.0, gpu \n"
        "\n"
        "## Settings\n"
        "- torch_index: https://index.example/cpu\n"
        "- output_folder: ~/maps\n"
    )


def test_windows_paths_are_shortened() -> None:
    home = r"C:\Users\anna"
    text = diagnostics_text({"A": {"a": home + r"\x", "b": "C:/Users/anna/y"}}, home)
    assert text == "## A\n- a: ~\\x\n- b: ~/y\n"


def test_what_is_collected(engine: str) -> None:
    PluginSettings().device = "cpu"
    sections = collect()
    assert sections["Versions"]["S4 Crop Mapper"] == s4_core.__version__
    assert sections["Versions"]["QGIS"] == Qgis.QGIS_VERSION
    assert sections["Engine"]["state"] == "ready"
    assert sections["Engine"]["interpreter"] == engine
    assert sections["Settings"] == {"device": "cpu"}


def test_without_an_engine_it_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("S4_ENGINE_PYTHON", raising=False)
    PluginSettings().engine_python = "/nowhere/python"
    engine = collect()["Engine"]
    assert engine["state"] == "broken"
    assert "/nowhere/python" in engine["reason"]


def test_they_are_on_the_clipboard(iface: MainWindow, engine: str) -> None:
    text = copy_diagnostics(iface.messageBar())
    assert QApplication.clipboard().text() == text
    assert "clipboard" in iface.messageBar().currentItem().text()
