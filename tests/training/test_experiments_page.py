import json
import re

from training.experiments.attempts import ATTEMPTS
from training.experiments.results import summary
from training.experiments_page import commands, confirmed, looks, row, tables

BY_AREA = {"a": {"optical": 0.7, "radar": 0.5, "vote": 0.8}}
SURE = {"mean": 0.05, "low": 0.01, "high": 0.09, "areas": 1}


def make_document(*names, areas=("development",)):
    outcome = {**summary(BY_AREA), "differences": {}}
    entries = {
        name: {
            "command": f"python -m training.experiments {name}",
            "seed": 0,
            "areas": {a: outcome for a in areas},
        }
        for name in names
    }
    return {"attempts": entries}


def test_baselines_are_attempts_and_verdicts_hold_no_numbers():
    for attempt in ATTEMPTS.values():
        assert set(attempt.baselines) <= set(ATTEMPTS), attempt.name
        assert not re.search(r"\d", attempt.verdict.replace("S4", "")), attempt.name


def test_attempts_that_did_not_run_are_not_listed():
    document = make_document("metric", "raw-forest")
    page = tables(document)
    assert page.count("| `") == 2
    assert "`metric`" in page
    assert "raw-logistic`" not in page
    assert commands(document).count("python -m") == 2


def test_a_row_has_the_numbers_and_what_the_interval_says():
    document = make_document("raw-forest")
    outcome = document["attempts"]["raw-forest"]["areas"]["development"]
    outcome["differences"] = {"raw-logistic": SURE}
    found = row(document, ATTEMPTS["raw-forest"], "development")
    assert "| 0.600 | 0.700 | 0.500 | 0.800 |" in found
    assert "+0.050 (+0.010 to +0.090) to `raw-logistic`: better |" in found


def test_what_was_measured_elsewhere_is_not_among_the_confirmed():
    document = make_document("metric", areas=("development", "confirmation"))
    document["attempts"].update(make_document("raw-forest")["attempts"])
    assert "`metric`" in confirmed(document)
    assert "raw-forest" not in confirmed(document)


def test_looks_are_counted_with_their_numbers(tmp_path):
    first = {"date": "2026-01-01", "by": "one", "saw": "All.", "consequence": "None."}
    method = {"mean": 0.4, "mean_vote": 0.5, "ece": 0.2}
    result = {
        "methods": {"s4": method},
        "by_modality": {
            m: {"methods": {"s4": {**method, "mean": 0.3}}} for m in ("optical", "radar")
        },
        "areas": [{"name": "here"}, {"name": "there"}],
        "best_rival": "rf",
        "difference": SURE,
    }
    (tmp_path / "numbers.json").write_text(json.dumps(result))
    listed = [first, {**first, "result": "numbers.json"}]
    (tmp_path / "looks.json").write_text(json.dumps(listed))
    page = looks(tmp_path)
    assert page.startswith("1. **2026-01-01, one.** All.")
    assert "2. **2026-01-01" in page
    assert "| s4 | 0.400 | 0.300 | 0.300 | 0.500 | 0.200 |" in page
    assert "On here and there: s4 minus rf, the best rival: +0.050 (+0.010 to +0.090)." in page
