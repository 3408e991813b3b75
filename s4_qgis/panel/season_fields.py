"""First and last day of the season; empty fields mean "as the images' folder says"."""

from __future__ import annotations

from datetime import date

from qgis.gui import QgsDateEdit
from qgis.PyQt.QtCore import QDate, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QWidget

from s4_qgis.i18n import tr


class SeasonFields(QWidget):
    """Emits `edited()` when the user changed a day.

    Args:
        is_required: the fields say what belongs into them, where they are empty.
    """

    edited = pyqtSignal()

    def __init__(self, parent: QWidget | None = None, *, is_required: bool = False) -> None:
        super().__init__(parent)
        none = tr("not stated")
        self._none = (tr("First day"), tr("Last day")) if is_required else (none, none)
        self.start, self.end = _date_edit(), _date_edit()
        self.start.setAccessibleName(tr("First day of the season"))
        self.end.setAccessibleName(tr("Last day of the season"))
        self.is_stated = False
        self._is_showing = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        if not is_required:
            label = QLabel(tr("Season"))
            label.setBuddy(self.start)
            row.addWidget(label)
        row.addWidget(self.start, 1)
        row.addWidget(QLabel("–"))
        row.addWidget(self.end, 1)
        for edit in (self.start, self.end):
            edit.dateValueChanged.connect(self._edit)
        self.show_days(None, stated=False)

    def text(self) -> str:
        """The season that the user stated, as `START:END`; "" where nobody did, or only half."""
        days = self.days()
        return f"{days[0]}:{days[1]}" if self.is_stated and days else ""

    def days(self) -> tuple[str, str] | None:
        """Both days as ISO dates; None while one is missing or they are in the wrong order."""
        if self.start.isNull() or self.end.isNull() or self.end.date() <= self.start.date():
            return None
        return tuple(e.date().toString(Qt.DateFormat.ISODate) for e in (self.start, self.end))

    def is_reversed(self) -> bool:
        """Whether the season would end before it starts."""
        is_whole = not self.start.isNull() and not self.end.isNull()
        return is_whole and self.end.date() <= self.start.date()

    def show_days(self, days: tuple[str, str] | None, *, stated: bool) -> None:
        """Show a season, of the user or of the folder, without telling it."""
        self.is_stated = stated and days is not None
        self._is_showing = True  # the fields need their own signals to show that they are empty
        edits = (self.start, self.end)
        for edit, day, none in zip(edits, days or ("", ""), self._none):
            if day:
                found = date.fromisoformat(day)
                edit.setDate(QDate(found.year, found.month, found.day))
            else:
                edit.clear()
                edit.setNullRepresentation(none)  # else it shows today, in gray
        self._is_showing = False

    def _edit(self, *_: object) -> None:
        if self._is_showing:
            return
        self.is_stated = not (self.start.isNull() and self.end.isNull())
        self.edited.emit()


def _date_edit() -> QgsDateEdit:
    edit = QgsDateEdit()
    edit.setAllowNull(True)
    edit.setDisplayFormat("yyyy-MM-dd")
    edit.setCalendarPopup(True)
    edit.clear()
    return edit
