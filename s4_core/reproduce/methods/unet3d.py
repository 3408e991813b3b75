"""The 3D U-Net of S4 from random weights: what pretraining has to beat."""

from __future__ import annotations

from s4_core.nn import S4Network
from s4_core.reproduce.method import Method, Plan, PretrainTask, Reads, SegmentationModel
from s4_core.reproduce.methods.s4 import S4Model


def model(
    plan: Plan,
    modalities: Reads,
    task: PretrainTask | None,  # noqa: ARG001 - nothing is pretrained
) -> SegmentationModel:
    """S4's own network, untrained."""
    network = S4Network(plan.settings.network, {m: plan.channels[m] for m in modalities})
    return S4Model(network, modalities, plan.classes)


UNET3D = Method("unet3d", "Sup. (3D U-Net)", "S4's network from scratch (Garnot & Landrieu)", model)
