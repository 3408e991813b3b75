"""What a stopped training run needs to go on bit for bit: weights, optimizer, random state.

One `.safetensors` file: tensors `module.*`, `optimizer.<parameter>.<name>`, `random.<device>`;
the optimizer's numbers and the caller's own as JSON in the header, key `s4_training`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from s4_core.errors import CheckpointError
from s4_core.nn.tensors import read_tensors, write_tensors

_KEY = "s4_training"
_AGAIN = "Start the training again without --resume."


def save_training_state(
    path: str | Path, module: nn.Module, optimizer: Optimizer, extra: dict[str, Any]
) -> None:
    """Write all of it, aside and renamed.

    Args:
        extra: the caller's own plain values (epoch, best score, numpy generator state).

    Raises:
        OutputError: the file cannot be written.
    """
    state = optimizer.state_dict()
    tensors = {f"module.{name}": tensor for name, tensor in module.state_dict().items()}
    numbers: dict[str, dict[str, Any]] = {}
    for index, entries in state["state"].items():
        for name, value in entries.items():
            if isinstance(value, Tensor):
                tensors[f"optimizer.{index}.{name}"] = value
            else:
                numbers.setdefault(str(index), {})[name] = value
    tensors["random.cpu"] = torch.get_rng_state()
    if torch.cuda.is_available():
        tensors["random.cuda"] = torch.cuda.get_rng_state()
    record = {"groups": state["param_groups"], "numbers": numbers, "extra": extra}
    write_tensors(Path(path), tensors, {_KEY: json.dumps(record)})


def load_training_state(
    path: str | Path, module: nn.Module, optimizer: Optimizer
) -> dict[str, Any]:
    """Put `module`, `optimizer` and torch's random state back; the caller's `extra`.

    Raises:
        CheckpointError: not such a file, or of another network or optimizer.
    """
    tensors, metadata = read_tensors(Path(path))
    try:
        record = json.loads(metadata[_KEY])
        module.load_state_dict(_under("module.", tensors))
        optimizer.load_state_dict(_optimizer_state(record, _under("optimizer.", tensors)))
        torch.set_rng_state(tensors["random.cpu"])
        extra: dict[str, Any] = record["extra"]
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise CheckpointError(
            f"{path} is not the state of this training run: {error}.", _AGAIN
        ) from error
    if torch.cuda.is_available() and "random.cuda" in tensors:
        torch.cuda.set_rng_state(tensors["random.cuda"])
    return extra


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {n[len(prefix) :]: t for n, t in tensors.items() if n.startswith(prefix)}


def _optimizer_state(record: dict[str, Any], tensors: dict[str, Tensor]) -> dict[str, Any]:
    state: dict[int, dict[str, Any]] = {
        int(index): dict(values) for index, values in record["numbers"].items()
    }
    for key, tensor in tensors.items():
        index, name = key.split(".", 1)
        state.setdefault(int(index), {})[name] = tensor
    # JSON knows no tuples: Adam's betas come back as a list
    groups = [
        {k: tuple(v) if k == "betas" else v for k, v in group.items()} for group in record["groups"]
    ]
    return {"state": state, "param_groups": groups}
