"""Settings as YAML text. Only plain YAML is read: no tags, no objects."""

from __future__ import annotations

import re
from typing import Any

import yaml

from s4_core.config.plain import settings_from_plain, settings_to_plain
from s4_core.errors import ConfigurationError
from s4_core.types import Settings


class _Loader(yaml.SafeLoader):
    """Two differences: a key that stands twice is an error, and `1e-3` is a number.

    YAML 1.1 reads the latter as text, because it lacks a dot; people write it as a number.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping whose keys are all different."""
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for index, (key_node, _) in enumerate(node.value):
            key = keys[index]
            if key in keys[:index]:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key '{key}' stands there twice", key_node.start_mark
                )
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?(?:\d[\d_]*)(?:\.\d*)?[eE][-+]?\d+$"),
    list("-+0123456789"),
)


def parse_yaml(text: str, source: str) -> Any:
    """Plain values of a YAML text; an empty text is no values.

    Raises:
        ConfigurationError: not YAML, or more than plain YAML.
    """
    try:
        plain = yaml.load(text, _Loader)  # nosec B506 - a stricter SafeLoader
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f", line {where.line + 1}" if where is not None else ""
        problem = getattr(error, "problem", None) or str(error)
        raise ConfigurationError(
            f"{source}{line} is not plain YAML: {problem}.", "Correct the file."
        ) from error
    return {} if plain is None else plain


def settings_to_yaml(settings: Settings) -> str:
    """YAML of every setting, in the order of the dataclasses."""
    return yaml.safe_dump(settings_to_plain(settings), sort_keys=False)


def settings_from_yaml(text: str, source: str = "The configuration") -> Settings:
    """Settings from YAML over the defaults.

    Raises:
        ConfigurationError: as `parse_yaml` and `settings_from_plain`.
    """
    return settings_from_plain(parse_yaml(text, source))
