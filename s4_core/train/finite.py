"""A training that has lost its numbers stops and says where."""

from __future__ import annotations

import math

from torch import Tensor

from s4_core.errors import TrainingError


def check_finite(loss: Tensor, epoch: int, step: int, key: str) -> float:
    """The value of a loss.

    Args:
        epoch, step: counted from 0.
        key: settings group of the schedule, "pretrain" or "finetune", for the remedy.

    Raises:
        TrainingError: it is infinite or not a number.
    """
    value = float(loss.item())
    if math.isfinite(value):
        return value
    raise TrainingError(
        f"The loss became {value} in epoch {epoch + 1}, step {step + 1}.",
        f"Lower {key}.learning_rate, set runtime.precision to fp32, and check the images' values "
        "(`s4 info`).",
    )
