from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s4_core.errors import LabelError
from s4_core.types import Legend, MapClass, colours_for

LEGEND = Legend(
    (MapClass("maize", "1200", (244, 196, 48)), MapClass("grass", "9120", (148, 201, 115)))
)


def test_values_count_from_one() -> None:
    assert LEGEND.value_of("maize") == 1
    assert LEGEND.value_of("grass") == 2
    with pytest.raises(KeyError):
        LEGEND.value_of("rice")


@pytest.mark.parametrize(
    ("name", "code", "value"),
    [
        ("Grass ", "", 2),
        ("corn", "1200", 1),
        ("grass", "1200", 2),  # the name counts before the code
        ("rice", "7", None),
        ("", "", None),
    ],
)
def test_references_match_by_name_then_code_never_by_position(
    name: str, code: str, value: int | None
) -> None:
    assert LEGEND.match(name, code) == value


def test_two_classes_of_one_name_are_refused() -> None:
    with pytest.raises(LabelError, match="must differ"):
        Legend((LEGEND.classes[0], LEGEND.classes[0]))
    with pytest.raises(LabelError, match=r"differ, got \['Uncertain', 'uncertain'\]"):
        Legend((MapClass("uncertain", "", (0, 0, 0)), MapClass("Uncertain", "", (0, 0, 0))))
    with pytest.raises(LabelError, match="has no colour"):
        Legend((MapClass("maize", "", (256, 0, 0)),))
    with pytest.raises(LabelError, match="needs a name"):
        Legend((MapClass(" ", "", (0, 0, 0)),))


def test_colours_of_more_classes_than_hues_end() -> None:
    names = [f"class {number}" for number in range(1000)]
    assert len(set(colours_for(names))) == 1000


@given(st.lists(st.text(min_size=1, max_size=12), max_size=60, unique=True))
def test_colours_are_distinct_and_in_range(names: list[str]) -> None:
    colours = colours_for(names)
    assert len(set(colours)) == len(names)
    assert all(0 <= channel <= 255 for colour in colours for channel in colour)


def test_known_crops_have_their_colour_whatever_the_case() -> None:
    assert colours_for(["Maize"]) == [(244, 196, 48)]
