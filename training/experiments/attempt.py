"""What an attempt is, and the groups that its page shows them in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from training.experiments.judging import Method
from training.experiments.scenes import NETWORK, WORK

FORMER = WORK / "former.safetensors"
"""The file shipped until its metric learned without dropout: `git show
8f60bc9:resources/checkpoints/s4-field.safetensors` writes it."""

READOUT = "How dates are read out"
PRETRAINING = "How the network is pretrained"
RIVALS = "What a user would otherwise use, and the product before the metric"
METRIC = "The parcel metric and its controls"
TRAINING = "How the metric is trained"
CLASSIFIER = "What classifies in the metric's embedding"
AROUND = "Unlabelled pixels, neighbours, several looks"
AREA = "Fitted to the area's own images, without labels"


@dataclass(frozen=True)
class Attempt:
    """One way to make maps from a few parcels.

    Args:
        group: heading of its table.
        says: what it is, a line.
        method: classes of every pixel of a scene.
        baselines: attempts that it is compared with.
        verdict: what it means; empty as long as nobody has looked.
        init: the file of the network whose features a scene has.
        confirms: measured on the areas that chose nothing, too.
    """

    name: str
    group: str
    says: str
    method: Method
    baselines: tuple[str, ...] = ()
    verdict: str = ""
    init: Callable[[], Path] = lambda: NETWORK
    confirms: bool = False
