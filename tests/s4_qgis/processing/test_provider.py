"""The provider and what all its algorithms have in common."""

from __future__ import annotations

import subprocess
import sys
from html.parser import HTMLParser

import pytest
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingParameterDefinition,
)
from qgis.gui import QgsGui, QgsProcessingGui

from s4_qgis.processing import base
from s4_qgis.processing.choice import ChoiceParameter
from s4_qgis.processing.provider import S4Provider
from tests.conftest import REPOSITORY

IDS = [
    "s4:benchmark",
    "s4:evaluate",
    "s4:exportmap",
    "s4:fetch",
    "s4:finetune",
    "s4:import",
    "s4:inspect",
    "s4:pretrain",
    "s4:segment",
    "s4:vectorize",
]


class Tags(HTMLParser):
    """Fails on tags that are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_stable_ids(provider: S4Provider) -> None:
    assert provider.id() == "s4"
    assert sorted(a.id() for a in provider.algorithms()) == IDS
    registry = QgsApplication.processingRegistry()
    assert all(registry.algorithmById(name) is not None for name in IDS)


@pytest.mark.parametrize("name", IDS)
def test_every_algorithm_is_complete(provider: S4Provider, name: str) -> None:
    algorithm = provider.algorithm(name.partition(":")[2])
    assert algorithm.displayName()
    assert algorithm.group()
    assert not algorithm.icon().isNull()
    flags = algorithm.flags()
    assert flags & QgsProcessingAlgorithm.Flag.FlagCanCancel
    assert not flags & QgsProcessingAlgorithm.Flag.FlagNoThreading
    assert type(algorithm.create()) is type(algorithm)
    assert all(d.description() for d in algorithm.parameterDefinitions())
    assert all(d.description() for d in algorithm.outputDefinitions())


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("locale", ["en_GB", "fr", "de"])
def test_every_algorithm_has_help(
    provider: S4Provider, name: str, locale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base.QgsApplication, "locale", lambda: locale)
    algorithm = provider.algorithm(name.partition(":")[2])
    text = algorithm.shortHelpString()
    tags = Tags()
    tags.feed(text)
    assert not tags.open
    language = "fr" if locale == "fr" else "en"
    assert algorithm.helpUrl().endswith(f"/{name[3:]}.{language}.html")
    assert len(text) > 300


def test_what_is_rarely_needed_is_advanced(provider: S4Provider) -> None:
    advanced = QgsProcessingParameterDefinition.Flag.FlagAdvanced
    shown = {
        d.name()
        for d in provider.algorithm("segment").parameterDefinitions()
        if not d.flags() & advanced and not d.isDestination()
    }
    assert shown == {
        "AREA",
        "RASTERS",
        "SEASON",
        "MODEL",
        "MODALITY",
        "EXTENT",
        "WITHIN",
        "PARCELS",
        "MIN_CONFIDENCE",
    }


def test_maps_are_geotiffs_whatever_the_users_default(provider: S4Provider) -> None:
    assert provider.defaultRasterFileExtension() == "tif"
    assert provider.supportedOutputRasterLayerExtensions() == ["tif", "tiff"]


def test_registering_imports_neither_the_engine_nor_what_only_runs_need() -> None:
    code = (
        "import sys; from s4_qgis.processing.provider import S4Provider; p = S4Provider();"
        "p.loadAlgorithms(); print(*sorted(m for m in sys.modules if m.startswith(('s4_', 'torch',"
        " 'numpy', 'osgeo'))))"
    )
    # qgis.core itself brings numpy and osgeo in where they are installed: compare with it
    bare = "import sys, qgis.core; print(*sorted(sys.modules))"
    loaded, without = (
        subprocess.run(
            [sys.executable, "-c", text], cwd=REPOSITORY, capture_output=True, text=True, check=True
        ).stdout.split()
        for text in (code, bare)
    )
    added = set(loaded) - set(without)
    assert not [m for m in added if m.startswith(("torch", "numpy", "osgeo"))]
    assert {m for m in added if m.startswith("s4_core")} == {"s4_core", "s4_core.errors"}
    for heavy in ("requests", "forms", "export", "engine", "panel"):
        assert f"s4_qgis.{heavy}" not in added


@pytest.mark.parametrize("name", IDS)
def test_dialogs_have_a_widget_for_every_parameter(provider: S4Provider, name: str) -> None:
    algorithm = provider.algorithm(name.partition(":")[2]).create()
    registry = QgsGui.processingGuiRegistry()
    context = QgsProcessingContext()
    kept = []  # widgets that a wrapper made belong to it
    for definition in algorithm.parameterDefinitions():
        if definition.type() == "field":  # drawn by QGIS's own Python
            continue
        wrapper = registry.createParameterWidgetWrapper(
            definition, QgsProcessingGui.WidgetType.Standard
        )
        assert wrapper is not None, definition.name()
        widget = wrapper.createWrappedWidget(context)
        assert widget is not None, definition.name()
        kept.append((wrapper, widget))
        if isinstance(definition, ChoiceParameter):
            wrapper.setParameterValue(definition.words[-1], context)
            wrapper.setParameterValue(1, context)
            assert wrapper.parameterValue() in (1, [1])
