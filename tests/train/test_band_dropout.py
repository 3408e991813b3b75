from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from s4_core import nn
from s4_core.model_card import read_card
from s4_core.train.band_dropout import hide_bands, shown_channels
from s4_core.train.batches import stack
from s4_core.train.objective import pretrain_loss
from s4_core.train.pretrain import pretrain_on
from s4_core.types import LossSettings, Modality, RuntimeSettings
from tests.train.toys import CHANNELS, ToySource

RADAR = ("VV", "VH", "VV/VH")
CPU = torch.device("cpu")


def rng(seed=0):
    return np.random.default_rng(seed)


def toy_batch(patches=8):
    source = ToySource()
    return stack([source.patch(rng(seed)) for seed in range(patches)], CPU)


@settings(deadline=None, max_examples=60)
@given(
    present=st.lists(st.booleans(), min_size=3, max_size=3).filter(any),
    probability=st.floats(0.01, 0.99),
    seed=st.integers(0, 10_000),
)
def test_something_that_is_present_always_stays(present, probability, seed):
    shown = shown_channels(RADAR, np.array(present), probability, rng(seed))
    assert shown.any()
    assert not (shown & ~np.array(present)).any()
    if all(present):
        # as an area would have it: the ratio is there exactly with both of its bands
        assert shown[2] == (shown[0] and shown[1])


def test_bands_are_hidden_as_often_as_asked():
    bands = ("B02", "B03", "B04", "B08")
    generator = rng()
    draws = np.stack(
        [shown_channels(bands, np.ones(4, bool), 0.25, generator) for _ in range(4000)]
    )
    # all four hidden, 0.25^4 of the draws, leaves one of them: 0.25 - 0.25^4 / 4
    assert 1 - draws.mean(axis=0) == pytest.approx(0.249, abs=0.02)
    assert draws.any(axis=1).all()


def test_the_ratio_goes_with_either_band():
    generator = rng()
    draws = np.stack([shown_channels(RADAR, np.ones(3, bool), 0.3, generator) for _ in range(4000)])
    # both bands hidden in 0.09 of the draws: of the three channels that may stay then, VV/VH
    # brings both bands back
    assert draws[:, 2].mean() == pytest.approx(0.49 + 0.09 / 3, abs=0.02)


def test_hidden_channels_are_zero_and_targets_whole():
    batch = toy_batch()
    hidden = hide_bands(batch, CHANNELS, 0.5, rng(3))
    found = set()
    for modality, (x, valid, days) in hidden.inputs.items():
        whole = batch.inputs[modality][0]
        assert torch.equal(hidden.targets[modality], whole)
        assert torch.equal(valid, batch.inputs[modality][1])
        assert torch.equal(days, batch.inputs[modality][2])
        for one, full in zip(x.flatten(0, 1), whole.flatten(0, 1)):
            zero = bool((one == 0).all())
            found.add(zero)
            assert zero or torch.equal(one, full)
        assert bool((x.abs().sum(dim=(2, 3, 4)) > 0).any(dim=1).all())  # (B,): never all
    assert found == {True, False}


def test_the_draw_is_seeded_and_none_is_made_at_zero():
    batch = toy_batch()
    one, same, other = (hide_bands(batch, CHANNELS, 0.5, rng(seed)) for seed in (3, 3, 4))
    optical = [b.inputs[Modality.OPTICAL][0] for b in (one, same, other)]
    assert torch.equal(optical[0], optical[1])
    assert not torch.equal(optical[0], optical[2])
    assert hide_bands(batch, CHANNELS, 0.0, rng()) is batch


def test_reconstruction_is_of_the_whole_series(tiny_network):
    hidden = hide_bands(toy_batch(2), CHANNELS, 0.9, rng(1))
    network, device = tiny_network().eval(), nn.choose_device(RuntimeSettings(precision="fp32"))
    loss = pretrain_loss(network, hidden, LossSettings(), device).reconstruction
    outputs = network.pretrain_outputs(hidden.inputs).reconstructions
    expected = [(outputs[m] - hidden.targets[m]).abs().mean() for m in CHANNELS]
    torch.testing.assert_close(loss, torch.stack(expected).mean())


def test_pretraining_hides_bands_and_the_card_says_so(
    tmp_path, tiny_settings, toy_preparation, tiny_network, silent
):
    found = []
    for dropout in (0.0, 0.5, 0.5):
        schedule = replace(tiny_settings.pretrain, epochs=1, band_dropout=dropout)
        out = tmp_path / "model.safetensors"
        changed = replace(tiny_settings, pretrain=schedule)
        pretrain_on([ToySource()], toy_preparation, changed, out, tiny_network(), stage=silent)
        assert read_card(out).settings["pretrain"]["band_dropout"] == dropout
        found.append(nn.load_network(out)[0].stems["optical"][0].weight)
    assert not torch.equal(found[0], found[1])
    assert torch.equal(found[1], found[2])
