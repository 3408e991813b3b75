"""From an area and a fine-tuned model to a class map with its confidence."""

from s4_core.infer.areas import ClassArea
from s4_core.infer.decisions import device_for
from s4_core.infer.outputs import ParcelClass
from s4_core.infer.planning import MapPlan, plan_map
from s4_core.infer.result import SegmentResult
from s4_core.infer.segment import segment
from s4_core.infer.tiling import Tile, TilePlan, plan_tiles

__all__ = [
    "ClassArea",
    "MapPlan",
    "ParcelClass",
    "SegmentResult",
    "Tile",
    "TilePlan",
    "device_for",
    "plan_map",
    "plan_tiles",
    "segment",
]
