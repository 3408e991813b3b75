import pytest

from s4_core.config.text import parse_yaml, settings_from_yaml, settings_to_yaml
from s4_core.errors import ConfigurationError
from s4_core.types import Settings


@pytest.mark.parametrize(
    ("text", "number"), [("1e-3", 1e-3), ("-2E4", -2e4), ("1.5e+2", 150.0), (".5", 0.5), ("3", 3)]
)
def test_numbers_are_read_as_people_write_them(text, number):
    assert parse_yaml(f"a: {text}", "f") == {"a": number}


def test_an_empty_text_is_the_defaults():
    assert settings_from_yaml("# nothing\n") == Settings()


def test_the_order_of_the_yaml_is_the_order_of_the_settings():
    lines = [line for line in settings_to_yaml(Settings()).splitlines() if not line[0].isspace()]
    assert [line.split(":")[0] for line in lines if line[0] != "-"] == [
        "preset",
        "seed",
        "input",
        "temporal",
        "network",
        "loss",
        "pretrain",
        "finetune",
        "runtime",
    ]


def test_broken_yaml_names_the_line():
    with pytest.raises(ConfigurationError, match=r"my\.yaml, line 3 is not plain YAML"):
        parse_yaml("loss:\n  chunk: [1\nseed: 2", "my.yaml")


def test_a_key_that_stands_twice_is_refused():
    with pytest.raises(ConfigurationError, match=r"line 3 .*the key 'epochs' stands there twice"):
        settings_from_yaml("pretrain:\n  epochs: 1\n  epochs: 2\n")


def test_yaml_that_would_run_code_is_refused():
    with pytest.raises(ConfigurationError, match="is not plain YAML"):
        parse_yaml("seed: !!python/object/apply:os.getcwd []", "f")


@pytest.mark.parametrize("text", ["- a\n- b", "just text", "3"])
def test_a_text_without_keys_is_refused(text):
    with pytest.raises(ConfigurationError, match="The configuration is "):
        settings_from_yaml(text)
