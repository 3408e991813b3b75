"""What a readout reads of a window, as arrays to keep, and the key under which they may be kept."""

from __future__ import annotations

import hashlib
from importlib import metadata
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from s4_core.model_card import ModelCard
from s4_core.nn.backends import FeatureSource
from s4_core.nn.device import DeviceChoice
from s4_core.nn.network import S4Network
from s4_core.nn.segmenter import Inputs, readout_features
from s4_core.nn.weights_digest import weights_digest
from s4_core.types import Window


def readout_block(
    source: FeatureSource, inputs: Inputs, card: ModelCard, choice: DeviceChoice, wanted: Window
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """What a readout reads of the wanted pixels of a window, whatever its weights.

    Args:
        inputs: of one window with its halo, a batch of one on the device.
        card: with a head of kind "readout".

    Returns:
        `(D, h, w)` float32 and, `(h, w)`, where a modality has a valid date.
    """
    with torch.inference_mode(), choice.autocast():
        found = readout_features(source, inputs, card, wanted)[0]
    valid = torch.stack([valid[0].any(dim=0) for _, valid, _ in inputs.values()]).any(dim=0)
    seen: npt.NDArray[np.bool_] = valid.cpu().numpy()[wanted.slices]
    return found.float().contiguous().cpu().numpy(), seen


def features_key(network: S4Network, card: ModelCard, choice: DeviceChoice) -> str:
    """A key of all that `readout_block` depends on but the series: weights, layer, device.

    Heads do not count: a model learned again from other labels has the same features.
    """
    digest = hashlib.sha256(weights_digest(network).encode())
    digest.update(repr((network.settings, card.calendar, _reading(card))).encode())
    digest.update(repr((choice.device.type, choice.precision, choice.backend)).encode())
    digest.update(repr([_version(name) for name in ("torch", "openvino")]).encode())
    return digest.hexdigest()


def _reading(card: ModelCard) -> Any:
    head = card.head
    return head and (head.modalities, head.readout, head.readout_raw)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
