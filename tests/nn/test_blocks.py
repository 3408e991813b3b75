import torch
from torch import nn

from s4_core.nn.blocks import ModalityNorm, transposed_conv
from s4_core.types import Modality

BOTH = (Modality.OPTICAL, Modality.RADAR)


def two_halves():
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(4, 3, 2, 4, 4, generator=generator)
    x[2:] = x[2:] * 5 + 20
    return x


def test_both_transposed_convolutions_double_the_size():
    x = torch.zeros(1, 3, 2, 4, 6)
    for kind in ("k2", "k3"):
        assert transposed_conv(3, 5, kind)(x).shape == (1, 5, 4, 8, 12)


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
