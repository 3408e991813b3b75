import pytest
import torch

from s4_core.errors import ConfigurationError
from s4_core.nn import flatten_dates, untrained
from s4_core.nn.metric import ParcelMetric
from s4_core.types import Modality, NetworkSettings

SMALL = NetworkSettings(
    widths=(4, 6, 8), decoder_widths=(6, 4, 4), metric_dates=8, metric_widths=(5, 6, 3)
)


@pytest.fixture
def parts():
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(2, features, 8, 4, 6, generator=generator) for features in (4, 3)]


def test_pixels_of_maps_and_single_pixels_have_the_same_embedding(parts):
    metric = ParcelMetric(8 * 7, (5, 6, 3)).eval()
    metric.first.mean.normal_()
    metric.first.std.uniform_(0.5, 2.0)
    maps = metric(parts)
    assert maps.shape == (2, metric.size, 1, 4, 6)
    vectors = torch.cat([flatten_dates(part) for part in parts], 1)
    # (B, D, H, W) -> (N, D)
    single = metric.embed(vectors.permute(0, 2, 3, 1).reshape(-1, 8 * 7))
    again = single.reshape(2, 4, 6, metric.size).permute(0, 3, 1, 2)
    torch.testing.assert_close(maps[:, :, 0], again, rtol=1e-4, atol=1e-5)


def test_dropout_acts_in_training_only(parts):
    metric = ParcelMetric(8 * 7, (5, 6, 3), dropout=0.5)
    assert not torch.equal(metric.train()(parts), metric(parts))
    assert torch.equal(metric.eval()(parts), metric(parts))


def test_a_network_gives_the_metric_as_a_layer_of_one_date():
    network = untrained(SMALL, {Modality.OPTICAL: 3}, 0).eval()
    x, valid, days = torch.randn(1, 3, 8, 8, 8), torch.ones(1, 8, 8, 8).bool(), torch.zeros(1, 8)
    found = network.features(x, valid, days, Modality.OPTICAL, "metric")
    assert found.shape == (1, 8, 1, 8, 8)
    assert network.feature_count("metric") == 8
    decoded = network.features(x, valid, days, Modality.OPTICAL, "decoder")
    torch.testing.assert_close(found, network.metric["optical"]([decoded, x]))


def test_a_network_without_a_metric_says_so():
    network = untrained(NetworkSettings(widths=(4, 6, 8)), {Modality.OPTICAL: 3}, 0)
    x, valid, days = torch.zeros(1, 3, 8, 8, 8), torch.ones(1, 8, 8, 8).bool(), torch.zeros(1, 8)
    with pytest.raises(ConfigurationError, match="no parcel metric"):
        network.features(x, valid, days, Modality.OPTICAL, "metric")
