"""Settings as nested plain values (what a checkpoint stores) and back."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from s4_core.config.values import READERS, read_value
from s4_core.errors import ConfigurationError
from s4_core.types import Settings

T = TypeVar("T")


def settings_to_plain(settings: Settings) -> dict[str, Any]:
    """Nested dicts of strings, numbers, booleans, None and lists; every key present."""
    plain: dict[str, Any] = _plain(dataclasses.asdict(settings))
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return list(value) if isinstance(value, tuple) else value


def settings_from_plain(plain: Mapping[str, Any]) -> Settings:
    """Settings from nested plain values; keys left out take their defaults.

    Raises:
        ConfigurationError: an unknown key (the nearest known is named by its dotted path), a
            value of the wrong type or out of range.
    """
    return apply(Settings(), plain)


def apply(base: T, changes: Any, prefix: str = "") -> T:
    """`base` (a settings dataclass) with nested `changes` over it.

    Raises:
        ConfigurationError: as `settings_from_plain`.
    """
    if not isinstance(changes, Mapping):
        name = prefix.rstrip(".") or "The configuration"
        raise ConfigurationError(
            f"{name} is {changes!r}.", "Give keys and values, one a line, indented under it."
        )
    fields = {f.name: f for f in dataclasses.fields(base)}  # type: ignore[arg-type]
    changed = {}
    for key, value in changes.items():
        if key not in fields:
            raise unknown_key(f"{prefix}{key}", (prefix + name for name in fields))
        current = getattr(base, key)
        annotation = str(fields[key].type)
        changed[key] = (
            read_value(f"{prefix}{key}", annotation, value)
            if annotation in READERS
            else apply(current, value, f"{prefix}{key}.")
        )
    return dataclasses.replace(base, **changed)  # type: ignore[type-var]


def unknown_key(key: str, siblings: Iterable[str]) -> ConfigurationError:
    """The error for a key that does not exist; names the nearest that does, wherever it is."""
    candidates = [*siblings, *all_keys()]
    near = difflib.get_close_matches(key, candidates, n=1, cutoff=0.75) or _same_leaf(key)
    meant = " or ".join(f"'{known}'" for known in near)
    hint = f"Did you mean {meant}?" if near else f"Known keys: {', '.join(all_keys())}."
    return ConfigurationError(f"There is no setting '{key}'.", hint)


def _same_leaf(key: str) -> list[str]:
    """Known dotted keys whose last part is nearest to that of `key`."""
    leaves = [(known.rsplit(".", 1)[-1], known) for known in all_keys()]
    near = difflib.get_close_matches(key.rsplit(".", 1)[-1], [leaf for leaf, _ in leaves], n=1)
    return [known for leaf, known in leaves if leaf in near]


def all_keys() -> list[str]:
    """Every setting by its dotted path, in the order of the dataclasses."""
    keys = []
    for name, value in settings_to_plain(Settings()).items():
        keys += [f"{name}.{leaf}" for leaf in value] if isinstance(value, dict) else [name]
    return keys
