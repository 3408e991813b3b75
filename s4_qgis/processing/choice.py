"""A choice that dialogs show translated and that scripts may also name by its stable word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingParameterEnum


class ChoiceParameter(QgsProcessingParameterEnum):
    """An enumeration whose value is a position or a word: `MODALITY=1` or `MODALITY=radar`.

    Args:
        words: stable words, in order. texts: what dialogs show for them.
        default: one of the words; of several, some of them.
        several: any number may be chosen: `METHODS=0,1`, `METHODS=s4,rf`, or a list.
    """

    def __init__(
        self,
        name: str,
        description: str,
        words: Sequence[str],
        texts: Sequence[str],
        default: str | Sequence[str] | None = None,
        *,
        several: bool = False,
    ) -> None:
        self.words = tuple(words)
        first: int | list[int] | None = None
        if default is not None:
            chosen = [default] if isinstance(default, str) else default
            positions = [self.words.index(word) for word in chosen]
            first = positions if several else positions[0]
        super().__init__(name, description, list(texts), several, first)

    def named(self, value: Any) -> tuple[str, ...] | None:
        """The words that a value names; None where it is no words, or another number of them."""
        several = self.allowMultiple()
        words = value.split(",") if isinstance(value, str) and several else value
        words = words if isinstance(words, (list, tuple)) else [words]
        if not words or (len(words) > 1 and not several):
            return None
        return tuple(words) if all(word in self.words for word in words) else None

    def checkValueIsAcceptable(
        self, value: Any, context: QgsProcessingContext | None = None
    ) -> bool:
        """Words, and positions as QGIS checks them."""
        if self.named(value) is not None:
            return True
        return bool(super().checkValueIsAcceptable(value, context))
