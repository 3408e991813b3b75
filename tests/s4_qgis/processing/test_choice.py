"""Choices by position and by word."""

from __future__ import annotations

import pytest
from qgis.core import QgsProcessingContext

from s4_qgis.processing.given import Given
from s4_qgis.processing.provider import S4Provider


@pytest.mark.parametrize(("value", "word"), [(1, "radar"), ("1", "radar"), ("both", "both")])
def test_positions_and_words(provider: S4Provider, value: object, word: str) -> None:
    algorithm = provider.algorithm("segment").create()
    context = QgsProcessingContext()
    parameters = {"MODALITY": value}
    assert algorithm.parameterDefinition("MODALITY").checkValueIsAcceptable(value, context)
    assert Given(algorithm, parameters, context).choice("MODALITY") == word


def test_the_default(provider: S4Provider) -> None:
    algorithm = provider.algorithm("segment").create()
    assert Given(algorithm, {}, QgsProcessingContext()).choice("MODALITY") == "optical"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([1, 0], ("rf", "s4")),
        ("0,2", ("s4", "logistic")),
        ("s4,rocket", ("s4", "rocket")),
        (["s4-area"], ("s4-area",)),
        (None, ("s4", "rf", "logistic")),
    ],
)
def test_several(provider: S4Provider, value: object, words: tuple[str, ...]) -> None:
    algorithm = provider.algorithm("benchmark").create()
    context = QgsProcessingContext()
    parameters = {} if value is None else {"METHODS": value}
    definition = algorithm.parameterDefinition("METHODS")
    assert value is None or definition.checkValueIsAcceptable(value, context)
    assert set(Given(algorithm, parameters, context).choices("METHODS")) == set(words)


@pytest.mark.parametrize("value", ["s4,svm", [99], []])
def test_others_among_several_are_refused(provider: S4Provider, value: object) -> None:
    algorithm = provider.algorithm("benchmark").create()
    assert not algorithm.parameterDefinition("METHODS").checkValueIsAcceptable(
        value, QgsProcessingContext()
    )


def test_of_one_choice_there_are_no_several(provider: S4Provider) -> None:
    algorithm = provider.algorithm("segment").create()
    assert not algorithm.parameterDefinition("MODALITY").checkValueIsAcceptable(
        "optical,radar", QgsProcessingContext()
    )


@pytest.mark.parametrize("value", [7, "thermal", -1])
def test_other_values_are_refused(provider: S4Provider, value: object) -> None:
    algorithm = provider.algorithm("segment").create()
    assert not algorithm.parameterDefinition("MODALITY").checkValueIsAcceptable(
        value, QgsProcessingContext()
    )
