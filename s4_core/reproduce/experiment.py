"""Train and test one cell, or read what an earlier run has found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch

import s4_core
from s4_core import io
from s4_core.config import load_settings, settings_to_plain
from s4_core.data.published import LabelledSet, UnlabelledSet
from s4_core.errors import ConfigurationError
from s4_core.nn.tensors import read_tensors, write_tensors
from s4_core.progress import Stage
from s4_core.reproduce.cells import Cell
from s4_core.reproduce.learning import Lesson, Schedule, finetune, predicted_counts, pretrain
from s4_core.reproduce.method import Method, Plan, PretrainTask, SegmentationModel
from s4_core.reproduce.methods import method_named
from s4_core.reproduce.recipe import RECIPES
from s4_core.reproduce.results import Result, chance
from s4_core.reproduce.samples import (
    INFRARED,
    INFRARED_BANDS,
    Samples,
    drawn,
    drawn_labels,
    place_clusters,
)
from s4_core.reproduce.workspace import Workspace, origin
from s4_core.types import Modality, Settings

_PLACE_CLUSTERS, _CLUSTER_PATCHES = 100, 8
"""Most location clusters, as in GSSL, and fewest patches of one on average."""

_DATA_WORK, _FEW_LABELS_WORK, _LABELS_WORK = 0.3, 0.3, 0.7
"""Of a data set, a cell with hardly any labels, and all labels, where a pretraining is 1; roughly,
as timed at scale small."""


def paper_settings(workspace: Workspace) -> Settings:
    """Preset `paper` with the scale's network sizes."""
    sizes = workspace.scale.sizes.network
    return load_settings("paper", overrides={f"network.{k}": v for k, v in sizes.items()})


@dataclass(eq=False)
class Experiments:
    """Runs cells; each leaves its result, its model and its pretrained weights as files."""

    workspace: Workspace
    _samples: dict[Any, Samples] = field(default_factory=dict, init=False)
    _settings: Settings = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._settings = paper_settings(self.workspace)

    def result_path(self, cell: Cell) -> Path:
        """Where a cell's result lies."""
        return self.workspace.out / "cells" / f"{cell.name}.json"

    def finished(self, cell: Cell) -> Result | None:
        """A cell's result, None where it has not run.

        Raises:
            ConfigurationError: it ran with other settings, data or code.
        """
        path = self.result_path(cell)
        if not path.exists():
            return None
        found = Result.from_plain(json.loads(path.read_text(encoding="utf-8")))
        if found.identity != self.identity(cell):
            raise ConfigurationError(
                f"{path} was made with other settings, data or code.",
                "Choose another --out, or remove that folder.",
            )
        return found

    def identity(self, cell: Cell) -> dict[str, Any]:
        """Plain values that must be the same when a table goes on."""
        scale = self.workspace.scale
        settings = settings_to_plain(self._settings)
        made: dict[str, Any] = {
            "recipe": RECIPES[cell.data_set],
            "cell": cell.plain(),
            "scale": {**vars(scale), "sizes": vars(scale.sizes), "simulation": None},
            # of the engine's settings those that a reproduction reads
            "settings": {part: settings[part] for part in ("input", "network", "loss")},
            "given": {k: str(v) for k, v in sorted(self.workspace.given.items())},
        }
        if scale.simulation is not None:
            made["scale"]["simulation"] = vars(scale.simulation)
        if not method_named(cell.method).apart:
            del made["scale"]["shift_px"]  # which nothing of it reads
        plain: dict[str, Any] = json.loads(json.dumps(made))
        return plain

    def work(self, cells: Sequence[Cell]) -> list[float]:
        """What opening the data and then each cell will cost, for a progress bar.

        The unit is a pretraining; of several cells that share one, the first has to run it.
        """
        found = [_DATA_WORK * len(self._data_of(cells))]
        begun: set[Path] = set()
        for cell in cells:
            method = method_named(cell.method)
            path = self._pretrained_path(cell, method, cell.maps_by[0])
            pretrains = method.task is not None and path not in begun and not path.exists()
            begun.add(path)
            learned = _FEW_LABELS_WORK + _LABELS_WORK * cell.share / 100
            found.append(pretrains * method.pretrain_times + learned)
        return found

    def open_data(self, cells: Sequence[Cell], stage: Stage) -> None:
        """Open the cells' data sets, or simulate them.

        Raises:
            InputError: files are missing. ConfigurationError: real data are required.
        """
        needed = self._data_of(cells)
        for number, (name, location) in enumerate(needed):
            part = stage.part("", number / len(needed), (number + 1) / len(needed))
            if location is None:
                self.workspace.labelled(name, part)
            else:
                self.workspace.unlabelled(name, location, part)

    def _data_of(self, cells: Sequence[Cell]) -> list[tuple[str, str | None]]:
        """Data sets and, of unlabelled ones, their location."""
        found: dict[tuple[str, str | None], None] = {}
        for cell in cells:
            found[(cell.data_set, None)] = None
            if method_named(cell.method).task is not None:
                # another location is cut down to the size of the own one
                found.update({(cell.data_set, place): None for place in ("same", cell.location)})
        return list(found)

    def run(self, cell: Cell, stage: Stage) -> Result:
        """Pretrain where nobody has, fine-tune, test, and write the result.

        Raises:
            S4Error: data are missing, a loss is not finite, or the user stopped it.
        """
        found = self.finished(cell)
        if found is not None:
            return found
        method = method_named(cell.method)
        model, lesson, losses = self._built(cell, method, stage.part("pretrain", 0.0, 0.5))
        run = finetune(
            model,
            lesson,
            schedule=replace(
                self._schedule(cell, self.workspace.scale.finetune_epochs),
                fades=self.workspace.scale.fades,
            ),
            out=self._model_path(cell),
            identity=self.identity(cell),
            device=self.workspace.device,
            stage=stage.part("fine-tune", 0.5, 1.0),
        )
        write_tensors(self._model_path(cell), dict(model.state_dict()), {})
        patches = lesson.patches
        test = patches.split(cell.rotation).test
        result = Result(
            identity=self.identity(cell),
            origin={"labels": origin(patches), "pretraining": losses.get("origin", "none")},
            class_names=patches.class_names,
            patches=test,
            counts=predicted_counts(model, lesson, test, self.workspace.device),
            chance=chance(patches, lesson.train, test),
            clouds=tuple(patches.cloud_cover(patch) for patch in test),
            record={
                "training patches": len(lesson.train),
                "parameters": sum(p.numel() for p in model.parameters()),
                "best epoch": run.best_epoch,
                "validation mIoU": run.best_score,
                "pretraining loss": losses.get("loss"),
                "fine-tuning seconds": round(run.seconds, 1),
                "device": self.workspace.device.reason,
                "software": f"s4_core {s4_core.__version__}, torch {torch.__version__}",
            },
        )
        io.write_json(self.result_path(cell), result.plain())
        return result

    def trained(self, cell: Cell, stage: Stage) -> tuple[SegmentationModel, Lesson]:
        """A finished cell's model and what it is tested on, for figures."""
        self.run(cell, stage)
        model, lesson, _ = self._built(cell, method_named(cell.method), stage)
        tensors, _ = read_tensors(self._model_path(cell))
        model.load_state_dict(tensors)
        return self.workspace.device.place(model), lesson

    def task(self, cell: Cell, stage: Stage) -> tuple[PretrainTask | None, Samples]:
        """A cell's pretrained task and the patches of its data set."""
        method = method_named(cell.method)
        patches = self.workspace.labelled(cell.data_set, stage)
        samples = self._labelled_samples(cell, patches)
        task, _ = self._pretrained(cell, method, self._plan(cell, samples, patches), stage)
        return task, samples

    def pretrained_task(self, cell: Cell, stage: Stage) -> tuple[PretrainTask, Lesson]:
        """A cell's pretrained task, and what its frozen features can be judged by."""
        task, _ = self.task(cell, stage)
        if task is None:
            raise ConfigurationError(
                f"{cell.method} pretrains nothing.", "Name a pretrained method."
            )
        return self.workspace.device.place(task), self._lesson(cell, stage)

    def untrained_task(self, cell: Cell, seed: int, stage: Stage) -> PretrainTask:
        """The same task as it begins, from another seed."""
        method = method_named(cell.method)
        patches = self.workspace.labelled(cell.data_set, stage)
        plan = self._plan(cell, self._labelled_samples(cell, patches), patches)
        if method.task is None:
            raise ConfigurationError(
                f"{cell.method} pretrains nothing.", "Name a pretrained method."
            )
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(1000 + seed)
            return self.workspace.device.place(method.task(plan, cell.maps_by[0]))

    def _built(
        self, cell: Cell, method: Method, stage: Stage
    ) -> tuple[SegmentationModel, Lesson, dict[str, Any]]:
        lesson = self._lesson(cell, stage)
        plan = self._plan(cell, lesson.samples, lesson.patches)
        task, losses = self._pretrained(cell, method, plan, stage)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(cell.seed)
            return method.model(plan, lesson.learns_from, task), lesson, losses

    def _lesson(self, cell: Cell, stage: Stage) -> Lesson:
        patches = self.workspace.labelled(cell.data_set, stage)
        split = patches.split(cell.rotation)
        return Lesson(
            patches,
            self._labelled_samples(cell, patches),
            drawn_labels(split.train, cell.share, cell.seed),
            split.validation,
            method_named(cell.method).learns_from(cell.maps_by),
            cell.maps_by,
        )

    def _pretrained(
        self, cell: Cell, method: Method, plan: Plan, stage: Stage
    ) -> tuple[PretrainTask | None, dict[str, Any]]:
        """The method's task with trained weights, from an earlier cell or trained now."""
        if method.task is None:
            return None, {}
        source = self.workspace.unlabelled(cell.data_set, cell.location, stage)
        ids = self._pretraining_patches(cell, source, stage)
        clusters = min(_PLACE_CLUSTERS, max(2, len(ids) // _CLUSTER_PATCHES))
        places = place_clusters([source.place(p) for p in ids], clusters, cell.seed)
        plan = replace(plan, places=int(places.max()) + 1)
        modality = cell.maps_by[0]
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(cell.seed)
            task = method.task(plan, modality)
        path = self._pretrained_path(cell, method, modality)
        identity = {k: v for k, v in self.identity(cell).items() if k != "cell"}
        if path.exists():
            loss = _load_pretrained(path, task, identity)
            return task, {"loss": loss, "origin": origin(source)}
        loss = pretrain(
            task,
            self.unlabelled_samples(cell, source),
            ids,
            places,
            schedule=self._schedule(
                cell, self.workspace.scale.pretrain_epochs * method.pretrain_times
            ),
            out=path,
            identity=identity,
            device=self.workspace.device,
            stage=stage,
            infrared=method.infrared,
            shift_px=self.workspace.scale.shift_px if method.apart else 0,
        )
        header = {"loss": json.dumps(loss), "identity": json.dumps(identity)}
        write_tensors(path, dict(task.state_dict()), header)
        return task, {"loss": loss, "origin": origin(source)}

    def _pretraining_patches(
        self, cell: Cell, source: UnlabelledSet, stage: Stage
    ) -> tuple[str, ...]:
        """All; of another location no more than of the own one (paper 6.7), a seeded draw."""
        if cell.location == "same":
            return source.ids
        most = len(self.workspace.unlabelled(cell.data_set, "same", stage).ids)
        return drawn(source.ids, min(most, len(source.ids)), cell.seed)

    def _plan(self, cell: Cell, samples: Samples, patches: LabelledSet) -> Plan:
        channels = {m: len(samples.statistics[m].channels) for m in Modality}
        settings = replace(self._settings, seed=cell.seed)
        scale = self.workspace.scale
        classes = len(patches.class_names)
        return Plan(settings, scale.sizes, channels, classes, shift_px=scale.shift_px)

    def _labelled_samples(self, cell: Cell, patches: LabelledSet) -> Samples:
        key = (cell.data_set, cell.rotation)
        if key not in self._samples:
            names = self._settings.input
            train = patches.split(cell.rotation).train
            statistics = {m: patches.statistics(m, names.channels(m), train) for m in Modality}
            statistics[INFRARED] = patches.statistics(Modality.OPTICAL, INFRARED_BANDS, train)
            self._samples[key] = Samples(patches, statistics)
        return self._samples[key]

    def unlabelled_samples(self, cell: Cell, source: UnlabelledSet) -> Samples:
        """Standardised as the data set to be fine-tuned on (paper 6.3)."""
        key = (cell.data_set, cell.rotation, cell.location)
        if key not in self._samples:
            known = self._samples[(cell.data_set, cell.rotation)].statistics
            self._samples[key] = Samples(source, known)
        return self._samples[key]

    def _schedule(self, cell: Cell, epochs: int) -> Schedule:
        rate = self._settings.pretrain.learning_rate
        scale = self.workspace.scale
        return Schedule(epochs, scale.batch, rate, cell.seed, scale.shown)

    def _model_path(self, cell: Cell) -> Path:
        return _in_folder(self.workspace.out / "models", f"{cell.name}.safetensors")

    def _pretrained_path(self, cell: Cell, method: Method, modality: Modality) -> Path:
        parts: Sequence[str] = [cell.data_set, method.key, f"seed{cell.seed}", cell.location]
        if not method.pretrains_once:
            parts = [*parts, modality.value]
        if cell.rotation:
            parts = [*parts, f"rotation{cell.rotation}"]
        return _in_folder(self.workspace.out / "pretrained", "_".join(parts) + ".safetensors")


def _load_pretrained(path: Path, task: PretrainTask, identity: dict[str, Any]) -> float:
    """Weights that an earlier cell has left, into `task`; their last loss.

    Raises:
        ConfigurationError: they were trained with other settings, data or code.
    """
    tensors, header = read_tensors(path)
    if json.loads(header.get("identity", "null")) != identity:
        raise ConfigurationError(
            f"{path} was pretrained with other settings, data or code.",
            "Choose another --out, or remove that folder.",
        )
    task.load_state_dict(tensors)
    return float(json.loads(header["loss"]))


def _in_folder(folder: Path, name: str) -> Path:
    io.atomic.make_folder(folder)
    return folder / name
