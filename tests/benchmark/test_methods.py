"""Every method of the registry on a small area; the product's own is the product's own."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from s4_core import data, io, nn, train
from s4_core.benchmark.judging import judge
from s4_core.benchmark.methods import METHODS, methods_of
from s4_core.benchmark.methods.adapted import further_pretraining
from s4_core.benchmark.splits import draw_splits
from s4_core.benchmark.task import task_of
from s4_core.errors import ConfigurationError
from s4_core.protocol import FewParcelsJob
from s4_core.train.pixels import compute_at
from s4_core.types import PretrainSettings, Settings


@pytest.fixture
def task(ground):
    splits = draw_splits(ground.parcel_classes.tolist(), 2, 1, 0)
    return task_of(ground, 0, splits.draws[0], splits.classes)


@pytest.mark.parametrize("name", METHODS)
def test_probabilities_of_every_labelled_pixel(name, ground, task, stage):
    found = METHODS[name].prepare(ground, stage)(task, stage)
    assert found.shape == (len(ground.pixels), 2)
    assert found.sum(axis=1) == pytest.approx(np.ones(len(found)), abs=1e-4)
    assert (found >= 0).all()


def lying_about(ground, others):
    """The ground with the classes of some parcels swapped, wherever it tells them."""
    labels = ground.labels
    pixels = np.isin(labels.parcel_index, others + 1)
    swapped = replace(
        labels,
        classes=np.where(pixels, 3 - labels.classes, labels.classes),
        parcels=tuple(
            replace(parcel, value=3 - parcel.value) if index in others else parcel
            for index, parcel in enumerate(labels.parcels)
        ),
    )
    told = np.isin(ground.pixels.parcels, others)
    classes = np.where(told, 1 - ground.pixels.classes, ground.pixels.classes)
    return replace(
        ground,
        finetuning=replace(ground.finetuning, labels=swapped),
        pixels=replace(ground.pixels, classes=classes),
    )


@pytest.mark.parametrize("name", METHODS)
def test_a_method_learns_from_the_training_parcels_alone(name, ground, task, stage):
    others = np.setdiff1d(np.arange(8), task.parcels)
    lying = lying_about(ground, others)
    found = [
        METHODS[name].prepare(told, stage)(replace(task, ground=told), stage)
        for told in (ground, lying)
    ]
    assert np.array_equal(*found)


@pytest.mark.parametrize("name", METHODS)
def test_a_method_learns_from_the_training_parcels(name, ground, task, stage):
    """With their classes swapped, so is the answer."""
    lying = lying_about(ground, task.parcels)
    true, found = (
        METHODS[name].prepare(told, stage)(replace(task, ground=told), stage)
        for told in (ground, lying)
    )
    assert not np.allclose(true, found, atol=1e-3)


@pytest.mark.parametrize("name", [name for name in METHODS if METHODS[name].is_rival])
def test_rivals_tell_two_crops_apart(name, ground, task, stage):
    judged = judge(task, METHODS[name].prepare(ground, stage)(task, stage))
    assert judged.counts.sum() == 4 * 60
    right = judged.counts[np.arange(8), ground.parcel_classes].sum()
    assert right / judged.counts.sum() > 0.9


def test_s4_is_what_finetune_and_segment_give(ground, task, tmp_path, stage):
    """The parcels of the split, given to the product as its only labels."""
    found = METHODS["s4"].prepare(ground, stage)(task, stage)
    area, labels = ground.area, ground.labels
    layer = io.read_parcels(area.labels, area.field)
    ids = {labels.parcels[index].id for index in task.parcels}
    taught = replace(layer, parcels=tuple(p for p in layer.parcels if p.id in ids))
    given = data.read_labels(area, taught)
    out = tmp_path / "model.safetensors"
    train.finetune(
        area, given, ground.checkpoint, ground.settings, [ground.modality], out, stage=stage
    )
    model = nn.load_segmenter(out)
    finetuning = ground.finetuning
    with torch.inference_mode():
        product, _ = compute_at(
            ground.pixels,
            finetuning.halo_px,
            lambda window: finetuning.inputs([window]),
            model.probabilities,
            device=finetuning.device,
        )
    assert found == pytest.approx(product, abs=1e-3)


def test_the_methods_that_are_named_come_in_the_order_of_the_registry():
    assert list(methods_of(["s4", "rf"])) == ["rf", "s4"]


@pytest.mark.parametrize("names", [["s5"], ["rf", "forest"], []])
def test_unknown_methods_are_told(names):
    with pytest.raises(ConfigurationError) as caught:
        methods_of(names)
    assert "rocket" in caught.value.remedy


def test_the_methods_by_default_are_known():
    assert set(FewParcelsJob((), "", "").methods) <= set(METHODS)


def test_further_pretraining_follows_what_was_asked_for():
    own, asked = Settings(seed=3), PretrainSettings(learning_rate=1e-4)
    ground = SimpleNamespace(settings=own, stated=Settings(pretrain=asked))
    found = further_pretraining(ground)
    assert (found.pretrain.learning_rate, found.seed) == (1e-4, 3)
