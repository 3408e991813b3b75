"""The French translation as QGIS loads it: complete, and shown by panel texts and algorithms."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from qgis.PyQt.QtCore import QCoreApplication

from s4_qgis.i18n import install_translator, remove_translator, tr
from s4_qgis.words import WORDS
from tools import translate

FRENCH = translate.FOLDER / "s4_fr.ts"


@pytest.fixture(params=["fr", "fr_CA"])
def french(request: pytest.FixtureRequest) -> Iterator[None]:
    """Everything in French, by either name of the language."""
    translator = install_translator(request.param)
    assert translator is not None
    yield
    remove_translator(translator)
    assert tr("Crop map") == "Crop map"


@pytest.mark.usefixtures("french")
def test_every_translation_is_the_one_that_is_loaded() -> None:
    wanted = translate.translations(FRENCH)
    assert len(wanted) > 500
    assert {text: tr(text) for text in wanted} == wanted
    assert tr("Crop map") == "Carte des cultures"


@pytest.mark.usefixtures("french")
def test_words_of_the_engine_and_algorithms_are_french() -> None:
    from s4_qgis.processing.provider import S4Provider

    assert [tr(word) for word in WORDS[:3]] == ["optique", "radar", "les deux"]
    provider = S4Provider()
    provider.loadAlgorithms()
    names = {algorithm.id(): algorithm.displayName() for algorithm in provider.algorithms()}
    assert names["s4:segment"] == "Cartographier les cultures"
    segment = provider.algorithm("segment")
    described = [definition.description() for definition in segment.parameterDefinitions()]
    known = set(translate.translations(FRENCH))
    assert [text for text in described if text in known - same_in_french()] == []


def same_in_french() -> set[str]:
    """Texts that French has in common with English."""
    return {text for text, french in translate.translations(FRENCH).items() if text == french}


def test_another_context_is_not_touched() -> None:
    translator = install_translator("fr")
    try:
        assert QCoreApplication.translate("QGIS", "Crop map") == "Crop map"
    finally:
        remove_translator(translator)
