"""Small networks, inputs and cards that the tests of this room share."""

from __future__ import annotations

import torch

from s4_core.config import settings_to_plain
from s4_core.model_card import BandStatistics, HeadCard, ModelCard
from s4_core.nn import S4Network, untrained
from s4_core.types import Calendar, Legend, MapClass, Modality, NetworkSettings, Settings

OPTICAL, RADAR = Modality.OPTICAL, Modality.RADAR
CHANNELS = {OPTICAL: 3, RADAR: 2}
LEGEND = Legend((MapClass("maize", "1", (1, 2, 3)), MapClass("wheat", "2", (4, 5, 6))))


def small_settings(**changes) -> NetworkSettings:
    values = {"widths": (4, 6, 8), "decoder_widths": (6, 5, 4), "projection_dim": 8, **changes}
    return NetworkSettings(**values)


def small_network(seed=0, **changes) -> S4Network:
    """In evaluation mode, with BatchNorm statistics that are not the initial ones."""
    network = untrained(small_settings(**changes), CHANNELS, seed)
    generator = torch.Generator().manual_seed(seed)
    for name, buffer in network.named_buffers():
        if name.endswith(("running_mean", "running_var")):
            buffer.add_(0.3 * torch.rand(buffer.shape, generator=generator))
    return network.eval()


def series(modality, dates=8, height=8, width=8, *, batch=2):
    generator = torch.Generator().manual_seed(int(modality is RADAR))
    shape = (batch, CHANNELS[modality], dates, height, width)
    x = torch.randn(shape, generator=generator)
    valid = torch.rand((batch, dates, height, width), generator=generator) > 0.3
    days = (torch.arange(dates) * 10.0 + 5).expand(batch, -1)
    return x, valid, days


def both(**changes):
    return {m: series(m, **changes) for m in CHANNELS}


def card(head: HeadCard | None = None, dates: int | None = 8, **network) -> ModelCard:
    settings = settings_to_plain(Settings(network=small_settings(**network)))
    return ModelCard(
        settings=settings,
        modalities={
            OPTICAL: BandStatistics(("B04", "B03", "B02"), "reflectance", (0.0,) * 3, (1.0,) * 3),
            RADAR: BandStatistics(("VV", "VH"), "dB", (0.0,) * 2, (1.0,) * 2),
        },
        calendar=None if dates is None else Calendar(3, 1, 10, dates),
        legend=None if head is None else LEGEND,
        head=head,
    )
