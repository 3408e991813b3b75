import numpy as np
import pytest
import torch

from s4_core.errors import Cancelled
from s4_core.nn import ParcelMetric
from s4_core.progress import Silent, Stage
from s4_core.train.episodes import LabelledPixels
from s4_core.train.metric import (
    MetricSchedule,
    Reads,
    embedding,
    jittered,
    train_metric,
)
from s4_core.train.pixels import Pixels
from s4_core.train.readout import fit_prototypes

READS = Reads(dates=4, features=3, channels=2)
SCHEDULE = MetricSchedule(steps=60, areas=2, learning_rate=3e-3)


def make_area(seed):
    """4 classes of 4 parcels: what tells them apart is small, how parcels differ is large."""
    rng = np.random.default_rng(seed)
    classes = np.repeat(np.arange(4), 4 * 5)
    parcels = np.repeat(np.arange(16), 5)
    vectors = rng.normal(size=(80, READS.size)) * 0.1
    vectors[:, :2] += rng.normal(size=(4, 2))[classes]
    vectors[:, 2:8] += 3 * rng.normal(size=(16, 6))[parcels]
    return LabelledPixels(vectors.astype(np.float32), classes, parcels)


def accuracy(features, area):
    """One parcel a class teaches, the others judge."""
    taught = np.isin(area.parcels, [0, 4, 8, 12])
    places = np.zeros(len(area.classes), np.int64)
    pixels = Pixels(places, places, area.classes, area.parcels).take(taught)
    logits = fit_prototypes(features[taught], pixels, 4).logits(features[~taught])
    return (logits.argmax(1) == area.classes[~taught]).mean()


@pytest.fixture(scope="module")
def trained():
    torch.manual_seed(0)
    metric = ParcelMetric(READS.size, (6, 8, 4))
    areas = [make_area(seed) for seed in range(12)]
    loss = train_metric(metric, areas, READS, SCHEDULE, seed=0, stage=Stage(Silent(), "metric"))
    return metric, loss


def test_a_metric_sees_past_what_differs_from_field_to_field(trained):
    metric, loss = trained
    assert not metric.training
    assert loss < 0.8
    unseen = [make_area(seed) for seed in range(100, 110)]
    plain = np.mean([accuracy(area.vectors, area) for area in unseen])
    learned = np.mean([accuracy(embedding(metric, area.vectors), area) for area in unseen])
    assert learned > plain + 0.3


def test_the_same_seed_gives_the_same_metric(trained):
    torch.manual_seed(0)
    again = ParcelMetric(READS.size, (6, 8, 4))
    areas = [make_area(seed) for seed in range(12)]
    train_metric(again, areas, READS, SCHEDULE, seed=0, stage=Stage(Silent(), "metric"))
    for name, tensor in trained[0].state_dict().items():
        torch.testing.assert_close(again.state_dict()[name], tensor)


def test_jitter_leaves_the_features_and_treats_an_area_as_one():
    gain, offset = jittered(READS, 0.2, torch.Generator().manual_seed(0))
    torch.testing.assert_close(gain[:12], torch.ones(12))
    torch.testing.assert_close(offset[:12], torch.zeros(12))
    # the raw series: a gain a channel, the same on all dates; an offset of every date too
    by_date = gain[12:].reshape(4, 2)
    torch.testing.assert_close(by_date, by_date[:1].expand(4, 2))
    assert by_date[0, 0] != by_date[0, 1]
    assert offset[12:].unique().numel() == 8


def test_no_jitter_changes_nothing():
    gain, offset = jittered(READS, 0.0, torch.Generator().manual_seed(0))
    assert bool((gain == 1).all())
    assert bool((offset == 0).all())


class Stopping(Silent):
    def cancelled(self):
        return True


def test_training_can_be_cancelled():
    metric = ParcelMetric(READS.size, (6, 8, 4))
    with pytest.raises(Cancelled):
        train_metric(metric, [make_area(0)], READS, SCHEDULE, seed=0, stage=Stage(Stopping(), "m"))
