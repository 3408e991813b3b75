"""What a search found, before anything is downloaded: dates, clouds, sizes, and doubts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from s4_core.phrases import file_size
from s4_qgis.catalogues import known_catalogues
from s4_qgis.i18n import tr
from s4_qgis.panel.notice import let_wrap
from s4_qgis.panel.timeline import Timeline, counts_text, percent
from s4_qgis.panel.warnings_list import WarningsList

MOST_ROWS = 8


class PlanView(QWidget):
    """A plan as the engine tells it; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plan: dict[str, Any] = {}
        self.headline = QLabel()
        let_wrap(self.headline)
        self.timeline = Timeline()
        self.table = _table()
        self.warnings = WarningsList()
        self.large = QCheckBox(tr("Download it although it is large"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (self.headline, self.timeline, self.warnings, self.table, self.large):
            column.addWidget(part)
        self.hide()

    def show_plan(self, plan: Mapping[str, Any]) -> None:
        """Show what there is; {} hides it."""
        self.plan = dict(plan)
        self.setVisible(bool(plan))
        self.headline.setText(plan_text(plan) if plan else "")
        self.timeline.show_info(as_info(plan) if plan else {})
        self.warnings.say(doubts(plan) if plan else [])
        self.large.setChecked(False)
        self.large.setVisible(bool(plan.get("is_huge")))
        self.table.clear()
        self.table.addTopLevelItems(_items(plan))
        rows = min(max(self.table.topLevelItemCount(), 2), MOST_ROWS)
        line = self.table.fontMetrics().height() + 4
        self.table.setFixedHeight((rows + 1) * line + 10)

    def may_begin(self) -> bool:
        """Whether there is something to download, room for it, and the user wants it."""
        return (
            bool(todo(self.plan))
            and bool(self.plan.get("has_room"))
            and (not self.plan.get("is_huge") or self.large.isChecked())
        )


def todo(plan: Mapping[str, Any]) -> int:
    """Images that are not there yet."""
    return sum(not image["is_there"] for image in plan.get("images", ()))


def plan_text(plan: Mapping[str, Any]) -> str:
    """What there is and what it costs, in a few lines."""
    images = plan["images"]
    days = sorted(image["date"] for image in images)
    lines = [
        tr("{images}, {first} to {last}").format(
            images=counts_text(images), first=days[0], last=days[-1]
        )
    ]
    for part in plan["modalities"]:
        grid = part["grid"]
        text = tr("{modality}: {source}, {width} × {height} px of {pixel:g} m").format(
            modality=tr(part["modality"]),
            source=source_text(part["source"]),
            width=grid["width"],
            height=grid["height"],
            pixel=grid["pixel_size"][0],
        )
        orbits = _orbits(images) if part["modality"] == "radar" else ()
        more = (part["backscatter"], *map(orbit_text, orbits))
        lines.append(", ".join(filter(None, (text, *more))))
    there = len(images) - todo(plan)
    if there:
        lines.append(tr("{n} of them are there already").format(n=there))
    cost = tr("To download: about {download}. On the disk: up to {disk}, {free} are free.")
    sizes = {name: file_size(plan[f"{name}_bytes"]) for name in ("download", "disk", "free")}
    return "\n".join([*lines, cost.format(**sizes)])


def doubts(plan: Mapping[str, Any]) -> list[str]:
    """What speaks against it, the gravest first; what was left out last."""
    texts = []
    if not plan["has_room"]:
        texts.append(tr("The disk has too little room for it."))
    if plan["is_huge"]:
        texts.append(tr("This is a large download: it takes long, and much of the disk."))
    texts += plan["warnings"]
    reasons = Counter(str(entry["reason"]) for entry in plan["left_out"])
    left_out = tr("{n} left out: {reason}")
    texts += [left_out.format(n=n, reason=reason) for reason, n in reasons.most_common()]
    unknown = tr("Not recognised: {file}. {reason}")
    for entry in plan.get("not_recognised", ()):
        name = str(entry["path"]).replace("\\", "/").rpartition("/")[2]
        texts.append(unknown.format(file=name, reason=entry["reason"]))
    return texts


def as_info(plan: Mapping[str, Any]) -> dict[str, Any]:
    """The plan as the timeline reads what the info job finds; the clouds are the scenes'."""
    return {
        "season": str(plan["season"]).split(":"),
        "acquisitions": [{**image, "valid_share": expected(image)} for image in plan["images"]],
    }


def expected(image: Mapping[str, Any]) -> float:
    """The share of the area that will probably be usable."""
    return float(image["covered_share"]) * (1.0 - (image["cloud_share"] or 0.0))


def _table() -> QTreeWidget:
    table = QTreeWidget()
    table.setHeaderLabels([tr("Date"), tr("Modality"), tr("Cloud"), tr("Covered")])
    table.setRootIsDecorated(False)
    for column in (2, 3):
        table.headerItem().setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
    table.setAlternatingRowColors(True)
    table.setSortingEnabled(True)
    table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.setAccessibleName(tr("Images that were found"))
    return table


class _Row(QTreeWidgetItem):
    """An image that is sorted by its values, not by how they are written."""

    def __init__(self, texts: Sequence[str], ranks: Sequence[Any]) -> None:
        super().__init__(list(texts))
        self.ranks = ranks

    def __lt__(self, other: Any) -> bool:
        column = self.treeWidget().sortColumn()
        return bool(self.ranks[column] < other.ranks[column])


def _items(plan: Mapping[str, Any]) -> list[QTreeWidgetItem]:
    """Rows of the table; the orbit stands in them where there are two."""
    images = plan.get("images", ())
    with_orbit = len(_orbits(images)) > 1
    return [_item(image, orbit_text(image["orbit"]) if with_orbit else "") for image in images]


def _orbits(images: Sequence[Mapping[str, Any]]) -> list[str]:
    return sorted({str(image["orbit"]) for image in images if image["orbit"]})


def orbit_text(orbit: object) -> str:
    """A direction of flight; "" where there is none."""
    return {"ascending": tr("ascending"), "descending": tr("descending")}.get(str(orbit), "")


def source_text(source: str) -> str:
    """A catalogue's title; of an address its server."""
    titles = {known.name: known.title for known in known_catalogues()}
    return titles.get(source) or urlsplit(source).netloc or source


def _item(image: Mapping[str, Any], orbit: str) -> QTreeWidgetItem:
    kind = tr(str(image["modality"]))
    shares = (percent(image["cloud_share"]), percent(image["covered_share"]))
    day = f"{image['date']} ✓" if image["is_there"] else str(image["date"])
    texts = (day, f"{kind}, {orbit}" if orbit else kind, *shares)
    cloud = -1.0 if image["cloud_share"] is None else image["cloud_share"]
    order = (image["date"], image["modality"], image["orbit"] or "")
    item = _Row(texts, (order, order[1:], cloud, image["covered_share"]))
    for column in (2, 3):
        item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    there = [tr("There already")] if image["is_there"] else []
    for column in range(len(texts)):
        item.setToolTip(column, "\n".join([*there, *map(str, image["items"])]))
    return item
