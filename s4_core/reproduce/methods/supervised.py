"""Networks that learn from labels alone, besides S4's own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from torch import Tensor, nn

from s4_core.nn.baselines import UTAE, PixelTransformer, RecurrentUNet, UNetEncoder
from s4_core.reproduce.method import Inputs, Method, Plan, PretrainTask, Reads, SegmentationModel
from s4_core.types import Modality


class Supervised(SegmentationModel):
    """A network of one modality.

    Args:
        dated: the network reads the days too.
    """

    def __init__(self, network: nn.Module, modality: Modality, dated: bool) -> None:
        super().__init__()
        self.network, self.modality, self.dated = network, modality, dated

    def forward(self, inputs: Inputs) -> Tensor:
        """(B, K, H, W)."""
        x, valid, days = inputs[self.modality]
        logits: Tensor = self.network(x, valid, days) if self.dated else self.network(x, valid)
        return logits


Build = Callable[[Plan, int], nn.Module]
"""A network from the plan and the number of channels."""


def _model(
    plan: Plan,
    modalities: Reads,
    task: PretrainTask | None,  # noqa: ARG001 - nothing is pretrained
    *,
    build: Build,
    dated: bool,
) -> SegmentationModel:
    (modality,) = modalities
    return Supervised(build(plan, plan.channels[modality]), modality, dated)


def _recurrent(plan: Plan, channels: int, both_ways: bool) -> nn.Module:
    encoder = UNetEncoder(channels, plan.sizes.frame_widths)
    return RecurrentUNet(encoder, plan.classes, plan.sizes.lstm, both_ways=both_ways)


def _utae(plan: Plan, channels: int) -> nn.Module:
    sizes = plan.sizes
    return UTAE(
        channels,
        plan.classes,
        sizes.utae_widths,
        sizes.utae_decoder_widths,
        heads=sizes.utae_heads,
        width=2 * sizes.utae_widths[-1],
    )


def _pixels(plan: Plan, channels: int) -> nn.Module:
    sizes = plan.sizes
    return PixelTransformer(channels, plan.classes, sizes.attention // 2, 2, sizes.heads)


RECURRENT = Method(
    "bconvlstm-unet",
    "Sup. (bidirectional ConvLSTM U-Net)",
    "fully convolutional recurrent network (Chamorro Martinez et al. 2021, the paper's [62])",
    partial(_model, build=partial(_recurrent, both_ways=True), dated=False),
)

ONE_WAY = Method(
    "convlstm-unet",
    "Sup. (U-ConvLSTM)",
    "the same read in one direction, as Garnot & Landrieu compare",
    partial(_model, build=partial(_recurrent, both_ways=False), dated=False),
    extra=True,
)

U_TAE = Method(
    "u-tae",
    "Sup. (U-TAE)",
    "U-Net with temporal attention (Garnot & Landrieu 2021)",
    partial(_model, build=_utae, dated=True),
    extra=True,
)

PIXELS = Method(
    "pixel-transformer",
    "Sup. (pixel transformer)",
    "a transformer over the dates of every pixel by itself",
    partial(_model, build=_pixels, dated=True),
    extra=True,
)
