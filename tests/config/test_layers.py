import pytest

from s4_core.config import PRESETS, load_settings, settings_to_yaml, with_overrides
from s4_core.errors import ConfigurationError
from s4_core.types import Settings


def test_field_is_the_defaults():
    assert load_settings() == load_settings("field") == Settings()


def test_paper_is_the_paper():
    paper = load_settings("paper")
    assert paper.preset == "paper"
    assert paper.input.optical == ("B04", "B03", "B02")
    assert paper.input.radar == ("VV", "VH", "VV/VH")
    assert (paper.temporal.mode, paper.temporal.mask_clouds) == ("nearest", False)
    assert paper.temporal.length_percentile == 90.0
    assert (paper.network.widths, paper.network.decoder_widths) == ((32, 64, 128), (64, 32, 16))
    assert (paper.network.transposed, paper.network.encode_days) == ("k3", False)
    assert paper.network.temporal == "conv3d"
    assert (paper.loss.temperature, paper.loss.reconstruction_weight) == (0.5, 0.01)
    assert paper.loss.contrastive_weight == 1.0
    assert (paper.pretrain.epochs, paper.pretrain.learning_rate) == (100, 1e-3)
    assert (paper.finetune.mode, paper.finetune.pooling) == ("full", "mean")
    assert (paper.finetune.epochs, paper.finetune.learning_rate) == (50, 1e-3)


def test_another_temporal_encoder_is_a_switch_of_either_preset():
    for preset in PRESETS:
        settings = load_settings(preset, overrides={"network.temporal": "convlstm"})
        assert settings.network.temporal == "convlstm"
        assert settings.network.widths == load_settings(preset).network.widths
    with pytest.raises(ConfigurationError, match="conv3d, convlstm"):
        load_settings(overrides={"network.temporal": "rnn"})


def test_layers_cover_each_other_in_order(tmp_path):
    file = tmp_path / "my.yaml"
    file.write_text("loss: {temperature: 0.3, chunk: 64}\nseed: 4\n")
    settings = load_settings("paper", file, {"loss.chunk": 8, "network.widths": [4, 5, 6]})
    assert settings.loss.reconstruction_weight == 0.01  # preset
    assert settings.loss.temperature == 0.3  # file over preset
    assert settings.loss.chunk == 8  # override over file
    assert settings.network.widths == (4, 5, 6)
    assert settings.seed == 4


@pytest.mark.parametrize("preset", PRESETS)
def test_a_written_file_brings_its_preset_back(tmp_path, preset):
    file = tmp_path / "all.yaml"
    file.write_text(settings_to_yaml(load_settings(preset)))
    assert load_settings(path=file) == load_settings(preset)
    assert load_settings(preset, file) == load_settings(preset)


def test_two_different_presets_are_refused(tmp_path):
    file = tmp_path / "field.yaml"
    file.write_text("preset: field\n")
    with pytest.raises(ConfigurationError, match="builds on preset 'field', but preset 'paper'"):
        load_settings("paper", file)


def test_an_unknown_preset_lists_the_known():
    with pytest.raises(ConfigurationError, match="Choose one of: field, paper"):
        load_settings("papier")


def test_a_missing_or_unreadable_file_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match=r"none.yaml cannot be read: No such file"):
        load_settings(path=tmp_path / "none.yaml")
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="it is not UTF-8 text"):
        load_settings(path=binary)


def test_overrides_are_checked_like_files():
    with pytest.raises(ConfigurationError, match=r"Did you mean .pretrain\.epochs"):
        with_overrides(Settings(), {"pretrain.epoch": 5})
    with pytest.raises(ConfigurationError, match=r"seed is|seed\.x"):
        with_overrides(Settings(), {"seed.x": 5})


def test_a_preset_is_no_single_setting():
    with pytest.raises(ConfigurationError, match="not a single setting") as failure:
        load_settings(overrides={"preset": "paper"})
    assert "--preset" in failure.value.remedy
