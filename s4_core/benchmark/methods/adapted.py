"""`s4-area`: the checkpoint pretrained further on the area's own unlabelled images."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from s4_core import io, nn, train
from s4_core.benchmark.cells import key_of
from s4_core.benchmark.methods.method import Method, Predictor
from s4_core.benchmark.methods.readouts import quick_mode
from s4_core.benchmark.provenance import area_files, engine, fingerprint
from s4_core.benchmark.task import Ground
from s4_core.config import settings_to_plain
from s4_core.progress import Stage
from s4_core.types import Settings


def settings_for(settings: Settings, steps: int) -> Settings:
    """Pretraining of at most `steps` batches: whole epochs, at least one."""
    per_epoch = min(settings.pretrain.steps_per_epoch, steps)
    schedule = replace(
        settings.pretrain, steps_per_epoch=per_epoch, epochs=max(1, steps // per_epoch)
    )
    return replace(settings, pretrain=schedule)


def further_pretraining(ground: Ground) -> Settings:
    """The ground's settings, with pretraining and losses as they were asked for."""
    return replace(ground.settings, pretrain=ground.stated.pretrain, loss=ground.stated.loss)


def adapted_checkpoint(ground: Ground, stage: Stage) -> Path:
    """The area's own checkpoint: made once, and shared by all that would make the same one."""
    settings = settings_for(further_pretraining(ground), ground.budgets.area_steps)
    plain = settings_to_plain(settings)
    key = key_of(
        {
            "engine": engine(),
            "checkpoint": fingerprint(ground.checkpoint),
            "settings": {name: plain[name] for name in ("seed", "pretrain", "loss", "input")},
            "device": ground.finetuning.device.reason,
            "area": [ground.area.name, str(ground.area.season), str(ground.area.until)],
            "files": area_files(ground.area),
        }
    )
    path = ground.budgets.folder / f"adapted-{key}.safetensors"
    if not path.is_file():
        io.atomic.make_folder(path.parent)
        train.pretrain(
            [ground.area], settings, path, init=str(ground.checkpoint), resume=True, stage=stage
        )
    return path


def prepare(ground: Ground, stage: Stage) -> Predictor:
    """Quick mode on the area's own network."""
    path = adapted_checkpoint(ground, stage.part(f"{stage.name}, pretraining", 0.0, 0.8))
    network, _ = nn.load_network(path)
    return quick_mode(ground.finetuning_with(network), ground, stage.part(stage.name, 0.8, 1.0))


METHOD = Method(
    prepare,
    lambda budgets: {
        "what": "the checkpoint fitted to the area's own unlabelled images, quick mode: its parcel "
        "metric where it has one, else its network",
        "pretraining_steps": budgets.area_steps,
    },
    weight=100.0,
    preparing=0.9,
    needs_pair=True,
)
