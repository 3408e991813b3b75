from __future__ import annotations

import numpy as np
import pytest

from s4_core.assess import CalibrationBins, expected_calibration_error


def test_error_by_hand():
    # bin (0.6, 0.667]: confidence 0.65, 1 of 2 right; bin (0.933, 1]: confidence 0.95, 2 of 2
    confidence = np.array([0.65, 0.65, 0.95, 0.95])
    correct = np.array([True, False, True, True])
    expected = (2 * abs(0.5 - 0.65) + 2 * abs(1.0 - 0.95)) / 4
    assert expected_calibration_error(confidence, correct) == pytest.approx(expected)


def test_windows_add_up_to_the_whole():
    random = np.random.default_rng(0)
    confidence = random.random((40, 30)).astype(np.float32)
    correct = random.random((40, 30)) < confidence
    table = CalibrationBins()
    for row in range(0, 40, 7):
        table.add(confidence[row : row + 7], correct[row : row + 7])
    assert table.error == pytest.approx(expected_calibration_error(confidence, correct))
    assert sum(row["pixels"] for row in table.table()) == 1200
    assert table.error < 0.06  # drawn to be calibrated


def test_error_is_that_of_torchmetrics():
    torch = pytest.importorskip("torch")
    from torchmetrics.functional.classification import multiclass_calibration_error

    random = np.random.default_rng(1)
    probabilities = random.dirichlet([0.4, 0.4, 0.4], 800).astype(np.float32)
    reference = random.integers(0, 3, 800)
    theirs = multiclass_calibration_error(
        torch.tensor(probabilities), torch.tensor(reference), num_classes=3, n_bins=15
    ).item()
    ours = expected_calibration_error(probabilities.max(1), probabilities.argmax(1) == reference)
    assert ours == pytest.approx(theirs, abs=1e-5)


def test_pixels_without_confidence_do_not_count():
    table = CalibrationBins()
    table.add(np.array([np.nan, 0.0, 1.0]), np.array([True, False, True]))
    assert [row["pixels"] for row in table.table()] == [1, 1]
    assert table.error == 0.0
    assert np.isnan(CalibrationBins().error)
