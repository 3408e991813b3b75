"""What a plain value must look like to become a field of the configuration.

Fields are recognised by the text of their annotation: `typing.get_type_hints` cannot evaluate
`int | None` before Python 3.10, and the configuration needs only this closed set.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s4_core.errors import ConfigurationError


class _Mismatch(Exception):
    """A value of another type than its field's."""


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Mismatch
    return value


def _whole(value: Any) -> int:
    # bool is an int to Python, not to a user
    if isinstance(value, bool) or not isinstance(value, int):
        raise _Mismatch
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _Mismatch
    return float(value)


def _switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Mismatch
    return value


def _optional(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)


def _several(read: Callable[[Any], Any], length: int | None = None) -> Callable[[Any], Any]:
    def read_all(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, (list, tuple)) or length not in (None, len(value)) or not value:
            raise _Mismatch
        return tuple(read(item) for item in value)

    return read_all


READERS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "str": (_text, "text"),
    "int": (_whole, "a whole number"),
    "float": (_number, "a number"),
    "bool": (_switch, "true or false"),
    "str | None": (_optional(_text), "text or null"),
    "int | None": (_optional(_whole), "a whole number or null"),
    "tuple[str, ...]": (_several(_text), "a list of texts"),
    "tuple[int, int, int]": (_several(_whole, 3), "a list of three whole numbers"),
}
"""By annotation: how a plain value is read, and what a user is told to give."""


def read_value(key: str, annotation: str, value: Any) -> Any:
    """The value of the field `key` from its plain form.

    Raises:
        ConfigurationError: the value has another type than the field.
    """
    read, expected = READERS[annotation]
    try:
        return read(value)
    except _Mismatch:
        raise ConfigurationError(f"{key} is {value!r}.", f"Give {expected}.") from None
