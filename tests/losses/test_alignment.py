import numpy as np
import torch

from s4_core.losses import neighbour_alignment, neighbour_logits


def by_hand(embedding, others):
    """In float64, pixel by pixel."""
    terms = []
    for i in range(len(embedding)):
        rest = [j for j in range(len(embedding)) if j != i]
        found = np.array([-((embedding[i] - embedding[j]) ** 2).sum() for j in rest])
        wanted = np.exp([others[i, j] for j in rest])
        wanted /= wanted.sum()
        terms.append(-(wanted * (found - np.log(np.exp(found).sum()))).sum())
    return np.mean(terms)


def test_it_is_the_cross_entropy_of_neighbours():
    rng = np.random.default_rng(0)
    embedding, teacher = rng.normal(size=(6, 3)), rng.normal(size=(6, 5))
    others = neighbour_logits(torch.from_numpy(teacher))
    found = neighbour_alignment(torch.from_numpy(embedding), others)
    np.testing.assert_allclose(found.item(), by_hand(embedding, others.numpy()), rtol=1e-12)


def test_a_pixel_is_no_neighbour_of_its_own():
    logits = neighbour_logits(torch.zeros(3, 2))
    assert torch.isinf(logits.diagonal()).all()
    assert (logits[~torch.eye(3, dtype=torch.bool)] == 0).all()


def test_following_the_gradient_brings_the_neighbourhoods_together():
    generator = torch.Generator().manual_seed(0)
    teacher = torch.randn(20, 4, generator=generator)
    embedding = torch.randn(20, 4, generator=generator).requires_grad_()
    others = neighbour_logits(teacher)
    floor = float(neighbour_alignment(teacher, others))
    before = neighbour_alignment(embedding, others).item()
    optimizer = torch.optim.Adam([embedding], lr=0.05)
    for _ in range(300):
        optimizer.zero_grad()
        loss = neighbour_alignment(embedding, others)
        loss.backward()
        optimizer.step()
    assert torch.isfinite(embedding).all()
    assert floor <= loss.item() < floor + 0.1 * (before - floor)
