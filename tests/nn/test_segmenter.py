from dataclasses import replace

import pytest
import torch

from s4_core.errors import ConfigurationError
from s4_core.model_card import HeadCard
from s4_core.nn import (
    ConvLSTMHead,
    MeanHead,
    ReadoutHead,
    Segmenter,
    flatten_dates,
    new_head,
    readout_features,
    readout_size,
)
from tests.nn.building import OPTICAL, RADAR, both, card, series, small_network

READOUT = HeadCard("readout", (OPTICAL, RADAR), "stem", readout_raw=True)
MEAN = HeadCard("mean", (OPTICAL,))
LSTM = HeadCard("convlstm", (OPTICAL,))
METRIC = HeadCard("readout", (OPTICAL, RADAR), "metric")
METRIC_SIZES = {"metric_dates": 8, "metric_widths": (5, 6, 3)}


def readout_segmenter(head_card=READOUT, dates=8):
    network = small_network()
    model = card(head_card, dates)
    torch.manual_seed(0)
    size = readout_size(network, model)
    head = ReadoutHead.from_arrays(
        torch.randn(size), torch.rand(size) + 0.5, torch.randn(2, size), torch.randn(2)
    )
    return Segmenter(network, head, model).eval()


def test_readout_features_are_modality_after_modality_features_then_raw_series():
    network, inputs = small_network(), both()
    features = readout_features(network, inputs, card(READOUT))
    expected = []
    for modality, (x, valid, days) in inputs.items():
        expected.append(flatten_dates(network.features(x, valid, days, modality, "stem")))
        expected.append(flatten_dates(x))
    torch.testing.assert_close(features, torch.cat(expected, dim=1))
    assert features.shape[1] == readout_size(network, card(READOUT)) == 8 * (4 + 3 + 4 + 2)


def test_logits_are_what_the_solver_saw():
    segmenter, inputs = readout_segmenter(), both(height=6, width=10)
    features = readout_features(segmenter.network, inputs, segmenter.card)
    head = segmenter.head
    standardised = (features - head.mean[:, None, None]) / head.std[:, None, None]
    expected = torch.einsum("kd,bdhw->bkhw", head.linear.weight, standardised)
    torch.testing.assert_close(
        segmenter(inputs), expected + head.linear.bias[:, None, None], rtol=1e-4, atol=1e-4
    )


def test_a_readout_of_the_metric_reads_one_embedding_of_each_modality():
    network, model = small_network(**METRIC_SIZES), card(METRIC, **METRIC_SIZES)
    features = readout_features(network, both(), model)
    assert features.shape[1] == readout_size(network, model) == 2 * (5 + 3)
    segmenter = Segmenter(network, new_head(network, model, 2), model).eval()
    logits = segmenter(both())
    expected = torch.einsum("kd,bdhw->bkhw", segmenter.head.linear.weight, features)
    torch.testing.assert_close(
        logits, expected + segmenter.head.linear.bias[:, None, None], rtol=1e-4, atol=1e-5
    )


def test_a_model_without_a_calendar_reads_the_masked_time_mean():
    network = small_network()
    model = card(HeadCard("readout", (OPTICAL,), "decoder", readout_raw=True), dates=None)
    x, valid, days = series(OPTICAL, dates=6)
    valid[0, :, 0, 0] = torch.tensor([False, True, False, True, False, False])
    features = readout_features(network, {OPTICAL: (x, valid, days)}, model)
    assert features.shape[1] == readout_size(network, model) == 4 + 3
    torch.testing.assert_close(features[0, 4:, 0, 0], x[0, :, [1, 3], 0, 0].mean(dim=1))


def test_the_mean_head_reads_the_decoder_at_any_number_of_dates():
    network = small_network()
    head = MeanHead(4, 2)
    segmenter = Segmenter(network, head, card(MEAN, dates=None)).eval()
    for dates in (5, 8):
        x, valid, days = series(OPTICAL, dates=dates)
        expected = head([network.features(x, valid, days, OPTICAL)], [valid])
        torch.testing.assert_close(segmenter({OPTICAL: (x, valid, days)}), expected)


def test_a_convlstm_reads_the_decoder_at_any_number_of_dates():
    network = small_network(temporal="convlstm", lstm_width=6)
    both_read = HeadCard("convlstm", (RADAR, OPTICAL))
    model = card(both_read, dates=None, temporal="convlstm", lstm_width=6)
    head = new_head(network, model, 2)
    assert isinstance(head, ConvLSTMHead)
    assert head.conv.weight.shape == (2, 12, 1, 3, 3)
    segmenter = Segmenter(network, head, model).eval()
    inputs = {OPTICAL: series(OPTICAL, dates=5), RADAR: series(RADAR, dates=3)}
    features = [network.features(*inputs[m], m) for m in both_read.modalities]
    expected = head(features, [inputs[m][1] for m in both_read.modalities])
    torch.testing.assert_close(segmenter(inputs), expected)


def test_probabilities_are_calibrated_by_the_temperature():
    segmenter = readout_segmenter(replace(READOUT, temperature=2.5))
    inputs = both()
    expected = torch.softmax(segmenter.logits(inputs) / 2.5, dim=1)
    torch.testing.assert_close(segmenter.probabilities(inputs), expected)


def test_a_missing_modality_is_named_and_a_surplus_one_ignored():
    segmenter = readout_segmenter()
    with pytest.raises(ConfigurationError, match="reads optical and radar, radar is missing"):
        segmenter({OPTICAL: series(OPTICAL)})
    single = readout_segmenter(HeadCard("readout", (RADAR,), "stem"))
    inputs = both()
    torch.testing.assert_close(single(inputs), single({RADAR: inputs[RADAR]}))


def test_another_calendar_is_refused():
    with pytest.raises(ConfigurationError, match="the number of dates or bands differs"):
        readout_segmenter()(both(dates=4))


@pytest.mark.parametrize(
    ("head_card", "radius"),
    [
        (HeadCard("readout", (OPTICAL,), "stem"), 2),
        (HeadCard("readout", (OPTICAL,), "decoder"), 26),
        (HeadCard("readout", (OPTICAL,), "metric"), 26),
        (MEAN, 27),
        (LSTM, 28),
    ],
)
def test_the_radius_follows_from_what_is_read(head_card, radius):
    network, model = small_network(), card(head_card)
    assert Segmenter(network, new_head(network, model, 2), model).receptive_radius_px == radius


def test_a_card_without_a_usable_head_is_refused():
    network, head = small_network(), MeanHead(4, 2)
    with pytest.raises(ConfigurationError, match="has no classes yet"):
        Segmenter(network, head, card())
    with pytest.raises(ConfigurationError, match="temperature is 0"):
        Segmenter(network, head, card(replace(MEAN, temperature=0)))
    with pytest.raises(ConfigurationError, match="names no readout"):
        readout_size(network, card(MEAN))


@pytest.mark.parametrize(
    ("head_card", "sizes"),
    [
        (HeadCard("readout", (OPTICAL,), "decoder"), {}),
        (HeadCard("readout", (OPTICAL,), "metric"), {**METRIC_SIZES, "metric_dates": 4}),
        (MEAN, {}),
        (LSTM, {"temporal": "convlstm"}),
    ],
)
def test_tiles_on_the_lattice_give_the_whole_picture(head_card, sizes):
    """A tile with a halo of the radius, rounded up to 4, repeats the whole area's result."""
    network, model = small_network(**sizes), card(head_card, dates=4, **sizes)
    torch.manual_seed(1)
    segmenter = Segmenter(network, new_head(network, model, 2), model).eval()
    x, valid, days = series(OPTICAL, dates=4, height=8, width=96, batch=1)
    start, stop, halo = 40, 56, 28
    cut = slice(start - halo, stop + halo)
    with torch.no_grad():
        whole = segmenter({OPTICAL: (x, valid, days)})[..., start:stop]
        tile = segmenter({OPTICAL: (x[..., cut], valid[..., cut], days)})
    torch.testing.assert_close(tile[..., halo:-halo], whole)
