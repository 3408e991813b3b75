"""Settings in layers: defaults, then a preset, then a file, then dotted overrides."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from s4_core.config.plain import apply
from s4_core.config.text import parse_yaml
from s4_core.errors import ConfigurationError
from s4_core.types import Settings

PRESETS = ("field", "paper")
"""Names of the presets; each is a YAML file in `presets/`."""


def load_settings(
    preset: str = "field",
    path: str | Path | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Settings:
    """Settings of a preset with a YAML file and overrides over it.

    Args:
        preset: "field" or "paper".
        path: YAML file. Its own `preset` key, where it has one, says what it builds on.
        overrides: values by dotted key, for example `{"pretrain.epochs": 5}`.

    Raises:
        ConfigurationError: unknown preset or key, wrong type, unreadable file, or a file that
            builds on another preset than the one asked for.
    """
    changes = {} if path is None else _read(Path(path))
    if isinstance(changes, Mapping) and "preset" in changes:
        preset = _agreed(preset, changes["preset"], path)
    settings = apply(Settings(), _preset(preset))
    return with_overrides(apply(settings, changes), overrides or {})


def with_overrides(settings: Settings, overrides: Mapping[str, Any]) -> Settings:
    """Settings with values by dotted key over them, in their order.

    Raises:
        ConfigurationError: an unknown key, a wrong type or a value out of range, or the preset,
            whose name alone would change nothing.
    """
    if "preset" in overrides:
        raise ConfigurationError(
            "A preset is not a single setting.", "Choose it with --preset, or in a file."
        )
    for key, value in overrides.items():
        settings = apply(settings, _nested(key, value))
    return settings


def _agreed(asked: str, named: Any, path: Any) -> str:
    # "field" is also the default, so it cannot be told from not asking
    if asked not in ("field", named):
        raise ConfigurationError(
            f"{path} builds on preset {named!r}, but preset '{asked}' was asked for.",
            "Leave one of the two out.",
        )
    return str(named)


def _preset(name: str) -> Any:
    if name not in PRESETS:
        raise ConfigurationError(
            f"There is no preset {name!r}.", f"Choose one of: {', '.join(PRESETS)}."
        )
    return _read(Path(__file__).with_name("presets") / f"{name}.yaml")


def _read(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ConfigurationError(
            f"The configuration {path} cannot be read: {reason}.", "Check the path."
        ) from error
    return parse_yaml(text, str(path))


def _nested(key: str, value: Any) -> Any:
    for part in reversed(key.split(".")):
        value = {part: value}
    return value
