import pytest
import torch
from torch import nn

from s4_core.nn.blocks import Layers, ModalityNorm
from s4_core.types import Modality

BOTH = (Modality.OPTICAL, Modality.RADAR)


def two_halves():
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(4, 3, 2, 4, 4, generator=generator)
    x[2:] = x[2:] * 5 + 20
    return x


@pytest.mark.parametrize(("across_dates", "dates"), [(True, (4, 1)), (False, (2, 2))])
def test_layers_double_halve_or_keep_the_size(across_dates, dates):
    x = torch.zeros(1, 3, 2, 4, 6)
    layers = Layers(across_dates)
    for kind in ("k2", "k3"):
        assert layers.transposed_conv(3, 5, kind)(x).shape == (1, 5, dates[0], 8, 12)
    assert layers.pool()(x).shape == (1, 3, dates[1], 2, 3)
    for kernel in (1, 3):
        assert layers.conv(3, 5, kernel)(x).shape == (1, 5, 2, 4, 6)
    assert layers.conv_block(3, 4, 5).eval()(x).shape == (1, 5, 2, 4, 6)


def test_spatial_layers_are_those_of_two_dimensions():
    x = two_halves()
    layer = Layers(across_dates=False).transposed_conv(3, 5, "k3")
    flat = nn.ConvTranspose2d(3, 5, 3, stride=2, padding=1, output_padding=1)
    with torch.no_grad():
        flat.weight.copy_(layer.weight[:, :, 0])
        flat.bias.copy_(layer.bias)
    for date in range(2):
        torch.testing.assert_close(layer(x)[:, :, date], flat(x[:, :, date]))


def test_shared_statistics_are_plain_batchnorm_over_all():
    x = two_halves()
    norm, plain = ModalityNorm(3), nn.BatchNorm3d(3)
    torch.testing.assert_close(norm(x, BOTH), plain(x))
    torch.testing.assert_close(norm.eval()(x, BOTH), plain.eval()(x))


def test_own_statistics_normalise_each_modality_alone():
    x = two_halves()
    norm, plain = ModalityNorm(3, BOTH), nn.BatchNorm3d(3)
    torch.testing.assert_close(norm(x, BOTH)[2:], plain(x[2:]))
    torch.testing.assert_close(norm(x, BOTH)[:2], nn.BatchNorm3d(3)(x[:2]))
    # one batch of radar has passed, then one more: the same running statistics as alone
    plain(x[2:])
    norm.eval()
    torch.testing.assert_close(norm(x[2:], (Modality.RADAR,)), plain.eval()(x[2:]))


def test_weight_and_bias_are_shared_either_way():
    names = {name for name, _ in ModalityNorm(3, BOTH).named_parameters()}
    assert names == {"weight", "bias"}
