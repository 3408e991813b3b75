from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from s4_core import data, nn
from s4_core.config import settings_to_plain
from s4_core.errors import Cancelled, ConfigurationError
from s4_core.model_card import ModelCard
from s4_core.progress import Silent, Stage
from s4_core.train.history import history_path, read_history
from s4_core.train.paired import rate_share
from s4_core.train.pretrain import pretrain
from s4_core.train.run import state_path
from tests.train.toys import stopping, with_epochs


class Listening(Silent):
    def __init__(self):
        self.lines = []

    def log(self, level, message):
        self.lines.append((level, message))


@pytest.fixture
def settings(tiny_settings):
    network = replace(tiny_settings.network, metric_dates=8, metric_widths=(8, 8, 4))
    return with_epochs(replace(tiny_settings, network=network), 3)


@pytest.fixture
def init(tmp_path, settings, toy_area):
    """A checkpoint with a parcel metric, both untrained."""
    path = tmp_path / "init.safetensors"
    preparation = data.Preparation.of([toy_area], settings)
    channels = {m: len(s.channels) for m, s in preparation.statistics.items()}
    card = ModelCard(
        settings=settings_to_plain(settings),
        modalities=dict(preparation.statistics),
        calendar=preparation.calendar,
        record={"metric": {"offsets": {"2": [-0.1, 0.1]}}},
        simulated="only",
    )
    nn.save_checkpoint(path, nn.untrained(settings.network, channels, 1), card)
    return path


def weights(path):
    return nn.load_network(path)[0].state_dict()


def test_the_metric_learns_and_the_network_stays(tmp_path, init, settings, toy_area, silent):
    out = tmp_path / "out.safetensors"
    card = pretrain([toy_area], settings, out, init=str(init), stage=silent)
    before, after = weights(init), weights(out)
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed
    assert all(name.startswith("metric.") for name in changed)
    assert {name.split(".")[1] for name in changed} == {"optical", "radar"}
    assert card.record["learned"] == "metric"
    assert card.record["steps"] == 9
    assert card.simulated == "in part"
    assert card.record["pretraining"]["metric"]["offsets"] == {"2": [-0.1, 0.1]}
    assert not state_path(out).exists()


def test_neighbourhoods_come_together(tmp_path, init, settings, toy_area, silent):
    out = tmp_path / "out.safetensors"
    schedule = replace(settings.pretrain, epochs=6, steps_per_epoch=10, learning_rate=1e-2)
    pretrain([toy_area], replace(settings, pretrain=schedule), out, init=str(init), stage=silent)
    losses = [entry["loss"] for entry in read_history(history_path(out))]
    assert len(losses) == 6
    assert losses[-1] < losses[0]


def test_a_stopped_one_goes_on_bit_for_bit(tmp_path, init, settings, toy_area, silent):
    whole, parts = tmp_path / "whole.safetensors", tmp_path / "parts.safetensors"
    pretrain([toy_area], settings, whole, init=str(init), stage=silent)
    with pytest.raises(Cancelled):
        # one block of features is reported too
        pretrain([toy_area], settings, parts, init=str(init), stage=stopping(after=6))
    assert state_path(parts).exists()
    pretrain([toy_area], settings, parts, init=str(init), resume=True, stage=silent)
    first, second = weights(whole), weights(parts)
    for name, value in first.items():
        torch.testing.assert_close(value, second[name], rtol=0, atol=0, msg=name)


def test_the_network_learns_where_that_is_asked_for_and_a_warning_says_what_follows(
    tmp_path, init, settings, toy_area
):
    listening = Listening()
    schedule = replace(settings.pretrain, epochs=1, learns="network")
    out = tmp_path / "out.safetensors"
    pretrain(
        [toy_area],
        replace(settings, pretrain=schedule),
        out,
        init=str(init),
        stage=Stage(listening, "train"),
    )
    before, after = weights(init), weights(out)
    assert not torch.equal(before["stems.radar.0.weight"], after["stems.radar.0.weight"])
    assert any(level == "warning" and "metric" in text for level, text in listening.lines)


def test_a_metric_that_is_not_there_cannot_learn(tmp_path, tiny_settings, toy_area, silent):
    settings = replace(tiny_settings, pretrain=replace(tiny_settings.pretrain, learns="metric"))
    with pytest.raises(ConfigurationError, match="no checkpoint with a parcel metric"):
        pretrain([toy_area], settings, tmp_path / "out.safetensors", stage=silent)


@given(st.integers(1, 500))
def test_the_rate_rises_then_falls(steps):
    rates = np.array([rate_share(step, steps) for step in range(steps)])
    assert (rates > 0).all()
    assert (rates <= 1).all()
    top = rates.argmax()
    assert (np.diff(rates[: top + 1]) >= 0).all()
    assert (np.diff(rates[top:]) <= 0).all()
