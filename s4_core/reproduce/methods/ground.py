"""S4 whose contrast cannot be solved by the place in the patch: what is left is the ground.

A convolution that pads with zeros tells how far a pixel is from the border of the patch, and both
modalities of a site are equally far. In the paper's patches of 128 px most sites are far from it;
in small ones S4 learns the place and nothing else (`training.place_study`). Here convolutions
repeat the outermost pixels instead, the temperature is that of the preset `field`, at which a
site's near misses count more than the many others, and pretraining takes four times as long: at
scale `small` it learns the ground by all three together and by none without the others.
"""

from __future__ import annotations

from dataclasses import replace

from torch import nn

from s4_core.reproduce.method import Plan, PretrainTask
from s4_core.reproduce.methods.s4 import S4, S4Task
from s4_core.types import LossSettings, Modality


def without_border(network: nn.Module) -> None:
    """Let every convolution repeat the outermost pixels and dates instead of adding zeros."""
    for layer in network.modules():
        if isinstance(layer, nn.Conv3d):
            layer.padding_mode = "replicate"


TEMPERATURE = LossSettings().temperature


def task(
    plan: Plan,
    modality: Modality,  # noqa: ARG001 - one task serves both
    *,
    temperature: float = TEMPERATURE,
    border: bool = False,
) -> PretrainTask:
    """The pretraining task; the weight of reconstruction stays the paper's."""
    made = S4Task(plan, replace(plan.settings.loss, temperature=temperature), "conv3d")
    if not border:
        without_border(made.network)
    return made


GROUND = replace(
    S4,
    key="s4-ground",
    label="S4, no border to read",
    about="S4 with patches padded by repetition, tau 0.1, four times the epochs of pretraining",
    task=task,
    pretrain_times=4,
)
