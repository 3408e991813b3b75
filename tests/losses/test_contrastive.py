import pytest
import torch
from torch.nn import functional as F

from s4_core.errors import ConfigurationError
from s4_core.losses import info_nce, info_nce_batch


def naive(za, zb, valid, temperature):
    """Eq. 2 as it stands: the whole similarity matrix, both directions averaged."""
    a, b = F.normalize(za[valid], dim=1), F.normalize(zb[valid], dim=1)
    logits = a @ b.T / temperature
    same = torch.arange(len(a))
    return (F.cross_entropy(logits, same) + F.cross_entropy(logits.T, same)) / 2


def embeddings(sites, size=5, seed=0, dtype=torch.float64):
    generator = torch.Generator().manual_seed(seed)
    shape = (sites, size)
    za = torch.randn(shape, generator=generator, dtype=dtype)
    zb = za + torch.randn(shape, generator=generator, dtype=dtype)
    valid = torch.rand(sites, generator=generator) > 0.3
    return za.requires_grad_(), zb.requires_grad_(), valid


@pytest.mark.parametrize("chunk", [1, 7, 32, 37, 512])
@pytest.mark.parametrize("temperature", [0.1, 0.5])
@pytest.mark.parametrize("masked", [False, True])
def test_streamed_equals_naive(chunk, temperature, masked):
    za, zb, valid = embeddings(37)
    if not masked:
        valid = torch.ones_like(valid)
    expected = naive(za, zb, valid, temperature)
    wanted = torch.autograd.grad(expected, (za, zb))
    loss = info_nce(za, zb, valid, temperature, chunk)
    given = torch.autograd.grad(loss, (za, zb))
    torch.testing.assert_close(loss, expected, rtol=1e-13, atol=1e-13)
    for one, other in zip(given, wanted):
        torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-14)


def test_gradients_pass_gradcheck():
    za, zb, valid = embeddings(9, size=3)
    assert torch.autograd.gradcheck(lambda a, b: info_nce(a, b, valid, 0.3, 4), (za, zb))


def test_a_worked_case():
    # two sites, orthogonal, perfectly aligned: each anchor has logits (1/tau, 0)
    z = torch.eye(2, dtype=torch.float64)
    loss = info_nce(z, z, torch.ones(2, dtype=torch.bool), 0.5, 8)
    expected = torch.tensor(-2.0, dtype=torch.float64) + torch.log(
        torch.exp(torch.tensor(2.0, dtype=torch.float64)) + 1
    )
    torch.testing.assert_close(loss, expected)


def test_masked_sites_are_neither_anchors_nor_negatives():
    za, zb, valid = embeddings(20)
    loss = info_nce(za, zb, valid, 0.2, 8)
    loss.backward()
    assert bool((za.grad[~valid] == 0).all())
    with torch.no_grad():
        za[~valid] = 1e6
        zb[~valid] = float("nan")
    torch.testing.assert_close(info_nce(za, zb, valid, 0.2, 8), loss.detach())


def test_the_length_of_embeddings_does_not_matter():
    za, zb, valid = embeddings(20)
    scaled = info_nce(za * 3.7, zb * 0.01, valid, 0.2, 8)
    torch.testing.assert_close(scaled, info_nce(za, zb, valid, 0.2, 8))


def test_nothing_valid_is_zero_with_a_graph():
    za, zb, _ = embeddings(6)
    loss = info_nce(za, zb, torch.zeros(6, dtype=torch.bool), 0.1)
    loss.backward()
    assert loss.item() == 0.0
    assert bool((za.grad == 0).all())


def test_half_precision_embeddings_are_computed_in_float32():
    za, zb, valid = embeddings(50, dtype=torch.float32)
    half = [z.detach().bfloat16().requires_grad_() for z in (za, zb)]
    with torch.autocast("cpu", torch.bfloat16):
        loss = info_nce(*half, valid, 0.1, 16)
    loss.backward()
    exact = naive(*(z.detach().double() for z in half), valid, 0.1)
    assert loss.dtype is torch.float32
    torch.testing.assert_close(loss.double(), exact, rtol=1e-6, atol=1e-6)
    assert half[0].grad.dtype is torch.bfloat16


def test_small_temperatures_do_not_overflow():
    za, zb, valid = embeddings(30, dtype=torch.float32)
    loss = info_nce(za, zb, valid, 0.005, 8)
    expected = naive(za.double(), zb.double(), valid, 0.005)
    torch.testing.assert_close(loss.double(), expected, rtol=1e-10, atol=1e-10)
    with pytest.raises(ConfigurationError, match=r"loss\.temperature is 0\.001"):
        info_nce(za, zb, valid, 0.001, 8)


def test_a_batch_is_the_mean_over_its_samples():
    generator = torch.Generator().manual_seed(1)
    za, zb = (torch.randn(3, 4, 2, 3, 3, generator=generator).double() for _ in range(2))
    valid = torch.rand(3, 2, 3, 3, generator=generator) > 0.4
    valid[2] = False  # a sample without a valid site does not count
    per_sample = [
        # (D, T', H', W') -> (sites, D)
        naive(za[i].flatten(1).T, zb[i].flatten(1).T, valid[i].flatten(), 0.5)
        for i in range(2)
    ]
    loss = info_nce_batch(za, zb, valid, 0.5, 5)
    torch.testing.assert_close(loss, torch.stack(per_sample).mean())


def test_an_entirely_masked_batch_is_zero_with_a_graph():
    za = torch.randn(2, 4, 1, 2, 2, requires_grad=True)
    loss = info_nce_batch(za, za.detach(), torch.zeros(2, 1, 2, 2, dtype=torch.bool), 0.5)
    loss.backward()
    assert loss.item() == 0.0
