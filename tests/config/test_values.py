import dataclasses

import pytest

from s4_core.config.values import READERS, read_value
from s4_core.errors import ConfigurationError
from s4_core.types import Settings


def test_every_field_of_the_configuration_can_be_read():
    for section in dataclasses.fields(Settings):
        default = getattr(Settings(), section.name)
        fields = dataclasses.fields(default) if dataclasses.is_dataclass(default) else [section]
        for field in fields:
            assert field.type in READERS, f"{section.name}: {field.name} is {field.type}"


@pytest.mark.parametrize(
    ("annotation", "given", "read"),
    [
        ("float", 3, 3.0),
        ("int | None", None, None),
        ("str | None", "10-15", "10-15"),
        ("tuple[str, ...]", ["B04", "B03"], ("B04", "B03")),
        ("tuple[int, int, int]", [1, 2, 3], (1, 2, 3)),
        ("bool", False, False),
    ],
)
def test_plain_values_become_typed_ones(annotation, given, read):
    value = read_value("a.b", annotation, given)
    assert value == read
    assert type(value) is type(read)


@pytest.mark.parametrize(
    ("annotation", "given", "expected"),
    [
        ("int", True, "a whole number"),
        ("int", 2.5, "a whole number"),
        ("int", "2", "a whole number"),
        ("float", "fast", "a number"),
        ("float", None, "a number"),
        ("bool", 1, "true or false"),
        ("str", 10, "text"),
        ("tuple[str, ...]", "B04", "a list of texts"),
        ("tuple[str, ...]", [], "a list of texts"),
        ("tuple[int, int, int]", [1, 2], "a list of three whole numbers"),
        ("tuple[int, int, int]", [1, 2, "3"], "a list of three whole numbers"),
    ],
)
def test_a_wrong_type_says_what_was_given_and_expected(annotation, given, expected):
    with pytest.raises(ConfigurationError) as caught:
        read_value("loss.chunk", annotation, given)
    assert caught.value.message == f"loss.chunk is {given!r}."
    assert caught.value.remedy == f"Give {expected}."
