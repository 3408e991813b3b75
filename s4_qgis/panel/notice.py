"""A message inside a page: what is the matter, and what to do about it."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QPalette
from qgis.PyQt.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from s4_qgis.i18n import tr

COLOURS = {"problem": "#d9534f", "warning": "#d9932b", "info": "#3d8bd4", "good": "#3f9b5b"}
MUTED = 0.62
"""How much of the text's colour secondary text keeps."""


class Notice(QFrame):
    """A tinted frame with a text; hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        let_wrap(self._text)
        close = QToolButton()
        close.setText("✕")
        close.setAutoRaise(True)
        close.setToolTip(tr("Hide this message"))
        close.clicked.connect(self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 2, 4)
        row.addWidget(self._text, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def say(self, kind: str, message: str, remedy: str = "") -> None:
        """Show a message.

        Args:
            kind: "problem", "warning", "info" or "good".
        """
        accent = QColor(COLOURS[kind])
        around = self.parentWidget() or self  # its own palette has the last message's colour
        base = blended(accent, around.palette().color(QPalette.ColorRole.Window), 0.16)
        self.setStyleSheet(
            f"#notice {{ background: {base.name()}; border-left: 3px solid {accent.name()}; }}"
        )
        self._text.setText(f"{message}\n{remedy}".strip())
        self.show()

    def text(self) -> str:
        """What is said; empty where nothing is."""
        return "" if self.isHidden() else self._text.text()

    def clear(self) -> None:
        """Say nothing."""
        self._text.clear()
        self.hide()


def let_wrap(label: QLabel) -> None:
    """Let a label be as narrow as its place, and as high as its text then needs."""
    label.setWordWrap(True)
    policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)  # a new policy forgets that the text wraps
    label.setSizePolicy(policy)


def blended(one: QColor, other: QColor, share: float) -> QColor:
    """A colour between two, with this share (0..1) of the first."""
    parts = zip(one.getRgb()[:3], other.getRgb()[:3])
    return QColor(*(round(a * share + b * (1 - share)) for a, b in parts))


def muted(label: QWidget) -> QColor:
    """The colour of secondary text on a widget, of its own palette."""
    palette = label.palette()
    text = palette.color(QPalette.ColorRole.WindowText)
    return blended(text, palette.color(QPalette.ColorRole.Window), MUTED)
