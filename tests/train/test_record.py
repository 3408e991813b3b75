from dataclasses import replace

import pytest

from s4_core.config import settings_to_plain
from s4_core.model_card import ModelCard
from s4_core.train.record import (
    combined_simulated,
    continued,
    identity,
    learned_before,
    pretrained_on,
)
from s4_core.types import (
    FinetuneSettings,
    LossSettings,
    NetworkSettings,
    PretrainSettings,
    RuntimeSettings,
    Settings,
    TemporalSettings,
)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (["no", "no"], "no"),
        (["only"], "only"),
        (["only", "no"], "in part"),
        (["in part", "no"], "in part"),
        (["only", "in part"], "in part"),
    ],
)
def test_simulated_parts_make_a_partly_simulated_model(parts, expected):
    assert combined_simulated(parts) == expected


def test_a_checkpoint_fixes_network_and_time_axis_but_not_the_schedule():
    before = Settings(
        preset="paper",
        seed=3,
        network=NetworkSettings(widths=(8, 8, 16)),
        temporal=TemporalSettings(step_days=15),
    )
    card = ModelCard(settings=settings_to_plain(before), modalities={})
    now = Settings(seed=7, pretrain=PretrainSettings(epochs=2))
    merged = continued(now, card)
    assert merged.network.widths == (8, 8, 16)
    assert merged.temporal.step_days == 15
    assert merged.preset == "paper"
    assert (merged.seed, merged.pretrain.epochs) == (7, 2)


def test_a_fine_tuned_model_tells_how_it_was_pretrained():
    before = Settings(
        pretrain=PretrainSettings(band_dropout=0.2), loss=LossSettings(temperature=0.3)
    )
    card = ModelCard(settings=settings_to_plain(before), modalities={})
    now = learned_before(Settings(seed=7, finetune=FinetuneSettings(epochs=3)), card)
    assert (now.pretrain.band_dropout, now.loss.temperature) == (0.2, 0.3)
    assert (now.seed, now.finetune.epochs) == (7, 3)
    # continued pretraining has a schedule of its own
    assert continued(Settings(), card).pretrain.band_dropout == 0.0


def test_a_network_that_is_pretrained_further_is_read_out_as_before():
    before = Settings(finetune=FinetuneSettings(readout="decoder", classifier="prototypes"))
    card = ModelCard(settings=settings_to_plain(before), modalities={})
    now = pretrained_on(Settings(pretrain=PretrainSettings(epochs=2)), card)
    assert (now.finetune.readout, now.finetune.classifier) == ("decoder", "prototypes")
    assert now.pretrain.epochs == 2


def test_identity_ignores_epochs_device_and_the_other_schedule():
    settings = Settings()
    same = replace(
        settings,
        pretrain=replace(settings.pretrain, epochs=99),
        finetune=replace(settings.finetune, batch=5),
        runtime=RuntimeSettings(threads=1),
    )
    other = replace(settings, pretrain=replace(settings.pretrain, batch=5))
    assert identity(settings, "pretrain", []) == identity(same, "pretrain", [])
    assert identity(settings, "pretrain", []) != identity(other, "pretrain", [])
