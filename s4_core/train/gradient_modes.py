"""Fine-tuning modes `full` (the paper's) and `decoder`: cross-entropy on labelled pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional as F

from s4_core import data, nn
from s4_core.progress import Stage
from s4_core.train.finite import check_finite
from s4_core.train.loading import Loader
from s4_core.train.norm_across_ranks import across
from s4_core.train.pixels import Inputs, Pixels, compute_at
from s4_core.train.ranks import ALONE, Ranks, current
from s4_core.train.readout import assess_held_out
from s4_core.train.record import common_record, identity
from s4_core.train.run import Run
from s4_core.train.scores import HeldOut
from s4_core.train.task import Outcome, Task, require_seen
from s4_core.train.weights import class_balance
from s4_core.types import Window

_PATCHES = 3
"""Stream of random numbers, beside the seed and the epoch."""

_IGNORE = -100
"""Target of pixels that teach nothing."""


@dataclass(frozen=True, eq=False)
class Lesson:
    """Which pixels teach and which judge: no parcel does both.

    Args:
        training, validation: parcels, by index.
        targets: `(H, W)` int64, class 0..K-1 of training pixels that an image shows.
        weights: of the classes in the cross-entropy, `(K,)`, None for equal ones.
    """

    training: npt.NDArray[np.intp]
    validation: npt.NDArray[np.intp]
    targets: npt.NDArray[np.int64]
    weights: Tensor | None

    def loss(self, logits: Tensor, windows: Sequence[Window], ranks: Ranks = ALONE) -> Tensor:
        """Cross-entropy of logits (B, K, h, w) over the training pixels of the windows.

        Args:
            ranks: that share the batch: of each, what its windows add to the mean over all.
        """
        wanted = torch.from_numpy(np.stack([targets_in(self.targets, w) for w in windows]))
        wanted = wanted.to(logits.device)
        weights = None if self.weights is None else self.weights.to(logits.device)
        summed = F.cross_entropy(
            logits.float(), wanted, weight=weights, ignore_index=_IGNORE, reduction="sum"
        )
        taught = wanted[wanted != _IGNORE]
        weight = summed.new_tensor(len(taught)) if weights is None else weights[taught].sum()
        return summed / ranks.total(weight)


def plan_lesson(task: Task) -> Lesson:
    """Divide the parcels and lay out the targets of those that teach.

    Raises:
        LabelError: no image shows a class.
    """
    choices = task.settings.finetune
    inside, outside = data.split_parcels(task.values, choices.validation_share, task.settings.seed)
    training, validation = task.parcels[inside], task.parcels[outside]
    pixels = Pixels.of(task.labels, training.tolist())
    _, seen = compute_at(
        pixels, 0, lambda window: task.inputs([window]), _nothing, device=task.device
    )
    require_seen(pixels, seen, task.labels)
    pixels = pixels.take(seen)
    targets = np.full(task.labels.classes.shape, _IGNORE, np.int64)
    targets[pixels.rows, pixels.cols] = pixels.classes
    weights = None
    if choices.class_weights:
        balance = class_balance(np.bincount(pixels.classes, minlength=task.class_count))
        weights = torch.from_numpy(balance).float()
    return Lesson(training, validation, targets, weights)


def _nothing(inputs: Inputs) -> Tensor:
    """A placeholder (1, 1, h, w): only which pixels are seen is asked for."""
    valid = next(iter(inputs.values()))[1]
    return torch.zeros(1, 1, *valid.shape[-2:])


def targets_in(targets: npt.NDArray[np.int64], window: Window) -> npt.NDArray[np.int64]:
    """Targets of a window `(h, w)`; outside the area there is nothing to learn."""
    found = np.full((window.height, window.width), _IGNORE, np.int64)
    inside = window.clipped(*targets.shape)
    if inside is not None:
        found[inside.shifted(-window.row, -window.col).slices] = targets[inside.slices]
    return found


def new_head(task: Task) -> nn.Head:
    """An untrained head of the kind that the task's card names, by the settings' seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(task.settings.seed)
        return nn.new_head(task.network, task.card, task.class_count)


def learning_parts(model: nn.Segmenter, mode: str) -> tuple[torch.nn.Module, ...]:
    """What changes in a mode; all else keeps its weights and its BatchNorm statistics."""
    return (model,) if mode == "full" else (model.network.decoder, model.head)


def learn_network(task: Task, out: Path, *, resume: bool, stage: Stage) -> Outcome:
    """Train head and decoder, in mode `full` the encoder too; keep the best validation epoch.

    An epoch sees as many patches as there are training parcels. Where no class can spare a
    parcel for validation, the last epoch is kept.

    Raises:
        LabelError: no image shows a class.
        TrainingError: a loss that is not finite.
        Cancelled: the user stopped it; the last finished epoch stays for `resume`.
    """
    schedule, seed = task.settings.finetune, task.settings.seed
    lesson = plan_lesson(task)
    model = task.device.place(nn.Segmenter(task.network, new_head(task), task.card))
    parts = learning_parts(model, schedule.mode)
    learning = [parameter for part in parts for parameter in part.parameters()]
    model.requires_grad_(False)
    for parameter in learning:
        parameter.requires_grad_(True)
    ranks = current()
    ranks.begin_alike(model)
    optimizer = torch.optim.Adam(learning, lr=schedule.learning_rate)
    inputs_of = identity(task.settings, "finetune", task.inputs_record)
    run = Run(out, model, optimizer, inputs_of, ranks)
    if run.begin(resume):
        stage.reporter.log("info", f"Going on after epoch {run.epoch} of {schedule.epochs}.")
    per_epoch = -(-len(lesson.training) // schedule.batch)
    steps = (schedule.epochs - run.epoch) * per_epoch
    stage = stage.part(stage.name, run.epoch / max(schedule.epochs, run.epoch), 1.0)
    done = 0
    for epoch in range(run.epoch, schedule.epochs):
        model.eval()
        for part in parts:
            part.train()
        rng = np.random.default_rng([seed, _PATCHES, epoch])
        windows = data.labelled_windows(
            task.labels.parcel_index,
            lesson.training.tolist(),
            schedule.patch_px,
            per_epoch * schedule.batch,
            rng,
        )
        total = 0.0
        with read_batches(task, windows, schedule.batch, ranks) as batches:
            for step, (batch, inputs) in enumerate(batches):
                with task.device.autocast(), across(ranks):
                    logits = model.logits(inputs)
                loss = lesson.loss(logits, batch, ranks)
                value = check_finite(ranks.total(loss), epoch, step, "finetune")
                optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                ranks.sum_gradients(learning)
                optimizer.step()
                total += value
                done += 1
                stage.step(done, steps, epoch=epoch + 1, loss=value)
        miou = _validation_miou(task, model, lesson)
        run.finish_epoch(
            {
                "step": (epoch + 1) * per_epoch,
                "loss": total / per_epoch,
                "validation_miou": miou,
                "learning_rate": schedule.learning_rate,
            },
            miou,
        )
    run.take_best()
    held_out, temperature = _assessed(task, model, lesson)
    record = {"steps": run.epoch * per_epoch, **common_record(task.settings, run, task.device)}
    return Outcome(model.head, held_out, temperature, lesson.training, lesson.validation, record)


def read_batches(
    task: Task, windows: Sequence[Window], size: int, ranks: Ranks = ALONE
) -> Loader[tuple[Sequence[Window], Inputs]]:
    """The windows in batches, of each this rank's part with its inputs."""
    parts = [windows[start : start + size] for start in range(0, len(windows), size)]
    parts = [part[ranks.rows(len(part))] for part in parts]
    left = iter(parts)

    def make() -> tuple[Sequence[Window], Inputs]:
        part = next(left)
        return part, task.inputs(part)

    return Loader(make, len(parts))


def _validation_miou(task: Task, model: nn.Segmenter, lesson: Lesson) -> float | None:
    """Mean IoU of the validation parcels; None where there are none to see."""
    held_out, _ = _assessed(task, model, lesson)
    return held_out.mean_iou if len(held_out.classes) else None


def _assessed(task: Task, model: nn.Segmenter, lesson: Lesson) -> tuple[HeldOut, float]:
    """Predictions of the validation parcels, and the temperature that fits them."""
    pixels = Pixels.of(task.labels, lesson.validation.tolist())
    model.eval()
    logits, seen = compute_at(
        pixels,
        task.halo_px,
        lambda window: task.inputs([window]),
        model.logits,
        device=task.device,
    )
    if not seen.any():
        return HeldOut.nothing(task.class_count), 1.0
    return assess_held_out(logits[seen], pixels.take(seen), task.class_count, "hold-out")
