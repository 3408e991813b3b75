"""A choice that dialogs show translated and that scripts may also name by its stable word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingParameterEnum


class ChoiceParameter(QgsProcessingParameterEnum):
    """An enumeration whose value is a position or a word: `MODALITY=1` or `MODALITY=radar`.

    Args:
        words: stable words, in order. texts: what dialogs show for them.
        default: one of the words.
    """

    def __init__(
        self,
        name: str,
        description: str,
        words: Sequence[str],
        texts: Sequence[str],
        default: str | None = None,
    ) -> None:
        self.words = tuple(words)
        index = None if default is None else self.words.index(default)
        super().__init__(name, description, list(texts), False, index)

    def checkValueIsAcceptable(
        self, value: Any, context: QgsProcessingContext | None = None
    ) -> bool:
        """Words, and positions as QGIS checks them."""
        return value in self.words or bool(super().checkValueIsAcceptable(value, context))
