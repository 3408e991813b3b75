"""What the engine found doubtful, one line each; the first ones at once, the rest on request."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from s4_core.phrases import ONE_PARCEL
from s4_qgis.i18n import tr
from s4_qgis.panel.notice import let_wrap

FIRST = 3


class WarningsList(QWidget):
    """Hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts: list[str] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._label = QLabel()
        let_wrap(self._label)
        self._more = QToolButton()
        self._more.setCheckable(True)
        self._more.setAutoRaise(True)
        self._more.toggled.connect(self._show)
        self._column.addWidget(self._label)
        self._column.addWidget(self._more)
        self.hide()

    def texts(self) -> list[str]:
        """All that is said."""
        return list(self._texts)

    def say(self, texts: Sequence[str]) -> None:
        """Say this instead of what was said."""
        self._texts = list(texts)
        self._more.setChecked(False)
        self._show()
        self.setVisible(bool(self._texts))

    def _show(self, *_: object) -> None:
        hidden = len(self._texts) - FIRST
        all_shown = self._more.isChecked()
        shown = self._texts if all_shown else self._texts[:FIRST]
        self._label.setText("\n".join(f"⚠ {text}" for text in shown))
        self._more.setVisible(hidden > 0)
        self._more.setText(tr("Show fewer") if all_shown else tr("{n} more …").format(n=hidden))


def unsaid(warnings: Sequence[str], of_images: Sequence[str]) -> list[str]:
    """A job's warnings without those that the panel says already.

    The images' stand on their page; classes with one parcel on the labels' page before a
    training, and beside the score after it.
    """
    return [w for w in warnings if w not in of_images and not w.startswith(ONE_PARCEL)]
