"""`s4-scratch`: the whole network trained on the parcels alone, as if there were no pretraining."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from s4_core import io, nn
from s4_core.benchmark.methods.method import Method, Predictor, spread_over_classes
from s4_core.benchmark.methods.readouts import softmax
from s4_core.benchmark.task import Floats, Ground, Task, taught_by
from s4_core.progress import Stage
from s4_core.train.finetune import open_task
from s4_core.train.gradient_modes import learn_network
from s4_core.train.pixels import compute_at
from s4_core.train.task import Task as Finetuning
from s4_core.types import Settings


def settings_for(settings: Settings, parcels: int, steps: int, seed: int) -> Settings:
    """Mode "full" of at most `steps` batches, all parcels teaching: whole epochs, at least one."""
    per_epoch = -(-parcels // settings.finetune.batch)
    schedule = replace(
        settings.finetune,
        mode="full",
        validation_share=0.0,
        parcels_per_class=None,
        epochs=max(1, steps // per_epoch),
    )
    return replace(settings, finetune=schedule, seed=seed)


def prepare(ground: Ground, stage: Stage) -> Predictor:
    """The images, read as mode "full" needs them; each split trains a network of its own."""
    stage.check()
    full = replace(ground.settings, finetune=replace(ground.settings.finetune, mode="full"))
    opened, _ = open_task(ground.area, ground.labels, ground.checkpoint, full, [ground.modality])

    def predict(task: Task, stage: Stage) -> Floats:
        finetuning = _untaught(opened, task)
        io.atomic.make_folder(ground.budgets.folder)
        with tempfile.TemporaryDirectory(dir=ground.budgets.folder) as folder:
            out = Path(folder) / "scratch.safetensors"
            outcome = learn_network(
                finetuning, out, resume=False, stage=stage.part(stage.name, 0.0, 0.8)
            )
        model = nn.Segmenter(finetuning.network, outcome.head, finetuning.card).eval()
        logits, _ = compute_at(
            ground.pixels,
            finetuning.halo_px,
            lambda window: finetuning.inputs([window]),
            model.logits,
            device=finetuning.device,
            stage=stage.part(stage.name, 0.8, 1.0),
        )
        classes = list(task.classes)
        return spread_over_classes(softmax(logits[:, classes]), classes, ground.class_count)

    return predict


def _untaught(opened: Finetuning, task: Task) -> Finetuning:
    """A fine-tuning of an untrained network on the split's parcels."""
    steps = task.ground.budgets.scratch_steps
    settings = settings_for(opened.settings, len(task.parcels), steps, task.seed)
    fresh = nn.untrained(settings.network, opened.network.channels, task.seed)
    own = replace(opened, network=opened.device.place(fresh), settings=settings)
    own.samples = opened.samples
    return taught_by(own, task.parcels)


METHOD = Method(
    prepare,
    lambda budgets: {
        "what": "the same network trained on the parcels alone (`finetune --mode full`)",
        "steps": budgets.scratch_steps,
        "confidence": "not calibrated: no parcel is held out",
    },
    weight=300.0,
)
