"""Networks of the systems that S4 is compared with; all read `(x, valid, days)` like S4's."""

from s4_core.nn.baselines.frames import (
    FrameDecoder,
    FrameEncoder,
    ResNetEncoder,
    UNetEncoder,
    valid_at,
)
from s4_core.nn.baselines.recurrent import RecurrentUNet
from s4_core.nn.baselines.transformer import PixelTransformer, SeriesTransformer, TokenGrid
from s4_core.nn.baselines.utae import UTAE

__all__ = [
    "UTAE",
    "FrameDecoder",
    "FrameEncoder",
    "PixelTransformer",
    "RecurrentUNet",
    "ResNetEncoder",
    "SeriesTransformer",
    "TokenGrid",
    "UNetEncoder",
    "valid_at",
]
