import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s4_core.config import (
    settings_from_plain,
    settings_from_yaml,
    settings_to_plain,
    settings_to_yaml,
)
from s4_core.config.plain import all_keys
from s4_core.errors import ConfigurationError
from s4_core.types import (
    FinetuneSettings,
    InputSettings,
    LossSettings,
    NetworkSettings,
    PretrainSettings,
    RuntimeSettings,
    Settings,
    TemporalSettings,
)

positive = st.floats(1e-6, 1e6)
counts = st.integers(1, 10_000)
names = st.lists(st.text(min_size=1), min_size=1, max_size=4, unique=True).map(tuple)
widths = st.tuples(counts, counts, counts)

any_settings = st.builds(
    Settings,
    preset=st.sampled_from(["field", "paper"]),
    seed=st.integers(0, 2**31),
    input=st.builds(InputSettings, optical=names, radar=names),
    temporal=st.builds(
        TemporalSettings,
        mode=st.sampled_from(["calendar", "nearest"]),
        start=st.none() | st.just("10-15"),
        count=st.none() | counts,
        step_days=counts,
    ),
    network=st.builds(NetworkSettings, widths=widths, encode_days=st.booleans()),
    loss=st.builds(LossSettings, temperature=positive, chunk=counts),
    pretrain=st.builds(PretrainSettings, epochs=counts, learning_rate=st.floats(1e-6, 10.0)),
    finetune=st.builds(FinetuneSettings, parcels_per_class=st.none() | counts),
    runtime=st.builds(RuntimeSettings, threads=st.integers(0, 64)),
)


@settings(deadline=None, max_examples=50)
@given(any_settings)
def test_settings_survive_plain_values_json_and_yaml(value):
    plain = settings_to_plain(value)
    assert settings_from_plain(plain) == value
    assert settings_from_plain(json.loads(json.dumps(plain))) == value
    assert settings_from_yaml(settings_to_yaml(value)) == value


def test_left_out_keys_take_their_defaults():
    changed = settings_from_plain({"pretrain": {"epochs": 3}})
    assert changed.pretrain == PretrainSettings(epochs=3)
    assert changed.loss == Settings().loss


@pytest.mark.parametrize(
    ("plain", "message", "remedy"),
    [
        (
            {"loss": {"temprature": 1}},
            "There is no setting 'loss.temprature'.",
            "Did you mean 'loss.temperature'?",
        ),
        (
            {"temperature": 1},
            "There is no setting 'temperature'.",
            "Did you mean 'loss.temperature'?",
        ),
        (
            {"network": {"epochs": 1}},
            "There is no setting 'network.epochs'.",
            "Did you mean 'pretrain.epochs' or 'finetune.epochs'?",
        ),
        ({"losss": {}}, "There is no setting 'losss'.", "Did you mean 'loss'?"),
    ],
)
def test_an_unknown_key_names_the_nearest_known(plain, message, remedy):
    with pytest.raises(ConfigurationError) as caught:
        settings_from_plain(plain)
    assert (caught.value.message, caught.value.remedy) == (message, remedy)


def test_a_key_like_no_other_lists_them_all():
    with pytest.raises(ConfigurationError, match=r"Known keys: preset, seed, input\.optical"):
        settings_from_plain({"zzzzzz": 1})


def test_a_value_out_of_range_is_named_with_its_path():
    with pytest.raises(ConfigurationError, match=r"network\.transposed is .k4."):
        settings_from_plain({"network": {"transposed": "k4"}})


@pytest.mark.parametrize("plain", [{"loss": 3}, {"loss": None}, {"loss": [1]}])
def test_a_section_must_hold_keys(plain):
    with pytest.raises(ConfigurationError, match="loss is "):
        settings_from_plain(plain)


def test_all_keys_are_dotted_leaves():
    keys = all_keys()
    assert keys[:2] == ["preset", "seed"]
    assert "finetune.pooling" in keys
    assert "loss" not in keys
