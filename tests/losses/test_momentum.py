from __future__ import annotations

import copy
import math

import torch
from torch import nn
from torch.nn import functional as F

from s4_core.losses import KeyQueue, follow, queue_info_nce


def keys(count: int, seed: int) -> torch.Tensor:
    return F.normalize(torch.randn(count, 4, generator=torch.Generator().manual_seed(seed)), dim=1)


def test_a_queue_forgets_the_oldest_first() -> None:
    queue = KeyQueue(6, 4)
    first, second = keys(4, 1), keys(4, 2)
    queue.push(first)
    torch.testing.assert_close(queue.keys[:4], first)
    queue.push(second)
    # two places were left, then the oldest two went
    torch.testing.assert_close(queue.keys[4:], second[:2])
    torch.testing.assert_close(queue.keys[:2], second[2:])
    torch.testing.assert_close(queue.keys[2:4], first[2:])
    assert int(queue.place) == 2


def test_a_queue_keeps_its_size_and_its_length_one_keys() -> None:
    queue = KeyQueue(5, 4)
    for seed in range(7):
        queue.push(keys(3, seed))
        assert queue.keys.shape == (5, 4)
    torch.testing.assert_close(queue.keys.norm(dim=1), torch.ones(5))
    queue.push(keys(9, 50))  # more than there is room for
    held = {tuple(row) for row in queue.keys.tolist()}
    assert held == {tuple(row) for row in keys(9, 50)[-5:].tolist()}


def test_no_gradient_flows_into_a_queue() -> None:
    queue = KeyQueue(5, 4)
    fresh = keys(2, 3).requires_grad_(True)
    queue.push(fresh)
    assert not queue.keys.requires_grad
    assert list(queue.parameters()) == []


def test_a_queue_is_part_of_the_state() -> None:
    queue, other = KeyQueue(5, 4), KeyQueue(5, 4)
    queue.push(keys(3, 4))
    other.load_state_dict(queue.state_dict())
    torch.testing.assert_close(other.keys, queue.keys)
    assert int(other.place) == 3


def test_the_key_network_follows_slowly() -> None:
    queries = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    followers = copy.deepcopy(queries)
    before = followers[0].weight.detach().clone()
    with torch.no_grad():
        queries[0].weight.add_(1.0)
    queries(torch.randn(8, 2))  # moves the running statistics
    follow(followers, queries, 0.9)
    torch.testing.assert_close(followers[0].weight, before + 0.1)
    torch.testing.assert_close(followers[1].running_mean, queries[1].running_mean)


def test_info_nce_by_hand() -> None:
    query, positive, negatives = keys(1, 5), keys(1, 6), keys(3, 7)
    tau = 0.2
    near = math.exp(float((query * positive).sum().double()) / tau)
    far = sum(math.exp(float((query * row).sum().double()) / tau) for row in negatives)
    expected = -math.log(near / (near + far))
    found = queue_info_nce(query, positive, negatives, tau)
    assert math.isclose(float(found), expected, rel_tol=1e-5)
    own = queue_info_nce(query, positive, negatives[None], tau)
    torch.testing.assert_close(own, found)


def test_negatives_that_do_not_count_change_nothing() -> None:
    queries, positives, negatives = keys(2, 5), keys(2, 6), keys(3, 7)
    counted = torch.tensor([[True, False, True], [True, True, True]])
    found = queue_info_nce(queries, positives, negatives, 0.2, counted)
    first = queue_info_nce(queries[:1], positives[:1], negatives[[0, 2]], 0.2)
    second = queue_info_nce(queries[1:], positives[1:], negatives, 0.2)
    torch.testing.assert_close(found, (first + second) / 2)
