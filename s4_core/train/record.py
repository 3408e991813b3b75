"""What a checkpoint tells of its making, and what a continued training takes over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import torch

import s4_core
from s4_core import nn
from s4_core.config import settings_from_plain, settings_to_plain
from s4_core.model_card import ModelCard
from s4_core.train.run import Run
from s4_core.types import Settings


def continued(settings: Settings, card: ModelCard) -> Settings:
    """`settings` with all that a checkpoint has fixed: bands, network, time axis, preset."""
    fixed = settings_from_plain(card.settings)
    return replace(
        settings,
        preset=fixed.preset,
        input=fixed.input,
        temporal=fixed.temporal,
        network=fixed.network,
    )


def pretrained_on(settings: Settings, card: ModelCard) -> Settings:
    """What `continued` gives, with how the checkpoint wants to be fine-tuned."""
    finetune = settings_from_plain(card.settings).finetune
    return replace(continued(settings, card), finetune=finetune)


def learned_before(settings: Settings, card: ModelCard) -> Settings:
    """What `continued` gives, with the pretraining that lies behind: the new card tells it too."""
    fixed = settings_from_plain(card.settings)
    return replace(continued(settings, card), pretrain=fixed.pretrain, loss=fixed.loss)


def identity(settings: Settings, part: str, inputs: Any) -> dict[str, Any]:
    """What must not change between a stopped training and its resumption.

    The number of epochs may (train longer), and so may device, precision and threads.

    Args:
        part: "pretrain" or "finetune", whose schedule counts; the other's does not.
        inputs: plain values that tell the inputs apart.
    """
    plain = settings_to_plain(settings)
    for other in ("runtime", "pretrain", "finetune"):
        if other != part:
            plain.pop(other)
    plain[part].pop("epochs")
    return {"settings": plain, "inputs": inputs}


def common_record(settings: Settings, run: Run, device: nn.DeviceChoice) -> dict[str, Any]:
    """What every training records of itself."""
    return {
        "epochs": run.epoch,
        "best_epoch": run.best_epoch,
        "seed": settings.seed,
        **made_by(device),
        "duration_s": round(run.seconds, 1),
    }


def made_by(device: nn.DeviceChoice) -> dict[str, str]:
    """Software and hardware of a training."""
    return {
        "software": f"s4_core {s4_core.__version__}",
        "torch": torch.__version__,
        "device": device.reason,
    }


def combined_simulated(parts: Iterable[str]) -> str:
    """`simulated` of a model from that of its parts: "no", "in part" or "only"."""
    kinds = set(parts)
    return kinds.pop() if len(kinds) == 1 else "in part"


def simulated_word(simulated: bool) -> str:
    """`simulated` of one area."""
    return "only" if simulated else "no"
