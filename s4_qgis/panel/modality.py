"""Step 2: optical, radar or both, and whether the model fits the images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QWidget,
)

from s4_core.errors import CheckpointError
from s4_core.model_card import ModelCard, read_card
from s4_qgis.i18n import tr
from s4_qgis.panel.model_fit import (
    BAD,
    DOUBTFUL,
    GOOD,
    Fit,
    first_choice,
    fits,
    images_of,
    used_images,
    why_not,
)
from s4_qgis.panel.notice import COLOURS, let_wrap
from s4_qgis.panel.state import SessionState
from s4_qgis.panel.steps import StepPage, StepState, hint
from s4_qgis.panel.timeline import Timeline
from s4_qgis.settings import PluginSettings
from s4_qgis.shipped import shipped_checkpoint

_SIGNS = {GOOD: "✓", DOUBTFUL: "!", BAD: "✗"}
_COLOURS = {GOOD: COLOURS["good"], DOUBTFUL: COLOURS["warning"], BAD: COLOURS["problem"]}
_WATCHED = ("info", "area", "init_model", "modality")


class ModalityPage(StepPage):
    """Choose the modality; shows what it uses and what the model expects of it."""

    key = "modality"

    def __init__(self, session: SessionState, iface: Any, parent: QWidget | None = None) -> None:
        self.title = tr("Modality")
        super().__init__(session, iface, parent)
        self._card: ModelCard | None = None
        self._card_of = ""
        self._empty = hint(tr("Read the images first: they decide what can be chosen."))
        self.choices = {
            "optical": QRadioButton(tr("&Optical")),
            "radar": QRadioButton(tr("&Radar")),
            "both": QRadioButton(tr("&Both")),
        }
        self._group = QButtonGroup(self)
        self._notes = {name: hint("") for name in self.choices}
        self._uses = QLabel()
        let_wrap(self._uses)
        self.timeline = Timeline()
        self.model = QLabel()
        let_wrap(self.model)
        self._inside = QWidget()
        self.table = FitTable()
        self._state_season = QPushButton(tr("Map this season all the same"))
        self._lay_out()
        for name, radio in self.choices.items():
            self._group.addButton(radio)
            radio.clicked.connect(lambda _=False, chosen=name: self._choose(chosen))
        self._state_season.clicked.connect(self._keep_season)
        session.changed.connect(self._session_changed)
        self.refresh()

    def state_of(self, session: SessionState) -> StepState:
        """Done when a modality is chosen that the model can read."""
        if not session.info:
            return StepState("todo", tr("After the images"))
        if not session.modality:
            return StepState("ready", tr("Choose optical or radar"))
        name = tr(session.modality)
        name = name[:1].upper() + name[1:]
        kinds = {fit.kind for fit in self.current_fits()}
        if BAD in kinds:
            return StepState("failed", tr("{modality}: does not fit").format(modality=name))
        if DOUBTFUL in kinds:
            return StepState("done", tr("{modality}: see the notes").format(modality=name))
        return StepState("done", tr("{modality}: fits the model").format(modality=name))

    def current_fits(self) -> tuple[Fit, ...]:
        """How the model fits the chosen modality."""
        session = self.session
        if self._card is None or not session.modality or not session.info:
            return ()
        stated = bool(session.area and session.area.season)
        return fits(self._card, session.info, session.modality, season_stated=stated)

    def refresh(self) -> None:
        """Show the session as it is now."""
        self._load_card()
        session, info = self.session, self.session.info
        is_ready = bool(info) and self._card is not None
        self._empty.setVisible(not info)
        self._inside.setVisible(is_ready)
        if not is_ready or self._card is None:
            self.offer_next("", "")
            return
        for name, radio in self.choices.items():
            reason = why_not(self._card, info, name)
            radio.setEnabled(not reason)
            count = len(images_of(info, name))
            self._notes[name].setText(reason or tr("{n} images").format(n=count))
        self._tick(session.modality)
        found = self.current_fits()
        self.table.show_fits(found)
        self._show_used()
        is_off = any(f.kind == BAD and f.what == tr("Season") for f in found)
        self._state_season.setVisible(is_off and bool(info.get("season")))
        can_go_on = bool(found) and BAD not in {f.kind for f in found}
        self.offer_next("labels", tr("Continue: labels") if can_go_on else "")

    def _lay_out(self) -> None:
        grid = QGridLayout(self._inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        for row, (name, radio) in enumerate(self.choices.items()):
            grid.addWidget(radio, row, 0)
            grid.addWidget(self._notes[name], row, 1)
        below = (self._uses, self.timeline, self.model, self.table, self._state_season)
        for row, part in enumerate(below, start=len(self.choices)):
            grid.addWidget(part, row, 0, 1, 2)
        self.body.addWidget(self._empty)
        self.body.addWidget(self._inside)

    def _session_changed(self, name: str) -> None:
        if name not in _WATCHED:
            return
        self.refresh()
        session = self.session
        if name == "info" and session.info and self._card is not None:
            is_possible = session.modality and not why_not(
                self._card, session.info, session.modality
            )
            if not is_possible:
                preferred = PluginSettings().modality
                session.modality = first_choice(self._card, session.info, preferred)
        self.summary_changed.emit()

    def _choose(self, name: str) -> None:
        self.session.modality = name

    def _keep_season(self) -> None:
        area, season = self.session.area, self.session.info.get("season")
        if area is not None and season:
            self.session.area = replace(area, season=f"{season[0]}:{season[1]}")

    def _tick(self, chosen: str) -> None:
        self._group.setExclusive(False)  # else the last tick cannot be taken away
        for name, radio in self.choices.items():
            radio.setChecked(name == chosen)
        self._group.setExclusive(True)

    def _show_used(self) -> None:
        info, choice = self.session.info, self.session.modality
        used = used_images(info, choice) if choice else []
        self.timeline.setVisible(bool(used))
        self._uses.setVisible(bool(choice))
        if not choice:
            return
        left_out = len(images_of(info, choice)) - len(used)
        text = tr("Uses {n} images of the season.").format(n=len(used))
        if left_out:
            text += " " + tr("{n} lie outside of it.").format(n=left_out)
        self._uses.setText(text)
        self.timeline.show_info({**info, "acquisitions": used})

    def _load_card(self) -> None:
        """Read what the model says of itself, when another one was chosen."""
        path = self.session.init_model
        try:
            path = path or str(shipped_checkpoint())
            if path != self._card_of or self._card is None:
                self._card = read_card(path)
                self._card_of = path
                self.notice.clear()
        except CheckpointError as error:
            self._card, self._card_of = None, ""
            self.show_error(error)
        shipped = "" if self.session.init_model else " " + tr("(comes with the plugin)")
        self.model.setText(
            tr("What the model {name}{origin} expects:").format(
                name=Path(path).stem, origin=shipped
            )
        )


class FitTable(QLabel):
    """A row for each expectation: a sign and its name, what there is, what is expected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)
        let_wrap(self)
        self.rows: list[tuple[str, ...]] = []

    def show_fits(self, found: Sequence[Fit]) -> None:
        """Show these instead of what was shown."""
        self.rows = [(_SIGNS[f.kind], f.what, f.expected, f.found) for f in found]
        self.setText(f"<table cellspacing='0' cellpadding='3'>{''.join(map(_row, found))}</table>")


def _row(fit: Fit) -> str:
    sign = f"<b style='color: {_COLOURS[fit.kind]}'>{_SIGNS[fit.kind]}</b>"
    what, found, expected = (escape(text) for text in (fit.what, fit.found, fit.expected))
    there = tr("{what}: {found}").format(what=f"<b>{what}</b>", found=found)
    said = f"{there}<br>{tr('expected: {what}').format(what=expected)}"
    return f"<tr><td>{sign}</td><td>{said}</td></tr>"
