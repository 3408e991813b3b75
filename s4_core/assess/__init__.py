"""How good a map is, from counts alone: scores, calibration, spreads, areas. No rasters here."""

from s4_core.assess.calibration import CalibrationBins, expected_calibration_error
from s4_core.assess.confusion import confusion, parcel_counts, summed
from s4_core.assess.sampling import DESIGNS, AdjustedAreas, Estimate, NoInterval, area_adjusted
from s4_core.assess.scores import (
    f1,
    iou,
    mean_iou,
    overall_accuracy,
    precision,
    present,
    recall,
)
from s4_core.assess.spread import parcel_bootstrap

__all__ = [
    "DESIGNS",
    "AdjustedAreas",
    "CalibrationBins",
    "Estimate",
    "NoInterval",
    "area_adjusted",
    "confusion",
    "expected_calibration_error",
    "f1",
    "iou",
    "mean_iou",
    "overall_accuracy",
    "parcel_bootstrap",
    "parcel_counts",
    "precision",
    "present",
    "recall",
    "summed",
]
