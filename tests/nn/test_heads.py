import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from s4_core.errors import ConfigurationError
from s4_core.nn import MeanHead, ReadoutHead, date_shares, flatten_dates
from tests.nn.building import OPTICAL, series


def literal_mean(head, features, valid):
    """The paper's form: convolve every date, then average each pixel's valid dates."""
    logits = head.conv(features)
    out = logits.new_zeros(logits.shape[0], logits.shape[1], *logits.shape[3:])
    for b, h, w in torch.cartesian_prod(*(torch.arange(n) for n in valid[:, 0].shape)):
        dates = valid[b, :, h, w]
        dates = dates if dates.any() else torch.ones_like(dates)
        out[b, :, h, w] = logits[b, :, dates, h, w].mean(dim=1)
    return out


def features_of(shape, seed):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 6), st.booleans(), st.floats(0, 1), st.integers(0, 1000))
def test_the_mean_head_equals_its_literal_form(dates, per_pixel, share, seed):
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    head = MeanHead(4, 3).double()
    features = features_of((2, 4, dates, 5, 6), seed)
    size = (2, dates, 5, 6) if per_pixel else (2, dates, 1, 1)
    valid = (torch.rand(size, generator=generator) < share).expand(2, dates, 5, 6)
    torch.testing.assert_close(
        head([features], [valid]), literal_mean(head, features, valid), rtol=1e-12, atol=1e-13
    )


def test_whole_date_masks_take_the_folded_form_with_equal_gradients():
    head = MeanHead(4, 3).double()
    valid = torch.tensor([True, False, True, True, False])[None, :, None, None].expand(2, 5, 6, 6)
    results = []
    for form in (lambda f: head([f], [valid]), lambda f: literal_mean(head, f, valid)):
        features = features_of((2, 4, 5, 6, 6), 3).requires_grad_()
        form(features).square().sum().backward()
        results.append((features.grad, head.conv.weight.grad.clone(), head.conv.bias.grad.clone()))
        head.zero_grad()
    for one, other in zip(*results):
        torch.testing.assert_close(one, other, rtol=1e-11, atol=1e-11)


def test_two_modalities_add_up_with_dates_of_their_own():
    head = MeanHead(4, 3, modalities=2).double()
    optical, radar = features_of((1, 4, 5, 6, 6), 0), features_of((1, 4, 3, 6, 6), 1)
    masks = [torch.rand(1, t, 6, 6) > 0.5 for t in (5, 3)]
    single = [MeanHead(4, 3).double() for _ in range(2)]
    with torch.no_grad():
        for part, weight in zip(single, head.conv.weight.chunk(2, dim=1)):
            part.conv.weight.copy_(weight)
        single[0].conv.bias.copy_(head.conv.bias)
        single[1].conv.bias.zero_()
    expected = single[0]([optical], masks[:1]) + single[1]([radar], masks[1:])
    torch.testing.assert_close(head([optical, radar], masks), expected)


def test_shares_sum_to_one_and_ignore_masked_dates():
    _, valid, _ = series(OPTICAL)
    valid[0, :, 0, 0] = False
    shares = date_shares(valid)
    torch.testing.assert_close(shares.sum(1), torch.ones(2, 8, 8))
    assert shares[0, :, 0, 0].tolist() == [1 / 8] * 8
    hidden = ~valid & valid.any(1, keepdim=True)
    assert bool((shares[hidden] == 0).all())


def test_flattening_counts_date_by_date():
    part = torch.arange(6.0).reshape(1, 2, 3, 1, 1)  # feature f of date t is 3 f + t
    assert flatten_dates(part).flatten().tolist() == [0, 3, 1, 4, 2, 5]


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 4), st.integers(1, 5), st.integers(0, 1000))
def test_the_readout_is_linear_on_standardised_features(dates, count, seed):
    torch.manual_seed(seed)
    parts = [features_of((2, count, dates, 3, 4), seed), features_of((2, 2, dates, 3, 4), seed + 1)]
    size = dates * (count + 2)
    head = ReadoutHead(size, 3).double()
    head.mean.copy_(torch.randn(size))
    head.std.copy_(torch.rand(size) + 0.1)
    joined = torch.cat([flatten_dates(part) for part in parts], dim=1)
    standardised = (joined - head.mean[:, None, None]) / head.std[:, None, None]
    # (B, D, H, W) -> (B, H, W, D) for the linear layer
    expected = F.linear(standardised.movedim(1, -1), head.linear.weight, head.linear.bias)
    torch.testing.assert_close(head(parts), expected.movedim(-1, 1))


def test_a_head_from_a_solver_reproduces_it():
    mean, std = [0.5, -1.0, 2.0], [2.0, 0.0, 4.0]
    head = ReadoutHead.from_arrays(mean, std, [[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]], [0.1, -0.2])
    pixel = torch.tensor([2.5, -1.0, 6.0]).reshape(1, 3, 1, 1, 1)
    assert head.std.tolist() == [2.0, 1.0, 4.0]  # what never varied stays unscaled
    # (2.5 - 0.5) / 2 = 1, (-1 + 1) / 1 = 0, (6 - 2) / 4 = 1
    assert head([pixel]).flatten().tolist() == pytest.approx([1 + 3 + 0.1, -0.2])
    assert head.classes == 2


def test_another_number_of_dates_is_refused():
    head = ReadoutHead(8, 2)
    with pytest.raises(ConfigurationError, match="give 6 features a pixel, the model expects 8"):
        head([torch.zeros(1, 2, 3, 4, 4)])


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last_3d])
def test_half_precision_features_give_float32_logits(layout):
    half = features_of((1, 4, 4, 6, 6), 0).bfloat16().to(memory_format=layout)
    valid = torch.rand(1, 4, 6, 6) > 0.3
    mean, readout = MeanHead(4, 3), ReadoutHead(16, 3)
    with torch.autocast("cpu", torch.bfloat16):
        by_mean, by_readout = mean([half], [valid]), readout([half])
    assert by_mean.dtype is by_readout.dtype is torch.float32
    torch.testing.assert_close(by_mean, mean([half.float()], [valid]))
    torch.testing.assert_close(by_readout, readout([half.float()]))
