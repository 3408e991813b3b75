"""The typed configuration from YAML files, presets and dotted overrides, and back."""

from s4_core.config.layers import PRESETS, load_settings, with_overrides
from s4_core.config.plain import settings_from_plain, settings_to_plain
from s4_core.config.text import settings_from_yaml, settings_to_yaml

__all__ = [
    "PRESETS",
    "load_settings",
    "settings_from_plain",
    "settings_from_yaml",
    "settings_to_plain",
    "settings_to_yaml",
    "with_overrides",
]
