"""Gaps, months and the drawing of an area's dates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from qgis.PyQt.QtCore import QPointF

from s4_qgis.panel.timeline import Gap, Mark, Timeline, counts_text, gaps, marks_of, months


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_gaps_are_times_without_a_usable_image() -> None:
    marks = [
        Mark(day("2019-01-01"), 1.0),
        Mark(day("2019-01-20"), 0.49),  # clouded: shortens no gap
        Mark(day("2019-02-05"), 0.5),
        Mark(day("2019-03-07"), 1.0),  # 30 days later: not longer than 30
    ]
    assert gaps(marks, None) == (Gap(day("2019-01-01"), day("2019-02-05")),)
    assert gaps(marks, None)[0].days == 35


def test_a_season_has_gaps_at_its_ends_and_nothing_outside_matters() -> None:
    marks = [Mark(day("2018-06-01"), 1.0), Mark(day("2019-02-15"), 1.0)]
    season = (day("2019-01-01"), day("2019-04-01"))
    assert [gap.days for gap in gaps(marks, season)] == [45, 45]
    assert [gap.days for gap in gaps([], season)] == [90]


def test_months_between_two_days() -> None:
    assert months(day("2018-11-02"), day("2019-01-01")) == [day("2018-12-01"), day("2019-01-01")]


def test_marks_come_from_the_info(info: dict[str, Any]) -> None:
    optical = marks_of(info, "optical")
    assert len(optical) == sum(i["modality"] == "optical" for i in info["acquisitions"]) == 10
    assert optical[0].day == day("2018-10-19")
    assert optical[0].usable == 0.0
    assert optical[0].tip == "2018-10-19 · optical\n100 % cloud, 0 % usable"
    assert counts_text(info["acquisitions"]) == "10 optical, 12 radar"


def test_the_drawing(info: dict[str, Any]) -> None:
    timeline = Timeline()
    timeline.show_info(info)
    timeline.resize(400, timeline.sizeHint().height())
    first, last = timeline.span() or (date.min, date.min)
    assert first < day("2018-10-15")
    assert last > day("2019-10-31")
    mark = timeline.marks["radar"][3]
    assert (
        timeline.mark_at(QPointF(timeline.position(mark.day), timeline._row(1).center().y()))
        == mark
    )
    assert (
        timeline.mark_at(QPointF(timeline.position(first), timeline._row(1).center().y())) is None
    )
    labels = timeline._month_labels(months(first, last))
    assert any(text.endswith("2019") for _, text in labels)
    image = timeline.grab().toImage()
    colours = {
        image.pixelColor(x, y).name() for x in range(0, 400, 2) for y in range(0, image.height(), 2)
    }
    assert "#3d8bd4" in colours  # radar is always usable
    assert "optical: 10 images" in timeline.accessibleDescription()


def test_months_are_in_the_language_of_the_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("s4_qgis.panel.timeline.QgsApplication.locale", lambda: "fr")
    assert Timeline()._month_label(day("2019-01-01"), with_year=True) == "janv. 2019"


def test_nothing_to_draw() -> None:
    timeline = Timeline()
    timeline.show_info({})
    assert timeline.span() is None
    assert timeline.grab().width() > 0
    one = {"date": "2019-01-01", "modality": "radar", "valid_share": 1.0, "cloud_share": None}
    timeline.show_info({"acquisitions": [one]})
    assert timeline.span() == (day("2019-01-01") - timedelta(2), day("2019-01-01") + timedelta(2))
    assert timeline.grab().width() > 0
