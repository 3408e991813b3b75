import pytest

from s4_qgis.panel.scores import ScoreBox, short_score, verdict


def record(scheme="leave-one-parcel-out", own=(0.6, 0.5, 0.7), rival=None, missing=()):
    def miou(numbers):
        return dict(zip(("value", "low", "high"), numbers))

    found = {"validation": {"scheme": scheme, "miou": miou(own), "not_assessable": list(missing)}}
    if rival:
        found["rival"] = {"name": "random forest", "scheme": scheme, "miou": miou(rival)}
    return found


def test_scores_are_told_with_spread_and_scheme():
    found = verdict(record(missing=["potato"]))
    assert [s.text for s in found.scores] == ["0.60 (0.50 to 0.70)"]
    assert "had not seen it" in found.sentences[0]
    assert found.sentences[-1] == "Not assessable (a single parcel): potato."
    assert short_score(record()) == "mean IoU 0.60 (0.50 to 0.70)"


def test_what_to_expect_of_other_parcels_is_a_range():
    found = record()
    found["validation"]["expected"] = {"low": 0.412, "high": 0.9}
    assert verdict(found).sentences[1].startswith("Expect 0.41 to 0.90 on other parcels")


@pytest.mark.parametrize(
    ("rival", "says"),
    [
        ((0.3, 0.2, 0.4), "S4 is clearly ahead"),
        ((0.55, 0.4, 0.65), "S4 is ahead on the same parcels, but the spreads overlap"),
        ((0.65, 0.4, 0.75), "The random forest is ahead on the same parcels, but"),
        ((0.9, 0.8, 0.95), "A random forest is clearly ahead"),
        ((0.9, None, None), "judged by the same parcels"),
    ],
)
def test_the_comparison_claims_no_more_than_the_spreads_allow(rival, says):
    found = verdict(record(rival=rival))
    assert [s.name for s in found.scores] == ["S4", "Random forest"]
    assert says in found.sentences[1]


def test_without_second_parcels_nothing_is_claimed():
    found = verdict(record(scheme="none", own=(None, None, None)))
    assert found.scores == ()
    assert "cannot be assessed" in found.sentences[0]
    assert short_score(record(scheme="none")) == "trained, not assessable"


def test_the_box_hides_without_a_record_and_draws_bars_with_one():
    box = ScoreBox()
    box.show_record({})
    assert box.isHidden()
    box.show_record(record(rival=(0.5, 0.4, 0.6)))
    assert not box.isHidden()
    box.resize(320, 160)
    image = box.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(320) for y in range(image.height())}
    assert {"#3d8bd4", "#8a8f98"} <= colours
