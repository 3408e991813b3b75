"""The temporal encoder of paper 5.3, from pretraining by date to a fine-tuned model."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from s4_core import data, nn
from s4_core.losses import info_nce_batch
from s4_core.model_card import HeadCard, read_card
from s4_core.train.batches import stack
from s4_core.train.finetune import finetune
from s4_core.train.objective import pretrain_loss
from s4_core.train.pretrain import pretrain
from s4_core.types import FinetuneSettings, LossSettings, Modality, RuntimeSettings, Window
from tests.train.toys import CHANNELS, ToySource, toy_labels

RADAR = (Modality.RADAR,)


@pytest.fixture
def spatial_settings(tiny_settings):
    network = replace(tiny_settings.network, temporal="convlstm", lstm_width=8)
    return replace(tiny_settings, network=network)


@pytest.fixture
def pretrained(tmp_path, spatial_settings, toy_area, silent):
    out = tmp_path / "pretrained.safetensors"
    pretrain([toy_area], spatial_settings, out, stage=silent)
    return out


@pytest.fixture
def teach(tmp_path, pretrained, spatial_settings, toy_area, silent):
    def start(**choices):
        settings = replace(spatial_settings, finetune=FinetuneSettings(patch_px=16, **choices))
        out = tmp_path / "model.safetensors"
        return out, finetune(toy_area, toy_labels(), pretrained, settings, RADAR, out, stage=silent)

    return start


def test_the_contrastive_loss_has_a_site_for_every_date(spatial_settings):
    channels = {m: len(names) for m, names in CHANNELS.items()}
    network = nn.untrained(spatial_settings.network, channels, 1).eval()
    source = ToySource()
    batch = stack([source.patch(np.random.default_rng(0))], torch.device("cpu"))
    for _, valid, _ in batch.inputs.values():
        valid[:, 5:] = False
    loss = pretrain_loss(network, batch, LossSettings(), nn.choose_device(RuntimeSettings()))
    za, zb = (network.embed(*batch.inputs[m], m)[:, :, :5] for m in CHANNELS)
    assert za.shape == (1, 8, 5, 4, 4)
    expected = info_nce_batch(za, zb, torch.ones(1, 5, 4, 4, dtype=torch.bool), 0.1)
    torch.testing.assert_close(loss.contrastive, expected, rtol=1e-2, atol=1e-2)


@pytest.mark.parametrize("mode", ["decoder", "full"])
def test_a_convlstm_joins_at_fine_tuning(teach, toy_area, pretrained, mode):
    out, card = teach(mode=mode, epochs=12, learning_rate=5e-3)
    assert read_card(out) == card
    assert card.head == HeadCard("convlstm", RADAR, temperature=card.head.temperature)
    assert card.record["validation"]["miou"]["value"] > 0.9
    model = nn.load_segmenter(out)
    assert isinstance(model.head, nn.ConvLSTMHead)
    sample = data.prepare(
        toy_area, RADAR[0], data.Preparation.from_card(card), Window(-32, -32, 96, 96)
    )
    inputs = (torch.from_numpy(part)[None] for part in (sample.x, sample.valid, sample.days))
    with torch.no_grad():
        predicted = model.logits({RADAR[0]: tuple(inputs)})[0, :, 32:64, 32:64].argmax(0) + 1
    assert (predicted.numpy() == toy_labels().classes).mean() > 0.9
    encoder = "network.encoder.deep.conv.weight"
    before = nn.load_network(pretrained)[0].state_dict()[encoder.removeprefix("network.")]
    assert torch.equal(model.state_dict()[encoder], before) == (mode == "decoder")


def test_dates_may_still_have_weights_of_their_own(teach):
    _, card = teach(mode="decoder", pooling="dates", epochs=1)
    assert (card.head.kind, card.head.readout) == ("readout", "decoder")
