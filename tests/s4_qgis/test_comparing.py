"""A comparison's result in words."""

from __future__ import annotations

from typing import Any

import pytest

from s4_qgis.choices import METHODS
from s4_qgis.comparing import (
    about,
    kept,
    left_out,
    method_rows,
    method_texts,
    stage_text,
    verdict,
)


def result(low: float | None = 0.02, high: float | None = 0.18) -> dict[str, Any]:
    """Two methods in one area; optical lacks nothing, radar lacks a class."""
    found = {"mean": 0.1, "low": low, "high": high}
    draw = {"area": "west", "asked": 5, "training_parcels": [["1", "2"]]}
    return {
        "simulated": False,
        "simulated_note": None,
        "methods": {
            "rf": {"mean": 0.4, "mean_vote": 0.5, "ece": 0.2, "cells": 2},
            "s4": {"mean": 0.5, "mean_vote": 0.7, "ece": 0.1, "cells": 2},
        },
        "best_rival": "rf",
        "difference": found,
        "difference_vote": {"mean": 0.2, "low": 0.1, "high": 0.3},
        "differences": {"s4": {"miou": found, "miou_vote": found, "cells": 2}},
        "cells": [],
        "draws": [
            {**draw, "modality": "optical", "k": 1, "left_out": [], "duplicates_dropped": 0},
            {**draw, "modality": "radar", "k": 2, "left_out": ["rye"], "duplicates_dropped": 1},
        ],
        "skipped": [],
        "areas": [{"name": "west", "parcels": 9, "seen_in_pretraining": False}],
        "out": "/out/r.json",
        "plot": "/out/r.png",
        "warnings": [],
    }


def test_every_method_has_a_name_of_its_own() -> None:
    names = method_texts()
    assert tuple(names) == METHODS
    assert len(set(names.values())) == len(METHODS)


def test_the_methods_of_the_engine() -> None:
    # the plugin may not import them: read what `s4 benchmark few-parcels --help` lists
    from s4_core.cli import benchmark

    lines = benchmark._METHODS.partition("examples:")[0].splitlines()
    assert {line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "} == set(
        METHODS
    )


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.02, 0.18, "S4 is ahead: +0.100 mean IoU over the best without S4 (Random forest)"),
        (-0.02, 0.22, "No difference was found"),
        (0.0, 0.2, "No difference was found"),
        (-0.3, -0.01, "Random forest is ahead"),
        (None, None, "Too few parcels judge for an interval"),
    ],
)
def test_who_is_ahead_follows_the_interval(
    low: float | None, high: float | None, words: str
) -> None:
    said = verdict(kept(result(low, high)))
    assert said.startswith(words) or words in said
    assert ("excludes zero" in said) == (low is not None and not low <= 0 <= (high or 0))
    assert said.endswith("With every parcel in its majority class: +0.200 (+0.100 to +0.300).")


def test_without_a_rival_nobody_is_ahead() -> None:
    alone = {**result(), "best_rival": None, "difference": None, "differences": {}}
    assert "compared with nothing" in verdict(kept(alone))
    assert [row.difference for row in method_rows(kept(alone))] == ["", ""]


def test_rows_are_the_best_first() -> None:
    first, second = method_rows(kept(result()))
    assert (first.name, first.miou, first.vote, first.ece) == ("s4", 0.5, 0.7, 0.1)
    assert first.difference == "+0.10 (+0.02 to +0.18)"
    assert (second.text, second.difference) == ("Random forest", "")


def test_what_was_compared_is_said() -> None:
    said = about(kept(result()))
    assert said == "west, optical, radar: 1 and 2 parcel(s) per class teach, 4–5 draws each."


def test_what_was_left_out_is_said_with_its_reason() -> None:
    skipped = [
        {"area": "west", "modality": "radar", "reason": "-"},
        {"area": "west", "modality": "optical", "k": 3, "reason": "-"},
        {"area": "west", "modality": "optical", "method": "s4-area", "reason": "-"},
    ]
    classes, radar, three, fitted, scope = left_out(kept({**result(), "skipped": skipped}))
    assert classes == "Left out with 2 per class, no parcel to spare: rye."
    assert radar == "Left out: radar. There are no such images."
    assert three.startswith("Left out: 3 parcel(s) per class, optical. Fewer than two classes")
    assert fitted.startswith("Left out: S4, fitted to these images. It needs optical and radar")
    assert scope.startswith("One area was judged")


def test_classes_that_no_number_allows_are_named_once() -> None:
    many = result()
    for draw in many["draws"]:
        draw["left_out"] = ["rye", "oats"]
    assert left_out(kept(many))[0] == (
        "Left out with 1 and 2 per class, no parcel to spare: rye, oats."
    )


def test_images_that_the_model_has_seen_are_owned_up_to() -> None:
    seen = result()
    assert len(left_out(kept(seen))) == 2
    seen["areas"][0]["seen_in_pretraining"] = True
    assert left_out(kept(seen))[1].startswith("The model was pretrained on images of this area")


def test_single_draws_stay_in_the_file() -> None:
    assert "cells" not in kept(result())
    assert all("training_parcels" not in draw for draw in kept(result())["draws"])


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("few parcels", "few parcels"),
        ("west: east, optical: images", "optical: read the images"),
        ("west, radar: rf", "radar: Random forest"),
        ("west, radar: s4-area, pretraining", "radar: S4, fitted to these images"),
    ],
)
def test_stages_are_told_by_modality_and_method(stage: str, words: str) -> None:
    assert stage_text(stage) == words
