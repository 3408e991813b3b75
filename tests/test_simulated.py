from __future__ import annotations

from dataclasses import replace

import pytest

from s4_core.model_card import HeadCard, ModelCard
from s4_core.simulated import (
    announced,
    joined,
    sentence,
    sources_of_map,
    sources_of_model,
    word_of_map,
)
from s4_core.types import Modality

REAL = ModelCard(settings={}, modalities={})
PRETRAINED = replace(REAL, simulated="in part")
HEAD = HeadCard("readout", (Modality.OPTICAL,))


def taught(word, **record):
    return replace(REAL, head=HEAD, simulated=word, record=record)


@pytest.mark.parametrize(
    ("area", "card", "sources", "word"),
    [
        (False, REAL, "no", "no"),
        (False, PRETRAINED, "pretraining (in part)", "in part"),
        (False, replace(REAL, simulated="only"), "pretraining (only)", "in part"),
        (True, REAL, "area", "only"),
        (True, PRETRAINED, "area and pretraining (in part)", "only"),
        (
            False,
            taught("in part", simulated={"before": "in part", "area": False}),
            "pretraining (in part)",
            "in part",
        ),
        (False, taught("in part", simulated={"before": "no", "area": True}), "classes", "in part"),
        (
            True,
            taught("only", simulated={"before": "only", "area": True}),
            "area and classes and pretraining (only)",
            "only",
        ),
        (False, taught("in part"), "model (in part)", "in part"),
    ],
)
def test_sources_of_a_map_and_their_word(area, card, sources, word):
    assert sources_of_map(area, card) == sources
    assert word_of_map(sources) == word


@pytest.mark.parametrize(
    ("sources", "product", "said"),
    [
        ("no", "map", None),
        (
            "area and pretraining (in part)",
            "map",
            "This area is simulated: a simulator made its images and parcels, and the numbers say"
            " nothing of any real place.",
        ),
        (
            "pretraining (in part)",
            "map",
            "The model was pretrained in part on simulated areas; the images that were mapped are"
            " real.",
        ),
        ("pretraining (only)", "pretraining", "The model was pretrained only on simulated areas."),
        (
            "pretraining (in part)",
            "classes",
            "The model was pretrained in part on simulated areas; the images and parcels that"
            " taught it its classes are real.",
        ),
        (
            "classes and pretraining (only)",
            "classes",
            "The model learned its classes from simulated images and parcels.",
        ),
        (
            "classes and pretraining (in part)",
            "map",
            "The model learned its classes from simulated images and parcels; the images that"
            " were mapped are real.",
        ),
        (
            "model (in part)",
            "map",
            "The model was trained in part on simulated areas; the images that were mapped are"
            " real.",
        ),
    ],
)
def test_the_sentence_tells_what_is_simulated_and_what_is_not(sources, product, said):
    assert sentence(sources, product) == said


def test_sources_of_several_maps_are_named_once():
    assert joined(["no", "area and model (only)", "area"]) == "area and model (only)"
    assert joined(["no"]) == "no"
    assert sources_of_model(REAL) == "no"


@pytest.mark.parametrize(
    ("how_much", "is_banner"), [("only", True), (True, True), ("in part", False), (False, False)]
)
def test_only_what_is_all_simulated_stands_behind_the_banner(how_much, is_banner):
    said = announced("The note.", how_much)
    assert said == ("SIMULATED DATA. The note." if is_banner else "The note.")
