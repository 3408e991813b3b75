"""The page of the studies: what is said follows from the numbers."""

from __future__ import annotations

import pytest

from training.robustness_page import (
    painted_lines,
    radar_lines,
    require_alike,
    sentences,
    since,
    table,
    told,
    verdict,
    year_sentences,
)


def difference(mean, half):
    return {"mean": mean, "low": mean - half, "high": mean + half}


def point(condition, lead, half=0.05):
    methods = {"s4": {"mean": 0.5 + lead}, "rf": {"mean": 0.5}}
    return {
        "condition": condition,
        "methods": methods,
        "differences": {"rf": {"miou": difference(lead, half)}},
    }


@pytest.fixture
def result():
    curve = {
        "points": [point(0.1, 0.02), point(0.5, 0.1), point(0.9, 0.3)],
        "overall": {"rf": {**difference(0.14, 0.1), "areas": 8}},
        "trends": {"rf": {**difference(0.28, 0.1), "areas": 8, "from": 0.1, "to": 0.9}},
    }
    hidden = [
        {"area": area, "condition": at, "share": at + more}
        for at in (0.1, 0.5, 0.9)
        for area, more in (("a", 0.0), ("b", 0.04))
    ]
    return {"curves": {"optical": curve}, "hidden": hidden}


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.01, 0.2, "ahead"),
        (-0.2, -0.01, "behind"),
        (-0.01, 0.2, "no difference found"),
        (0.0, 0.2, "no difference found"),
        (None, None, "too few areas for an interval"),
    ],
)
def test_the_interval_decides(low, high, expected):
    assert verdict({"mean": 0.1, "low": low, "high": high}) == expected


def test_a_difference_without_interval_is_a_number_alone():
    assert told({"mean": -0.1234, "low": None, "high": None}) == "-0.123"
    assert told(difference(0.1, 0.05)) == "+0.100 (+0.050 to +0.150)"


def test_the_table_has_a_row_a_condition(result):
    lines = table(result, "clouds").splitlines()
    assert lines[0] == "| optical: clouds | hidden | s4 | rf | s4 - rf |"
    assert lines[3] == "| 0.5 | 0.50 to 0.54 | 0.600 | 0.500 | +0.100 (+0.050 to +0.150) |"
    assert len(lines) == 5


def test_sentences_name_where_and_whether_it_changes(result):
    assert sentences(result) == (
        "- optical, s4 against rf: no difference found at 0.1; ahead at 0.5, 0.9. From 0.1 to 0.9 "
        "the lead grows: +0.280 (+0.180 to +0.380)."
    )
    assert not sentences(result, leave_out=["rf"])


def test_paint_is_told_as_its_own_gain(result):
    curve = result["curves"]["optical"]
    # s4 minus s4-painted: the paint helps overall, nothing is found under the last sky
    curve["overall"] = {"s4-painted": difference(-0.04, 0.02)}
    curve["points"][-1]["differences"] = {"s4-painted": {"miou": difference(0.01, 0.05)}}
    result["about"] = {"s4-painted": {"copies": 2, "overcast": 0.25, "broken": 0.25}}
    said = painted_lines(result)
    assert "mean of all skies on simulated areas: +0.040 (+0.020 to +0.060)" in said
    assert "cloudiest sky: -0.010 (-0.060 to +0.040)" in said
    assert "it helps overall, no difference found under the cloudiest sky" in said


def test_radar_that_depends_on_the_sky_is_not_told(result):
    result["curves"]["radar"] = {"points": [point(0.1, 0.1)]}
    result["radar_unaffected"] = {"area": "a", "compared": ["rf", "s4"], "equal": True}
    assert "s4 0.600, rf 0.500" in radar_lines(result)
    result["radar_unaffected"]["equal"] = False
    with pytest.raises(SystemExit, match="depend on the sky"):
        radar_lines(result)


def test_results_of_two_checkpoints_or_mixed_up_ones_are_refused():
    one = {"k": [1], "splits": 5, "checkpoint": {"sha256": "a"}}
    kinds = [True, False, True, False]
    require_alike([{**one, "simulated": kind} for kind in kinds])
    with pytest.raises(SystemExit, match="mixed up"):
        require_alike([{**one, "simulated": kind} for kind in reversed(kinds)])
    other = [{**one, "simulated": kind} for kind in kinds]
    other[2]["checkpoint"] = {"sha256": "b"}
    with pytest.raises(SystemExit, match="differ"):
        require_alike(other)


def test_the_season_before_is_judged_by_its_intervals():
    points = [
        {"cloudiness": at, "means": {"s4": 0.5, "both": 0.5 + gain}, "gains": {"both": found}}
        for at, gain, found in (
            (0.4, -0.1, difference(-0.1, 0.05)),
            (0.7, 0.01, difference(0.01, 0.05)),
            (0.9, 0.2, difference(0.2, 0.05)),
        )
    ]
    told = year_sentences({"baselines": {"both": "s4"}, "points": points})
    assert told == "- both: harms at 0.4; no difference found at 0.7; helps at 0.9."


def test_the_page_says_where_the_shipped_file_is_another():
    assert since("abc", "abc") == ""
    assert "not the file that is shipped now (`123456789012`)" in since("abc", "123456789012345")
