import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from s4_core.nn import pad_edges, pooled_validity

sizes = st.integers(1, 10)
strides = st.sampled_from([(4, 4, 4), (1, 4, 4)])


@settings(deadline=None, max_examples=40)
@given(sizes, sizes, sizes, strides)
def test_padding_repeats_the_last_date_row_and_column(dates, height, width, stride):
    x = torch.arange(2.0 * dates * height * width).reshape(1, 2, dates, height, width)
    padded = pad_edges(x, stride)
    for new, old, step in zip(padded.shape[-3:], x.shape[-3:], stride):
        assert new % step == 0
        assert 0 <= new - old < step
    t, h, w = (
        torch.arange(new).clamp(max=old - 1) for new, old in zip(padded.shape[-3:], x.shape[-3:])
    )
    assert torch.equal(padded, x[..., t[:, None, None], h[:, None], w])


@settings(deadline=None, max_examples=40)
@given(sizes, sizes, sizes, strides, st.integers(0, 1000))
def test_a_site_is_valid_when_half_of_its_box_is(dates, height, width, stride, seed):
    generator = torch.Generator().manual_seed(seed)
    valid = torch.rand((1, dates, height, width), generator=generator) > 0.45
    pooled = pooled_validity(valid, stride)
    step = stride[0]
    assert pooled.shape == (1, -(-dates // step), -(-height // 4), -(-width // 4))
    for t, h, w in torch.cartesian_prod(*(torch.arange(n) for n in pooled.shape[1:])):
        box = valid[0, step * t : step * (t + 1), 4 * h : 4 * h + 4, 4 * w : 4 * w + 4]
        # what is missing from a full box counts as not valid
        assert bool(pooled[0, t, h, w]) == (int(box.sum()) >= 8 * step)
