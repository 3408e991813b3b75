"""The network's exact algebra for inference: BatchNorm inside the convolutions, nothing unneeded.

In evaluation mode BatchNorm is an affine map of each channel, and a convolution before it takes it
into its weights: w * gamma / sqrt(var + eps). What is left are convolutions, LeakyReLU, two
poolings and two concatenations, which every backend knows (`Operations`); `Crops` leave out what
no wanted pixel depends on.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar, Union

import torch
from torch import Tensor, nn

from s4_core.nn.backends.cropping import Crops, Margins
from s4_core.nn.blocks import Size
from s4_core.nn.encoder import SharedUnit
from s4_core.nn.network import S4Network
from s4_core.types import Modality

Convolution = Union[nn.Conv3d, nn.ConvTranspose3d]

SLOPE = 0.01
"""Of LeakyReLU, see `blocks.activation`."""

V = TypeVar("V")


class Operations(Protocol[V]):
    """What a backend must know; `V` is its value of (B, C, T, H, W)."""

    def convolve(self, layer: Convolution, x: V, *, activate: bool = True) -> V:
        """A convolution, then LeakyReLU if asked for."""

    def pool(self, size: Size, x: V) -> V:
        """Maximum over boxes."""

    def join(self, one: V, other: V) -> V:
        """Concatenate channels."""

    def cut(self, x: V, margins: Margins) -> V:
        """Without so many rows and columns at the edges."""


@dataclass(frozen=True)
class FoldedUNet(Generic[V]):
    """A frozen network of one modality, from the stem's planes to a layer's features.

    Its weights are its own: training the network later does not change them.

    Args:
        stem, middle, bottom, up_block, up_full, full: convolutions, each before a LeakyReLU.
        deep: likewise. up_middle: a transposed convolution before none.
        pool: size of both poolings.
        decodes: up to the last block; else the stem only.
    """

    stem: Sequence[Convolution]
    middle: Sequence[Convolution]
    deep: Convolution
    bottom: Sequence[Convolution]
    up_middle: Convolution
    up_block: Sequence[Convolution]
    up_full: Sequence[Convolution]
    full: Sequence[Convolution]
    pool: Size
    decodes: bool

    def run(self, planes: V, crops: Crops, do: Operations[V]) -> V:
        """Features (B, F, T, h, w), h and w less what `crops` leave out.

        Args:
            planes: (B, C, T, H, W), see `S4Network.planes`.
        """
        stem = _run(self.stem, planes, do)
        if not self.decodes:
            return do.cut(stem, crops.output)
        middle = _run(self.middle, do.pool(self.pool, stem), do)
        deep = do.cut(do.convolve(self.deep, do.pool(self.pool, middle)), crops.deep)
        x = do.convolve(self.up_middle, _run(self.bottom, deep, do), activate=False)
        x = do.join(do.cut(x, crops.up_middle), do.cut(middle, crops.middle))
        x = _run(self.up_full, _run(self.up_block, x, do), do)
        x = do.join(do.cut(x, crops.up_full), do.cut(stem, crops.full))
        return do.cut(_run(self.full, x, do), crops.output)

    @property
    def layers(self) -> list[Convolution]:
        """All convolutions, in the order in which they run."""
        deeper = [*self.bottom, self.up_middle, *self.up_block, *self.up_full, *self.full]
        return [*self.stem, *([*self.middle, self.deep, *deeper] if self.decodes else [])]


def fold(network: S4Network, modality: Modality, layer: str) -> FoldedUNet[Tensor]:
    """The network's frozen form for one modality.

    Args:
        network: in any mode; its running statistics are taken.
        layer: "stem", or any other for all up to the decoder's last block.
    """
    encoder, decoder = network.encoder, network.decoder
    return FoldedUNet(
        stem=_block(network.stems[modality.value]),
        middle=[_unit(unit, modality) for unit in encoder.middle],
        deep=_unit(encoder.deep, modality),
        bottom=_block(decoder.bottom),
        up_middle=_owned(decoder.up_middle),
        up_block=_block(decoder.middle),
        up_full=_block(decoder.up_full),
        full=_block(decoder.full),
        pool=encoder.layers.sized(2),
        decodes=layer != "stem",
    )


def _run(layers: Sequence[Convolution], x: V, do: Operations[V]) -> V:
    for layer in layers:
        x = do.convolve(layer, x)
    return x


def _block(block: nn.Module) -> list[Convolution]:
    """The convolutions of (convolution, BatchNorm, LeakyReLU, ...)."""
    parts = list(block.children())
    return [_folded(layer, norm, norm) for layer, norm in zip(parts[::3], parts[1::3])]


def _unit(unit: nn.Module, modality: Modality) -> Convolution:
    if not isinstance(unit, SharedUnit):
        raise TypeError(f"{type(unit).__name__} is no shared unit")
    return _folded(unit.conv, unit.norm.statistics_of(modality), unit.norm)


def _folded(layer: nn.Module, statistics: nn.Module, affine: nn.Module) -> Convolution:
    """One convolution that does what the two do, computed in float64."""
    if not isinstance(statistics, nn.BatchNorm3d):
        raise TypeError(f"{type(statistics).__name__} is no BatchNorm")
    mean, variance = statistics.get_buffer("running_mean"), statistics.get_buffer("running_var")
    gamma, beta = (affine.get_parameter(name).detach().double() for name in ("weight", "bias"))
    scale = gamma / (variance.double() + statistics.eps).sqrt()
    folded = _owned(layer)
    # output channels come second in a transposed convolution's weight
    shape = (1, -1, 1, 1, 1) if isinstance(layer, nn.ConvTranspose3d) else (-1, 1, 1, 1, 1)
    with torch.no_grad():
        folded.weight.copy_(layer.get_parameter("weight").double() * scale.reshape(shape))
        if folded.bias is not None:
            folded.bias.copy_(beta + (layer.get_parameter("bias").double() - mean) * scale)
    return folded


def _owned(layer: nn.Module) -> Convolution:
    """A copy without a tie to the training."""
    if not isinstance(layer, (nn.Conv3d, nn.ConvTranspose3d)):
        raise TypeError(f"{type(layer).__name__} is no convolution")
    return copy.deepcopy(layer).requires_grad_(False)
