"""Checkpoints: one `.safetensors` file whose header holds the model card (DESIGN section 4).

Tensors are called `network.*` and, once fine-tuned, `head.*`. Reading one never executes code.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from s4_core.errors import CheckpointError, S4Error
from s4_core.model_card import ModelCard, card_to_json, read_card
from s4_core.nn.network import S4Network
from s4_core.nn.segmenter import HEADS, Segmenter, new_head
from s4_core.nn.tensors import read_tensors, write_tensors
from s4_core.phrases import listed
from s4_core.protocol import build
from s4_core.types import NetworkSettings

_AGAIN = "Get the file again, or make the model again."


def save_checkpoint(path: str | Path, module: S4Network | Segmenter, card: ModelCard) -> None:
    """Write a network or a fine-tuned model with its card; the file appears when complete.

    Raises:
        OutputError: the file cannot be written.
    """
    # a Segmenter's own names start with "network." and "head."
    prefix = "" if isinstance(module, Segmenter) else "network."
    tensors = {prefix + name: tensor for name, tensor in module.state_dict().items()}
    write_tensors(Path(path), tensors, {"s4": card_to_json(card)})


def load_network(path: str | Path) -> tuple[S4Network, ModelCard]:
    """The network of any checkpoint (the head of a fine-tuned one stays aside), on the CPU.

    Raises:
        CheckpointError: not a readable checkpoint, or its tensors do not fit its card.
    """
    card = read_card(path)
    tensors, _ = read_tensors(Path(path))
    network = _empty_network(card, path)
    parts = {name: t for name, t in tensors.items() if not name.startswith("head.")}
    _fill(nn.ModuleDict({"network": network}), parts, path)
    return network, card


def load_segmenter(path: str | Path) -> Segmenter:
    """A fine-tuned model, on the CPU, in evaluation mode.

    Raises:
        CheckpointError: as `load_network`, or the model is not fine-tuned.
    """
    card = read_card(path)
    if card.head is None or card.legend is None:
        raise CheckpointError(
            f"{path} is a pretrained model without classes.", "Fine-tune it first (`s4 finetune`)."
        )
    tensors, _ = read_tensors(Path(path))
    segmenter = _empty_segmenter(card, path)
    _fill(segmenter, tensors, path)
    return segmenter.eval()


def _empty_network(card: ModelCard, path: str | Path) -> S4Network:
    """The card's network without storage: hostile sizes cost nothing, and no seed is spent."""
    channels = {modality: len(stats.channels) for modality, stats in card.modalities.items()}
    try:
        settings = build(NetworkSettings, dict(card.settings["network"]))
        with torch.device("meta"):
            return S4Network(settings, channels)
    except (KeyError, TypeError, ValueError, RuntimeError, S4Error) as error:
        raise CheckpointError(
            f"The architecture that {path} describes cannot be built: {_reason(error)}.", _AGAIN
        ) from error


def _empty_segmenter(card: ModelCard, path: str | Path) -> Segmenter:
    network = _empty_network(card, path)
    reads, classes = card.head, len(card.legend or ())
    if reads is None or reads.kind not in HEADS:
        raise CheckpointError(
            f"{path} has a head of kind {reads and reads.kind!r}, this version knows "
            f"{', '.join(HEADS)}.",
            "Use the version that made this model.",
        )
    try:
        with torch.device("meta"):
            return Segmenter(network, new_head(network, card, classes), card)
    except (KeyError, TypeError, ValueError, RuntimeError, S4Error) as error:
        raise CheckpointError(
            f"The head that {path} describes cannot be built: {_reason(error)}.", _AGAIN
        ) from error


def _fill(module: nn.Module, tensors: dict[str, Tensor], path: str | Path) -> None:
    """Give `module` (without storage) its tensors; every name and shape must fit."""
    expected = module.state_dict()
    missing, unknown = expected.keys() - tensors.keys(), tensors.keys() - expected.keys()
    if missing or unknown:
        raise CheckpointError(
            f"{path} does not fit the architecture it describes: "
            f"it lacks {_names(missing)}, and has in excess {_names(unknown)}.",
            _AGAIN,
        )
    for name, tensor in tensors.items():
        wanted = expected[name]
        if tensor.shape != wanted.shape or tensor.dtype != wanted.dtype:
            raise CheckpointError(
                f"In {path} the tensor {name} is {tuple(tensor.shape)} {tensor.dtype}, "
                f"expected {tuple(wanted.shape)} {wanted.dtype}.",
                _AGAIN,
            )
        if tensor.is_floating_point() and not bool(tensor.isfinite().all()):
            raise CheckpointError(
                f"In {path} the tensor {name} has values that are not finite.", _AGAIN
            )
    module.load_state_dict(tensors, assign=True)


def _reason(error: Exception) -> str:
    return str(error).rstrip(".")


def _names(tensors: set[str]) -> str:
    return listed(sorted(tensors), 3) or "nothing"
