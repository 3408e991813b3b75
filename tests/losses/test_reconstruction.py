import torch

from s4_core.losses import masked_l1


def test_everything_valid_is_equation_3_averaged_over_the_batch():
    generator = torch.Generator().manual_seed(0)
    prediction, target = (torch.randn(2, 3, 4, 5, 6, generator=generator) for _ in range(2))
    valid = torch.ones(2, 4, 5, 6, dtype=torch.bool)
    per_sample = [(p - t).abs().sum() / (4 * 3 * 5 * 6) for p, t in zip(prediction, target)]
    torch.testing.assert_close(masked_l1(prediction, target, valid), torch.stack(per_sample).mean())


def test_only_valid_values_count():
    prediction = torch.tensor([1.0, 2.0, 30.0]).reshape(1, 1, 3, 1, 1).requires_grad_()
    target = torch.tensor([0.0, 0.0, float("nan")]).reshape(1, 1, 3, 1, 1)
    valid = torch.tensor([True, True, False]).reshape(1, 3, 1, 1)
    loss = masked_l1(prediction, target, valid)
    loss.backward()
    assert loss.item() == 1.5
    assert prediction.grad.flatten().tolist() == [0.5, 0.5, 0.0]


def test_absent_channels_do_not_count():
    prediction = torch.zeros(1, 2, 1, 1, 2)
    target = torch.tensor([1.0, 3.0, 100.0, 100.0]).reshape(1, 2, 1, 1, 2)
    valid = torch.ones(1, 1, 1, 2, dtype=torch.bool)
    present = torch.tensor([[True, False]])
    assert masked_l1(prediction, target, valid, present).item() == 2.0


def test_nothing_valid_is_zero_with_a_graph():
    prediction = torch.randn(1, 2, 2, 2, 2, requires_grad=True)
    loss = masked_l1(prediction, torch.randn(1, 2, 2, 2, 2), torch.zeros(1, 2, 2, 2).bool())
    loss.backward()
    assert loss.item() == 0.0
    assert bool((prediction.grad == 0).all())


def test_half_precision_sums_in_float32():
    prediction = torch.zeros(1, 1, 1, 64, 64, dtype=torch.bfloat16)
    target = torch.ones(1, 1, 1, 64, 64)
    loss = masked_l1(prediction, target, torch.ones(1, 1, 64, 64, dtype=torch.bool))
    assert loss.dtype is torch.float32
    assert loss.item() == 1.0
