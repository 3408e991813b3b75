import pytest

from training.experiments.results import compared, difference, summary, word_of

GOOD = {f"a{i}": {"optical": 0.8 + i / 100, "radar": 0.6, "vote": 0.9} for i in range(4)}
POOR = {f"a{i}": {"optical": 0.6 + i / 100, "radar": 0.4, "vote": 0.5} for i in range(4)}


def test_means_are_over_areas():
    found = summary(GOOD)
    assert found["optical"] == pytest.approx(0.815)
    assert found["radar"] == pytest.approx(0.6)
    assert found["mean"] == pytest.approx((0.815 + 0.6) / 2)
    assert found["vote"] == pytest.approx(0.9)
    assert found["by_area"] == GOOD


def test_differences_are_paired_by_area():
    # areas differ much, the difference does not
    found = difference(GOOD, POOR)
    assert found["mean"] == pytest.approx(0.2)
    assert found["low"] == pytest.approx(found["high"])
    assert found["areas"] == 4


def test_areas_that_one_of_both_lacks_do_not_count():
    fewer = {name: GOOD[name] for name in ("a0", "a1")}
    assert difference(fewer, POOR)["areas"] == 2


def test_attempts_are_compared_with_the_baselines_that_ran_on_the_same_areas():
    def entry(**areas):
        return {"areas": {name: summary(by_area) for name, by_area in areas.items()}}

    attempts = {
        "good": entry(development=GOOD, confirmation=GOOD),
        "poor": entry(development=POOR),
    }
    found = compared({"attempts": attempts}, {"good": ("poor", "missing")})["attempts"]
    areas = found["good"]["areas"]
    assert list(areas["development"]["differences"]) == ["poor"]
    assert areas["development"]["differences"]["poor"]["mean"] == pytest.approx(0.2)
    assert areas["confirmation"]["differences"] == {}
    assert found["poor"]["areas"]["development"]["differences"] == {}


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [(0.01, 0.1, "better"), (-0.1, -0.01, "worse"), (-0.01, 0.1, "no difference found")],
)
def test_an_interval_that_holds_zero_says_nothing(low, high, word):
    assert word_of({"low": low, "high": high}) == word
