from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from s4_core.errors import ConfigurationError
from s4_core.model_card import HeadCard
from s4_core.nn import FastNetwork, MeanHead, ReadoutHead, Segmenter, choose_device, readout_size
from s4_core.nn.frozen import features_key, readout_block
from s4_core.types import RuntimeSettings, Window
from tests.nn.building import OPTICAL, RADAR, both, card, small_network

CPU = choose_device(RuntimeSettings(device="cpu", precision="fp32", backend="torch"))
READS = card(HeadCard("readout", (OPTICAL, RADAR), "decoder", readout_raw=True))


def readout(network):
    torch.manual_seed(1)
    return Segmenter(network, ReadoutHead(readout_size(network, READS), 2), READS).eval()


def test_the_head_says_the_same_of_kept_features_as_of_the_series():
    network = small_network()
    model, inputs, wanted = readout(network), both(height=16, width=16, batch=1), Window(4, 3, 8, 6)
    values, seen = readout_block(FastNetwork(network, CPU), inputs, READS, CPU, wanted)
    assert values.dtype == np.float32
    assert values.shape == (readout_size(network, READS), 8, 6)
    with torch.inference_mode():
        expected = model.probabilities(inputs)[0, :, 4:12, 3:9]
        found = model.probabilities_of(torch.from_numpy(values)[None])[0]
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)
    any_valid = (inputs[OPTICAL][1][0].any(0) | inputs[RADAR][1][0].any(0)).numpy()
    np.testing.assert_array_equal(seen, any_valid[4:12, 3:9])


def test_a_time_mean_has_no_features_to_keep():
    network = small_network()
    model = Segmenter(network, MeanHead(4, 2), card(HeadCard("mean", (OPTICAL,))))
    with pytest.raises(ConfigurationError, match="no features"):
        model.probabilities_of(torch.zeros(1, 5, 4, 4))


def test_the_key_is_of_the_network_and_what_is_read_not_of_the_head():
    network = small_network()
    key = features_key(network, READS, CPU)
    learned = dataclasses.replace(READS, record={"parcels": 7}, legend=None)
    assert features_key(small_network(), learned, CPU) == key
    other = dataclasses.replace(READS, head=HeadCard("readout", (OPTICAL,), "decoder"))
    bf16 = choose_device(RuntimeSettings(device="cpu", precision="bf16", backend="torch"))
    keys = {
        key,
        features_key(small_network(seed=1), READS, CPU),
        features_key(network, other, CPU),
        features_key(network, READS, bf16),
        features_key(network, dataclasses.replace(READS, calendar=None), CPU),
    }
    with torch.no_grad():
        network.stems["optical"][0].bias[0] += 1e-6
    assert len(keys | {features_key(network, READS, CPU)}) == 6


@pytest.mark.parametrize("head", [MeanHead(4, 2, 2), None], ids=["mean", "readout"])
def test_wanted_pixels_of_a_model_are_those_of_the_whole(head):
    network = small_network()
    if head is None:
        model = readout(network)
    else:
        model = Segmenter(network, head, card(HeadCard("mean", (OPTICAL, RADAR)))).eval()
    inputs = both(height=16, width=20, batch=1)
    for wanted in (Window(0, 0, 5, 20), Window(6, 7, 3, 4), Window(15, 19, 1, 1)):
        with torch.inference_mode():
            whole = model.logits(inputs)
            part = model.logits(inputs, wanted)
            model.read_from(FastNetwork(network, CPU))
            fast = model.logits(inputs, wanted)
        expected = whole[(..., *wanted.slices)]
        torch.testing.assert_close(part, expected, atol=1e-5, rtol=1e-4)
        torch.testing.assert_close(fast, expected, atol=1e-5, rtol=1e-4)
