"""SeCo, CaCo and GSSL: their frozen embedding beats a random one where light hides the ground.

They learn from single images what stays with a place while dates change it. So every place here has
a hue of its own that stays, and every date a brightness that says nothing and is far stronger. A
nearest neighbour by random features is of the same brightness; one by pretrained features is of the
same hue.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from s4_core.reproduce.method import PretrainBatch
from s4_core.reproduce.methods import method_named
from s4_core.reproduce.methods.momentum import MomentumTask
from s4_core.train.batches import Batch
from s4_core.types import Modality
from tests.reproduce.test_methods import CPU, SIZES, plan

SIDE, DATES, CLASSES = 8, 4, 3
STEPS, PATCHES, ASKED = 150, 24, 192

HUES = np.array([[1.0, -1.0, 0.0], [1.0, 1.0, -2.0]]) / np.sqrt([[2.0], [6.0]])
"""Two directions that brightness, the same in all channels, does not change."""


def places(seed: int, patches: int) -> tuple[Tensor, Tensor]:
    """Series (B, 3, T, H, W) of places of one hue each, and the sector that it lies in (B,)."""
    rng = np.random.default_rng(seed)
    turn = rng.uniform(0, 1, patches)
    angle = 2 * np.pi * turn[:, None]
    hue = 2.5 * (np.cos(angle) * HUES[0] + np.sin(angle) * HUES[1])
    brightness = rng.normal(0, 4.0, (patches, 1, DATES, 1, 1))
    noise = rng.normal(0, 0.3, (patches, 3, DATES, SIDE, SIDE))
    x = hue[:, :, None, None, None] + brightness + noise
    return torch.from_numpy(x).float(), torch.from_numpy((turn * CLASSES).astype(int))


def batch(seed: int) -> PretrainBatch:
    x, _ = places(seed, PATCHES)
    valid = torch.ones(PATCHES, DATES, SIDE, SIDE, dtype=torch.bool)
    days = torch.arange(1.0, DATES + 1).repeat(PATCHES, 1) * 60
    inputs = {m: (x, valid, days) for m in Modality}
    present = {m: torch.ones(PATCHES, 3, dtype=torch.bool) for m in inputs}
    pairs = Batch(inputs, dict.fromkeys(inputs, x), present, ((0, 0),) * PATCHES)
    return PretrainBatch(pairs, torch.arange(PATCHES) % 2)


def neighbours_of_another_hue(task: MomentumTask) -> float:
    """Share of single images, of new places, whose nearest neighbour is of another sector."""
    x, sector = places(99_999, ASKED)
    task.eval()
    with torch.no_grad():
        embedded = task.queries(x[:, :, :1])[0]
    nearest = torch.cdist(embedded, embedded).fill_diagonal_(float("inf")).argmin(dim=1)
    return float((sector[nearest] != sector).float().mean())


@pytest.mark.parametrize("key", ["seco", "caco", "gssl"])
def test_the_frozen_embedding_beats_a_random_one(key: str) -> None:
    torch.manual_seed(0)
    make = method_named(key).task
    assert make is not None
    sizes = replace(SIZES, queue=96, frame_widths=(8, 16), momentum=0.95)
    task = make(replace(plan(), sizes=sizes), Modality.OPTICAL)
    assert isinstance(task, MomentumTask)
    random = neighbours_of_another_hue(task)
    optimizer = torch.optim.Adam([p for p in task.parameters() if p.requires_grad], lr=3e-3)
    task.train()
    for step in range(STEPS):
        loss = task.loss(batch(step), CPU)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        task.after_step()
    # chance is 2 of 3
    assert random < 0.5
    assert neighbours_of_another_hue(task) < 0.7 * random
