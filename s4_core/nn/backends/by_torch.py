"""The folded network by torch, on the CPU or a GPU."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from s4_core.nn.backends.cropping import Crops, Margins
from s4_core.nn.backends.folding import SLOPE, Convolution, FoldedUNet
from s4_core.nn.blocks import Size
from s4_core.nn.device import DeviceChoice


class TorchOperations:
    """Torch's own functions; activations in place."""

    def convolve(self, layer: Convolution, x: Tensor, *, activate: bool = True) -> Tensor:
        """See `Operations`."""
        out: Tensor = layer(x)
        return F.leaky_relu_(out, SLOPE) if activate else out

    def pool(self, size: Size, x: Tensor) -> Tensor:
        """See `Operations`."""
        return F.max_pool3d(x, size)

    def join(self, one: Tensor, other: Tensor) -> Tensor:
        """See `Operations`."""
        return torch.cat([one, other], dim=1)

    def cut(self, x: Tensor, margins: Margins) -> Tensor:
        """See `Operations`."""
        top, bottom, left, right = margins
        return x[..., top : x.shape[-2] - bottom, left : x.shape[-1] - right]


class TorchBackend:
    """Runs on the chosen device, in its precision, channels last: the layout that convolves best.

    Args:
        choice: device and precision.
    """

    name = "torch"

    def __init__(self, choice: DeviceChoice) -> None:
        self._choice = choice

    def prepare(
        self,
        network: FoldedUNet[Tensor],
        crops: Crops,
        shape: torch.Size,  # noqa: ARG002 - torch takes what comes
    ) -> TorchRunner:
        """A runner of inputs of any shape that the crops fit."""
        for layer in network.layers:
            self._choice.place(layer)
        return TorchRunner(network, crops, self._choice)


class TorchRunner:
    """One network with its crops, ready."""

    def __init__(self, network: FoldedUNet[Tensor], crops: Crops, choice: DeviceChoice) -> None:
        self._network, self._crops, self._choice = network, crops, choice

    def __call__(self, planes: Tensor) -> Tensor:
        """Features of planes (B, C, T, H, W) on the device."""
        with torch.inference_mode(), self._choice.autocast():
            planes = planes.to(memory_format=torch.channels_last_3d)
            return self._network.run(planes, self._crops, TorchOperations())
