"""Every system pretrains, learns and can be gone on with; on series of known classes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from s4_core.config import load_settings
from s4_core.nn import choose_device
from s4_core.reproduce.method import Plan, PretrainBatch, PretrainTask
from s4_core.reproduce.methods import METHODS, method_named
from s4_core.reproduce.methods.momentum import MomentumTask
from s4_core.reproduce.probing import pixel_features
from s4_core.reproduce.samples import INFRARED
from s4_core.reproduce.scales import Sizes, scale_named
from s4_core.reproduce.views import views_apart
from s4_core.train.batches import Batch
from s4_core.types import Modality, RuntimeSettings

CPU = choose_device(RuntimeSettings(device="cpu", precision="fp32"))
CLASSES, DATES, SIDE = 3, 4, 8

SIZES: Sizes = replace(
    scale_named("tiny").sizes,
    network={"widths": (4, 8, 8), "decoder_widths": (8, 4, 4), "projection_dim": 8},
    frame_widths=(6, 8),
    queue=16,
    attention=16,
    heads=2,
)


def plan() -> Plan:
    sizes = {f"network.{key}": value for key, value in SIZES.network.items()}
    settings = load_settings("paper", overrides=sizes)
    return Plan(settings, SIZES, {m: 3 for m in Modality}, CLASSES, places=2)


def batch(seed: int, patches: int = 6) -> tuple[PretrainBatch, Tensor]:
    """Both modalities of squares of three classes, each with a course of its own over the dates."""
    rng = np.random.default_rng(seed)
    classes = rng.integers(0, CLASSES, (patches, SIDE // 4, SIDE // 4))
    classes = classes.repeat(4, axis=1).repeat(4, axis=2)
    courses = np.random.default_rng(0).normal(0, 1.5, (2, 3, DATES, CLASSES))
    valid = torch.ones(patches, DATES, SIDE, SIDE, dtype=torch.bool)
    days = torch.arange(1.0, DATES + 1).repeat(patches, 1) * 60

    def made(number: int) -> Tensor:
        # (C, T, classes) at (B, H, W) -> (B, C, T, H, W)
        clean = courses[number][:, :, classes].transpose(2, 0, 1, 3, 4)
        return torch.from_numpy(clean + rng.normal(0, 0.3, clean.shape)).float()

    inputs = {m: (made(n), valid, days) for n, m in enumerate(Modality)}
    pairs = Batch(
        inputs,
        {m: x for m, (x, _, _) in inputs.items()},
        {m: torch.ones(patches, 3, dtype=torch.bool) for m in inputs},
        ((0, 0),) * patches,
    )
    third = made(0) * 0.5
    infrared = Batch(
        {INFRARED: (third, valid, days)},
        {INFRARED: third},
        {INFRARED: torch.ones(patches, 3, dtype=torch.bool)},
        pairs.offsets,
    )
    places = torch.arange(patches) % 2
    return PretrainBatch(pairs, places, infrared), torch.from_numpy(classes)


def pretrain(task: PretrainTask, steps: int, rate: float = 3e-3) -> None:
    """So many steps, each on patches of its own."""
    weights = [p for p in task.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(weights, lr=rate)
    task.train()
    for step in range(steps):
        loss = task.loss(batch(step)[0], CPU)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        task.after_step()


def loss_of_others(task: PretrainTask) -> float:
    """On patches that no step shows, always the same and with the same random draws."""
    task.train()
    torch.manual_seed(7)
    with torch.no_grad():
        return float(np.mean([float(task.loss(batch(seed)[0], CPU)) for seed in (500, 501)]))


PRETRAINED = [key for key, method in METHODS.items() if method.task is not None]


@pytest.mark.parametrize("key", PRETRAINED)
def test_the_loss_of_every_pretraining_falls(key: str) -> None:
    torch.manual_seed(0)
    make = method_named(key).task
    assert make is not None
    task = make(plan(), Modality.OPTICAL)
    pretrain(task, 3)  # by now a queue holds keys, which are harder than the noise it begins with
    before = loss_of_others(task)
    pretrain(task, 20)
    assert loss_of_others(task) < before


def frozen_error(task: PretrainTask) -> float:
    """Squared error of a ridge regression from frozen features to the classes, on new patches."""
    given, classes = batch(100, 8)
    asked, wanted = batch(200, 8)

    def features(one: PretrainBatch) -> Tensor:
        x, valid, days = one.pairs.inputs[Modality.OPTICAL]
        task.eval()
        with torch.no_grad():
            maps = task.feature_maps(x, valid, days, Modality.OPTICAL)
        found = pixel_features(maps, (x.shape[-2], x.shape[-1]))
        return found.movedim(1, -1).flatten(0, 2).double()

    x, y = features(given), features(asked)
    mean, spread = x.mean(0), x.std(0).clamp(min=1e-8)
    x, y = ((one - mean) / spread for one in (x, y))
    x, y = (torch.cat([one, one.new_ones(len(one), 1)], dim=1) for one in (x, y))
    known = torch.nn.functional.one_hot(classes.flatten(), CLASSES).double()
    weights = torch.linalg.solve(x.T @ x + torch.eye(x.shape[1]).double(), x.T @ known)
    truth = torch.nn.functional.one_hot(wanted.flatten(), CLASSES).double()
    return float(((y @ weights - truth) ** 2).mean())


def cut_apart(given: PretrainBatch, seed: int, shift_px: int) -> PretrainBatch:
    """Both modalities a few pixels apart, as S4 pretrains where patches are small."""
    torch.manual_seed(seed)
    (first, a), (second, b) = given.pairs.inputs.items()
    joined = torch.cat([a[0], b[0]], dim=1)
    (here, there), (seen, seen_there), offsets = views_apart(joined, a[1], shift_px)
    inputs = {first: (here[:, :3], seen, a[2]), second: (there[:, 3:], seen_there, b[2])}
    targets = {m: x for m, (x, _, _) in inputs.items()}
    return replace(
        given, pairs=replace(given.pairs, inputs=inputs, targets=targets, offsets=offsets)
    )


def test_s4_embeds_the_ground_where_random_weights_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    # of 8 px, every site would lie in a corner of its own, and place alone would tell sites apart
    monkeypatch.setattr(f"{__name__}.SIDE", 32)
    torch.manual_seed(0)
    make = method_named("s4").task
    assert make is not None
    task = make(plan(), Modality.OPTICAL)
    before = frozen_error(task)
    weights = [p for p in task.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(weights, lr=3e-3)
    task.train()
    for step in range(80):
        loss = task.loss(cut_apart(batch(step)[0], step, 8), CPU)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert frozen_error(task) < 0.85 * before


def test_satmae_encodes_more_than_random_weights_do() -> None:
    torch.manual_seed(0)
    make = method_named("satmae").task
    assert make is not None
    task = make(plan(), Modality.OPTICAL)
    before = frozen_error(task)
    pretrain(task, 100)
    assert frozen_error(task) < before


def test_the_key_network_learns_by_following_alone() -> None:
    torch.manual_seed(0)
    make = method_named("seco").task
    assert make is not None
    task = make(plan(), Modality.OPTICAL)
    assert isinstance(task, MomentumTask)
    assert not any(p.requires_grad for p in task.keys.parameters())
    queue = task.negatives(0).clone()
    pretrain(task, 1)
    # one batch of six joined every queue, all else stayed
    assert int((task.negatives(0) != queue).any(dim=1).sum()) == 6


@pytest.mark.parametrize("key", METHODS)
def test_every_method_gives_logits_and_learns(key: str) -> None:
    torch.manual_seed(0)
    method, small = method_named(key), plan()
    modality = Modality.RADAR
    task = None if method.task is None else method.task(small, modality)
    reads = method.learns_from((modality,))
    model = method.model(small, reads, task)
    given, classes = batch(1)
    inputs = {m: given.pairs.inputs[m] for m in reads}
    weights = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(weights, lr=1e-2)
    losses = []
    for _ in range(6):
        model.train()
        loss = torch.nn.functional.cross_entropy(model(inputs), classes)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < losses[0]
    model.eval()
    # maps come from the one modality, whatever was learned from
    logits = model({modality: inputs[modality]})
    assert logits.shape == (6, CLASSES, SIDE, SIDE)
