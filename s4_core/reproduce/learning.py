"""The two training loops that every method goes through: pretraining and fine-tuning."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional as F

from s4_core import assess
from s4_core.data.published import IGNORED, LabelledSet
from s4_core.nn import DeviceChoice
from s4_core.progress import Stage
from s4_core.reproduce.method import Inputs, PretrainBatch, PretrainTask, Reads, SegmentationModel
from s4_core.reproduce.samples import INFRARED, Samples, collated
from s4_core.train.batches import series_input
from s4_core.train.finite import check_finite
from s4_core.train.run import Run, discard_state
from s4_core.train.shifts import stack_apart, third_apart

_PRETRAIN, _FINETUNE, _SHIFT = 1, 2, 3
"""Streams of random numbers, beside the seed and the epoch."""

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Schedule:
    """How long and how fast to learn.

    Args:
        batch: patches a step.
        learning_rate: Adam's.
        shown: patches that an epoch shows at least; fewer are shown several times.
        fades: the rate falls to 0 as half a cosine does (Loshchilov & Hutter 2017), so that the
            last epochs agree with each other and the best of them is not the luckiest.
    """

    epochs: int
    batch: int
    learning_rate: float
    seed: int
    shown: int = 0
    fades: bool = False

    def order(self, count: int, stream: int, epoch: int) -> npt.NDArray[np.int64]:
        """Indices of `count` patches as an epoch shows them, each equally often."""
        rng = np.random.default_rng([self.seed, stream, epoch])
        times = max(1, -(-self.shown // count))
        return np.concatenate([rng.permutation(count) for _ in range(times)])

    def rate(self, done: float) -> float:
        """The learning rate where `done` of the training, 0..1, lies behind."""
        if not self.fades:
            return self.learning_rate
        return self.learning_rate * 0.5 * (1 + math.cos(math.pi * done))


def pretrain(
    task: PretrainTask,
    samples: Samples,
    ids: Sequence[str],
    places: npt.NDArray[np.int64],
    *,
    schedule: Schedule,
    out: Path,
    identity: Mapping[str, Any],
    device: DeviceChoice,
    stage: Stage,
    infrared: bool = False,
    shift_px: int = 0,
) -> float:
    """Train a task on patches of an unlabelled set, each once an epoch.

    Args:
        places: cluster of each patch's location, in the order of `ids`.
        out: names the files that a stopped training goes on from.
        infrared: show the third modality too.
        shift_px: cut the modalities up to so many pixels apart.

    Returns:
        The last epoch's mean loss.

    Raises:
        TrainingError: a loss that is not finite.
    """
    device.place(task)
    optimizer = torch.optim.Adam(
        [p for p in task.parameters() if p.requires_grad], lr=schedule.learning_rate
    )
    torch.manual_seed(schedule.seed)
    run = Run(out, task, optimizer, identity)
    run.begin(resume=True)
    length = samples.pair_length(90.0)
    mean = float("nan")
    for epoch in range(run.epoch, schedule.epochs):
        task.train()
        order = schedule.order(len(ids), _PRETRAIN, epoch)
        rng = np.random.default_rng([schedule.seed, _SHIFT, epoch])
        losses = []
        for step, chosen in enumerate(_batches(order, schedule.batch)):
            given = [samples.pair(ids[i], length) for i in chosen]
            pairs = stack_apart(given, shift_px, rng, device.device)
            where = torch.from_numpy(places[chosen]).to(device.device)
            third = None
            if infrared:
                dated = [{INFRARED: samples.infrared(ids[i], length)} for i in chosen]
                third = third_apart(dated, pairs.offsets, shift_px, rng, device.device)
            loss = task.loss(PretrainBatch(pairs, where, third), device)
            losses.append(check_finite(loss, epoch, step, "pretrain"))
            _descend(optimizer, loss)
            task.after_step()
            stage.check()
        mean = float(np.mean(losses))
        run.finish_epoch({"loss": mean}, None)
        stage.step(epoch + 1, schedule.epochs, loss=mean)
    discard_state(out)
    return mean


@dataclass(frozen=True, eq=False)
class Lesson:
    """What is learned from and judged by.

    Args:
        learns_from: modalities that training shows. maps_by: that validation and test show.
    """

    patches: LabelledSet
    samples: Samples
    train: tuple[str, ...]
    validation: tuple[str, ...]
    learns_from: Reads
    maps_by: Reads

    @property
    def classes(self) -> int:
        """K."""
        return len(self.patches.class_names)

    def inputs(self, ids: Sequence[str], modalities: Reads, device: torch.device) -> Inputs:
        """Patches as one batch, padded to the longest."""
        return {
            m: series_input(collated([self.samples.native(p, m) for p in ids]), device)
            for m in modalities
        }

    def targets(self, ids: Sequence[str], device: torch.device) -> Tensor:
        """(B, H, W) int64."""
        return torch.from_numpy(np.stack([self.patches.target(p) for p in ids])).to(device)


def finetune(
    model: SegmentationModel,
    lesson: Lesson,
    *,
    schedule: Schedule,
    out: Path,
    identity: Mapping[str, Any],
    device: DeviceChoice,
    stage: Stage,
) -> Run:
    """Cross-entropy on the labelled patches; the best epoch by validation mIoU is kept (6.3).

    Raises:
        TrainingError: a loss that is not finite.
    """
    device.place(model)
    optimizer = torch.optim.Adam(
        [p for p in model.parameters() if p.requires_grad], lr=schedule.learning_rate
    )
    torch.manual_seed(schedule.seed)
    run = Run(out, model, optimizer, identity)
    run.begin(resume=True)
    for epoch in range(run.epoch, schedule.epochs):
        model.train()
        losses = []
        order = schedule.order(len(lesson.train), _FINETUNE, epoch)
        batches = _batches(order, schedule.batch)
        for step, chosen in enumerate(batches):
            _set_rate(optimizer, schedule.rate((epoch + step / len(batches)) / schedule.epochs))
            ids = [lesson.train[i] for i in chosen]
            with device.autocast():
                logits = model(lesson.inputs(ids, lesson.learns_from, device.device))
            targets = lesson.targets(ids, device.device)
            if not bool((targets != IGNORED).any()):
                continue  # nothing in these patches teaches: their mean loss would be 0 / 0
            loss = F.cross_entropy(logits.float(), targets, ignore_index=IGNORED)
            losses.append(check_finite(loss, epoch, step, "finetune"))
            _descend(optimizer, loss)
            stage.check()
        counts = predicted_counts(model, lesson, lesson.validation, device)
        score = assess.mean_iou(counts.sum(axis=0))
        mean = float(np.mean(losses)) if losses else None
        run.finish_epoch({"loss": mean, "validation_miou": score}, score)
        stage.step(epoch + 1, schedule.epochs, miou=score)
    run.take_best()
    discard_state(out)
    return run


def predictions(
    model: SegmentationModel, lesson: Lesson, ids: Sequence[str], device: DeviceChoice
) -> npt.NDArray[np.int64]:
    """Class 0..K-1 of each pixel, (B, H, W), of patches with equally many dates."""
    model.eval()
    with torch.no_grad(), device.autocast():
        logits = model(lesson.inputs(ids, lesson.maps_by, device.device))
    found: npt.NDArray[np.int64] = logits.argmax(dim=1).cpu().numpy()
    return found


def predicted_counts(
    model: SegmentationModel, lesson: Lesson, ids: Sequence[str], device: DeviceChoice
) -> Counts:
    """Confusion of each patch, (P, K, K), rows reference; ignored pixels are not counted."""
    found: dict[str, Counts] = {}
    for some in _of_one_length(lesson, ids):
        for patch, predicted in zip(some, predictions(model, lesson, some, device)):
            target = lesson.patches.target(patch)
            # classes count from 1 in `assess`; 0 is left out
            reference = np.where(target == IGNORED, 0, target + 1)
            found[patch] = assess.confusion(reference, predicted + 1, lesson.classes)
    return np.stack([found[patch] for patch in ids])


_TESTED_TOGETHER = 16


def _of_one_length(lesson: Lesson, ids: Sequence[str]) -> list[list[str]]:
    """Groups of patches with equally many dates, so that no companion pads a patch's series."""
    groups: dict[tuple[int, ...], list[str]] = {}
    for patch in ids:
        lengths = tuple(len(lesson.samples.series(patch, m).dates) for m in lesson.maps_by)
        groups.setdefault(lengths, []).append(patch)
    return [
        group[start : start + _TESTED_TOGETHER]
        for group in groups.values()
        for start in range(0, len(group), _TESTED_TOGETHER)
    ]


def _set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate


def _descend(optimizer: torch.optim.Optimizer, loss: Tensor) -> None:
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()


def _batches(order: npt.NDArray[np.int64], size: int) -> list[npt.NDArray[np.int64]]:
    return [order[start : start + size] for start in range(0, len(order), size)]
