"""Painted clouds over the series that teach."""

from __future__ import annotations

import numpy as np

from s4_core.benchmark.methods.readouts import features_of
from s4_core.benchmark.painting import BROKEN, METHOD, OVERCAST, painted, under_paint
from s4_core.benchmark.splits import draw_splits
from s4_core.benchmark.task import task_of
from s4_core.sits import Sample
from s4_core.types import Modality, Window


def a_sample(frames=400):
    rng = np.random.default_rng(0)
    return Sample(
        x=rng.normal(size=(2, frames, 8, 8)).astype(np.float32),
        valid=rng.random((frames, 8, 8)) < 0.8,
        days=np.arange(frames, dtype=np.float32),
        dates=(),
        present_channels=np.ones(2, bool),
    )


def test_paint_hides_and_never_shows():
    sample = a_sample()
    found = painted(sample, np.random.default_rng(1))
    assert not (found.valid & ~sample.valid).any()
    kept = found.valid[None] & np.ones(2, bool)[:, None, None, None]
    assert np.array_equal(found.x[kept], sample.x[kept])
    assert (found.x[:, sample.valid & ~found.valid] == 0).all()


def test_so_many_dates_vanish_or_get_blobs():
    sample = a_sample()
    left = painted(sample, np.random.default_rng(2)).valid.sum(axis=(1, 2))
    own = sample.valid.sum(axis=(1, 2))
    assert abs((left == 0).mean() - OVERCAST) < 0.08
    assert abs(((left > 0) & (left < own)).mean() - BROKEN) < 0.08


def test_a_copy_is_the_same_each_time_and_differs_from_the_next(ground):
    window = Window(0, 0, 8, 8)

    def valid(number):
        return under_paint(ground.finetuning, number).samples.at(window)[Modality.OPTICAL].valid

    assert np.array_equal(valid(0), valid(0))
    assert not np.array_equal(valid(0), valid(1))
    # the images of the ground itself stay as they are
    assert ground.finetuning.samples.at(window)[Modality.OPTICAL].valid.sum() > valid(0).sum()


def test_other_pixels_than_the_plain_ones_teach_but_plain_ones_are_judged(ground, stage):
    draw = draw_splits(ground.parcel_classes.tolist(), 1, 1, 0)
    task = task_of(ground, 0, draw.draws[0], draw.classes)
    found = METHOD.prepare(ground, stage)(task, stage)
    assert found.shape == (len(ground.pixels), ground.class_count)
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-5)
    plain = features_of(ground.finetuning, ground, stage)
    hidden = features_of(under_paint(ground.finetuning, 0), ground, stage)
    assert not np.allclose(plain, hidden)
