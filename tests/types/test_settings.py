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
