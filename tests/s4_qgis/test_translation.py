"""The French translation as QGIS loads it: complete, and shown by panel texts and algorithms."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from qgis.PyQt.QtCore import QCoreApplication

from s4_core.errors import Cancelled, S4Error
from s4_core.simulated import sentence
from s4_qgis.failures import HEADLINES, told
from s4_qgis.i18n import install_translator, remove_translator, tr
from s4_qgis.words import NOTES, WORDS, simulated_text
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


@pytest.mark.usefixtures("french")
def test_failures_of_the_engine_are_named_in_french() -> None:
    said = told("labels", "The parcels in the area have only the class a.")
    first, second = said.splitlines()
    assert first == "Les parcelles ne peuvent pas être utilisées."
    assert second == "The parcels in the area have only the class a."
    assert told("internal", "A fault.") == "A fault."


def test_failures_of_the_engine_are_not_doubled_in_english() -> None:
    assert told("labels", "The parcels have one class.") == "The parcels have one class."
    engines = [k for k in subclasses(S4Error) - {Cancelled} if k.__module__ == S4Error.__module__]
    assert {kind.code for kind in engines} <= set(HEADLINES)


def subclasses(kind: type[S4Error]) -> set[type[S4Error]]:
    return {found for one in kind.__subclasses__() for found in (one, *subclasses(one))}


def test_every_note_on_simulated_data_is_listed_for_translators() -> None:
    sources = [
        f"{what} ({how})" for what in ("pretraining", "model") for how in ("in part", "only")
    ]
    said = {
        sentence(source, product)
        for source in ("area", "classes", *sources)
        for product in ("map", "pretraining")
    }
    assert said == set(NOTES)


@pytest.mark.usefixtures("french")
def test_what_is_simulated_is_told_in_french() -> None:
    in_part = {"simulated": "in part", "simulated_note": sentence("pretraining (in part)")}
    assert simulated_text(in_part).startswith("Le modèle a été préentraîné en partie")
    area = {"simulated": "only", "simulated_note": sentence("area")}
    assert simulated_text(area).startswith("DONNÉES SIMULÉES. Cette zone est simulée")
    assert simulated_text({"simulated": "no", "simulated_note": None}) == ""


def same_in_french() -> set[str]:
    """Texts that French has in common with English."""
    return {text for text, french in translate.translations(FRENCH).items() if text == french}


def test_another_context_is_not_touched() -> None:
    translator = install_translator("fr")
    try:
        assert QCoreApplication.translate("QGIS", "Crop map") == "Crop map"
    finally:
        remove_translator(translator)
