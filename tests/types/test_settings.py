from __future__ import annotations

import pytest

from s4_core.errors import ConfigurationError
from s4_core.types import (
    FinetuneSettings,
    InputSettings,
    LossSettings,
    Modality,
    NetworkSettings,
    PretrainSettings,
    RuntimeSettings,
    Settings,
    TemporalSettings,
    modalities_of,
)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: TemporalSettings(mode="weekly"), "calendar, nearest"),
        (lambda: TemporalSettings(step_days=0), "above zero"),
        (lambda: NetworkSettings(transposed="k4"), "k2, k3"),
        (lambda: NetworkSettings(temporal="lstm"), "conv3d, convlstm"),
        (lambda: NetworkSettings(lstm_width=0), "network.lstm_width is 0"),
        (lambda: NetworkSettings(shared_norm="none"), "per_modality"),
        (lambda: NetworkSettings(widths=(32, 0, 128)), "network.widths is 0"),
        (lambda: LossSettings(temperature=0.0), "above zero"),
        (lambda: LossSettings(chunk=-1), "above zero"),
        (lambda: PretrainSettings(patch_px=30), "multiple of 4"),
        (lambda: PretrainSettings(epochs=0), "above zero"),
        (lambda: PretrainSettings(band_dropout=1.0), "band_dropout is 1.0"),
        (lambda: PretrainSettings(band_dropout=-0.1), "band_dropout is -0.1"),
        (lambda: PretrainSettings(shift_px=6), "shift_px is 6"),
        (lambda: PretrainSettings(shift_px=-4), "shift_px is -4"),
        (lambda: PretrainSettings(learning_rate=1e30), "from 0 to 10"),
        (lambda: PretrainSettings(learning_rate=float("nan")), "learning_rate is nan"),
        (lambda: PretrainSettings(validation_patches=-1), "from 0 to"),
        (lambda: InputSettings(optical=("B04", "B03", "B04")), "names a channel twice"),
        (lambda: TemporalSettings(length_percentile=200), "from 0 to 100"),
        (lambda: LossSettings(reconstruction_weight=-1), "from 0 to"),
        (lambda: FinetuneSettings(epochs=0), "above zero"),
        (lambda: FinetuneSettings(patch_px=10), "multiple of 4"),
        (lambda: FinetuneSettings(inner_buffer_m=-1), "from 0 to"),
        (lambda: FinetuneSettings(parcels_per_class=0), "above zero"),
        (lambda: Settings(seed=-1), "seed is -1"),
        (lambda: Settings(seed=10**20), "from 0 to 4294967295"),
        (lambda: FinetuneSettings(mode="all"), "head, decoder, full"),
        (lambda: FinetuneSettings(validation_share=1.0), "share"),
        (lambda: RuntimeSettings(device="tpu"), "auto, cpu, cuda"),
        (lambda: RuntimeSettings(precision="int8"), "fp32"),
    ],
)
def test_a_value_out_of_range_names_what_is_possible(make, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        make()


def test_the_product_starts_from_the_measured_constants() -> None:
    settings = Settings()
    assert (settings.loss.temperature, settings.loss.reconstruction_weight) == (0.1, 1.0)
    assert settings.input.channels(Modality.RADAR) == ("VV", "VH", "VV/VH")
    assert len(InputSettings().channels(Modality.OPTICAL)) == 10


def test_choices_of_modality() -> None:
    assert modalities_of("radar") == (Modality.RADAR,)
    assert modalities_of("both") == (Modality.OPTICAL, Modality.RADAR)
    with pytest.raises(ConfigurationError, match="optical, radar or both"):
        modalities_of("thermal")


def test_a_shift_is_at_most_half_a_patch():
    assert PretrainSettings(patch_px=32, shift_px=16).drawn_px == 48
    assert PretrainSettings(patch_px=20, shift_px=16).drawn_px == 28
    assert PretrainSettings(patch_px=8, shift_px=0).drawn_px == 8
