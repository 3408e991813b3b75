import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from s4_core import nn
from s4_core.nn import PretrainOutputs
from s4_core.train.batches import stack
from s4_core.train.objective import pretrain_loss, shared_pixels
from s4_core.train.shifts import (
    cut_apart,
    draw_offset,
    onto_first,
    stack_apart,
    third_apart,
)
from s4_core.types import LossSettings, Modality, RuntimeSettings
from tests.train.toys import DATES, toy_sample

CPU = torch.device("cpu")
DEVICE = nn.choose_device(RuntimeSettings(device="cpu", precision="fp32"))
offsets = st.tuples(*[st.integers(-2, 2).map(lambda n: 4 * n)] * 2)


def numbered(side=24):
    """Both modalities show one ground, each pixel with a number of its own."""
    ground = np.arange(8 * side * side, dtype=np.float32).reshape(1, 8, side, side)
    return {m: toy_sample(ground) for m in Modality}


class PlaceNetwork:
    """Embeds every site as its place in the patch alone: it never looks at the images."""

    stride = (4, 4, 4)

    def pretrain_outputs(self, inputs):
        x = next(iter(inputs.values()))[0]
        sites = [side // 4 for side in x.shape[-3:]]
        z = torch.eye(math.prod(sites)).reshape(1, -1, *sites).expand(len(x), -1, -1, -1, -1)
        return PretrainOutputs(
            {m: z for m in inputs}, {m: torch.zeros_like(inputs[m][0]) for m in inputs}
        )


class GroundNetwork(PlaceNetwork):
    """Embeds every site by what it shows; its reconstruction is what it sees."""

    def pretrain_outputs(self, inputs):
        z = {}
        for m, (x, _, _) in inputs.items():
            # the number at the corner of each site, as one axis of the embedding
            corner = x[:, 0, ::4, ::4, ::4].long()
            z[m] = F.one_hot(corner, 8 * 24 * 24).float().movedim(-1, 1)
        first, second = inputs
        return PretrainOutputs(z, {second: inputs[first][0], first: inputs[second][0]})


def loss(network, batch, temperature=0.01):
    return pretrain_loss(network, batch, LossSettings(temperature=temperature), DEVICE)


@settings(deadline=None, max_examples=25)
@given(offsets, offsets)
def test_moved_onto_the_first_the_second_shows_the_same_ground(one, other):
    patches = [cut_apart(numbered(), 8, offset) for offset in (one, other)]
    batch = replace(stack(patches, CPU), offsets=(one, other))
    first, second = (x for x, _, _ in batch.inputs.values())
    shared = shared_pixels(batch)
    moved = onto_first(second, batch.offsets)
    assert first.shape == (2, 1, 8, 16, 16)
    assert torch.equal(first[shared[:, None]], moved[shared[:, None]])
    for count, (rows, cols) in zip(shared.flatten(1).sum(1).tolist(), batch.offsets):
        assert count == 8 * (16 - abs(rows)) * (16 - abs(cols))


def test_sites_move_by_whole_sites():
    values = torch.arange(16.0).reshape(1, 4, 4)
    moved = onto_first(values, [(4, -8)], stride=4)
    expected = [[0, 0, 0, 0], [2, 3, 0, 0], [6, 7, 0, 0], [10, 11, 0, 0]]
    assert moved[0].tolist() == expected


def test_without_a_shift_nothing_moves():
    values = torch.ones(2, 3, 3)
    assert onto_first(values, [(0, 0), (0, 0)]) is values


def test_a_network_that_knows_only_its_place_gets_by_without_a_shift_and_not_with_it():
    patches = [cut_apart(numbered(), 8, (0, 0))]
    assert loss(PlaceNetwork(), stack(patches, CPU)).contrastive < 0.01
    for offset in ((4, 0), (0, -8), (-4, 8)):
        batch = replace(stack([cut_apart(numbered(), 8, offset)], CPU), offsets=(offset,))
        # dates are still paired right, so only the places within a date are confused
        sites = 2 * (4 - abs(offset[0]) // 4) * (4 - abs(offset[1]) // 4)
        assert loss(PlaceNetwork(), batch).contrastive >= math.log(sites)


@pytest.mark.parametrize("offset", [(0, 0), (4, -8), (-8, -8)])
def test_a_network_that_knows_the_ground_is_right_wherever_it_is_cut(offset):
    batch = replace(stack([cut_apart(numbered(), 8, offset)], CPU), offsets=(offset,))
    found = loss(GroundNetwork(), batch)
    assert found.reconstruction == 0
    assert found.contrastive < 0.01


def test_draws_lie_on_the_lattice_and_reach_both_ends():
    rng = np.random.default_rng(0)
    drawn = {draw_offset(8, rng) for _ in range(400)}
    assert drawn == {(r, c) for r in (-8, -4, 0, 4, 8) for c in (-8, -4, 0, 4, 8)}


def test_a_batch_cut_apart_says_where():
    rng = np.random.default_rng(3)
    batch = stack_apart([numbered()] * 3, 8, rng, CPU)
    again = np.random.default_rng(3)
    assert batch.offsets == tuple(draw_offset(8, again) for _ in range(3))
    assert batch.inputs[Modality.RADAR][0].shape == (3, 1, len(DATES), 16, 16)


def test_no_shift_draws_nothing():
    rng = np.random.default_rng(3)
    batch = stack_apart([numbered()], 0, rng, CPU)
    assert batch.offsets == ((0, 0),)
    assert rng.random() == np.random.default_rng(3).random()


def test_a_third_modality_is_cut_at_places_of_its_own() -> None:
    rng = np.random.default_rng(4)
    patches = [numbered() for _ in range(12)]
    batch = stack_apart(patches, 8, rng, CPU)
    first, second = batch.inputs
    alone = [{second: patch[second]} for patch in patches]
    third = third_apart(alone, batch.offsets, 8, rng, CPU)
    assert set(third.offsets) != set(batch.offsets)
    x, y = batch.inputs[first][0], third.inputs[second][0]
    assert x.shape == y.shape
    for a, b, (down, right) in zip(x, y, third.offsets):
        assert float(b[0, 0, 0, 0] - a[0, 0, 0, 0]) == 24 * down + right
