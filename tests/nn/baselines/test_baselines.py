from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from s4_core.nn.baselines import (
    UTAE,
    PixelTransformer,
    RecurrentUNet,
    ResNetEncoder,
    SeriesTransformer,
    TokenGrid,
    UNetEncoder,
)
from s4_core.nn.baselines.utae import encoded_days


def parameters(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


def series(dates: int = 5, side: int = 16, channels: int = 3) -> tuple[Tensor, Tensor, Tensor]:
    torch.manual_seed(0)
    x = torch.randn(2, channels, dates, side, side)
    days = torch.arange(1.0, dates + 1).repeat(2, 1) * 30
    return x, torch.ones(2, dates, side, side, dtype=torch.bool), days


def padded(x: Tensor, valid: Tensor, days: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The same with two repetitions of the last date, masked."""
    more = torch.cat([valid, torch.zeros_like(valid[:, :2])], dim=1)
    return (
        torch.cat([x, x[:, :, -1:], x[:, :, -1:]], dim=2),
        more,
        torch.cat([days, days[:, -1:], days[:, -1:]], dim=1),
    )


def test_utae_has_the_published_size() -> None:
    assert parameters(UTAE(10, 20)) == 1_087_260


def test_every_network_gives_logits_of_every_pixel() -> None:
    x, valid, days = series()
    for network in (
        RecurrentUNet(UNetEncoder(3, (4, 8, 8)), 6, 4, both_ways=True),
        RecurrentUNet(ResNetEncoder(3, (4, 8)), 6, 4, every_level=True),
    ):
        assert network(x, valid).shape == (2, 6, 16, 16)
    utae = UTAE(3, 6, (8, 8, 16), (8, 8, 16), heads=4, width=16)
    assert utae(x, valid, days).shape == (2, 6, 16, 16)
    assert PixelTransformer(3, 6, 16, 1, 2)(x, valid, days).shape == (2, 6, 16, 16)


def test_sides_that_do_not_halve_evenly() -> None:
    x, valid, _ = series(side=18)
    network = RecurrentUNet(UNetEncoder(3, (4, 4, 4)), 6, 4)
    assert network(x, valid).shape == (2, 6, 18, 18)


@pytest.mark.parametrize("name", ["recurrent", "both ways", "pixels"])
def test_masked_repetitions_change_nothing(name: str) -> None:
    torch.manual_seed(1)
    network: nn.Module = {
        "recurrent": RecurrentUNet(ResNetEncoder(3, (4, 8)), 6, 4, every_level=True),
        "both ways": RecurrentUNet(UNetEncoder(3, (4, 8)), 6, 4, both_ways=True),
        "pixels": PixelTransformer(3, 6, 16, 1, 2),
    }[name]
    network.eval()
    given, longer = series(), padded(*series())
    if name == "pixels":
        first, second = network(*given), network(*longer)
    else:
        first, second = network(*given[:2]), network(*longer[:2])
    torch.testing.assert_close(first, second, atol=1e-4, rtol=1e-4)


def test_a_bidirectional_network_sees_the_order_of_dates() -> None:
    torch.manual_seed(2)
    network = RecurrentUNet(UNetEncoder(3, (4, 8)), 6, 4, both_ways=True).eval()
    x, valid, _ = series()
    with torch.no_grad():
        first, second = network(x, valid), network(x.flip(2), valid)
    # the deepest level alone sees the order, faintly before it is trained
    assert float((first - second).abs().max()) > 1e-5


def test_tokens_are_squares_date_by_date() -> None:
    x = torch.arange(2 * 3 * 4 * 4.0).reshape(1, 2, 3, 4, 4)
    grid = TokenGrid.of(x, 2)
    tokens = grid.cut(x)
    assert tokens.shape == (1, 12, 8)
    # second date, lower left square
    expected = x[0, :, 1, 2:4, 0:2].flatten()
    torch.testing.assert_close(tokens[0, 4 + 2], expected)
    rows, cols = grid.places(torch.device("cpu"))
    assert (int(rows[6]), int(cols[6])) == (1, 0)
    with pytest.raises(ValueError, match="cannot be cut into squares of 3 px"):
        TokenGrid.of(x, 3)


def test_hidden_tokens_are_attended_by_none() -> None:
    torch.manual_seed(3)
    encoder = SeriesTransformer(3, 4, 16, 1, 2).eval()
    tokens = torch.randn(1, 6, 16)
    shown = torch.tensor([[True, True, True, True, False, False]])
    changed = tokens.clone()
    changed[:, 4:] += 5
    torch.testing.assert_close(
        encoder.encode(tokens, shown)[:, :4], encoder.encode(changed, shown)[:, :4]
    )
    assert encoder.encode(tokens, torch.zeros_like(shown)).isfinite().all()


def test_any_number_of_dates_is_read() -> None:
    encoder = SeriesTransformer(3, 4, 16, 1, 2)
    for dates in (1, 3, 9):
        x, _, days = series(dates, side=8)
        assert encoder.tokens(x, days).shape == (2, dates * 4, 16)


def test_days_are_told_apart() -> None:
    codes = encoded_days(torch.tensor([[1.0, 2.0, 200.0, 366.0]]), 8)[0]
    distances = torch.cdist(codes, codes) + 9 * torch.eye(4)
    assert float(distances.min()) > 0.1
