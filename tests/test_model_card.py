from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from s4_core.errors import CheckpointError
from s4_core.model_card import (
    BandStatistics,
    HeadCard,
    ModelCard,
    card_from_json,
    card_to_json,
    read_card,
)
from s4_core.types import Calendar, Legend, MapClass, Modality

CARD = ModelCard(
    settings={"preset": "field", "loss": {"temperature": 0.1}},
    modalities={
        Modality.RADAR: BandStatistics(("VV", "VH"), "dB", (-11.0, -17.5), (3.0, 2.5), "sigma0")
    },
    calendar=Calendar(10, 15, 10, 40),
    legend=Legend((MapClass("maize", "1200", (244, 196, 48)),)),
    head=HeadCard("readout", (Modality.RADAR,), "stem", True, 1.7),
    record={"seed": 3, "areas": ["a"]},
    simulated="in part",
)


def write(path: Path, header: object, body: bytes = b"\0" * 8) -> Path:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)
    return path


def good_header(card_text: str) -> dict[str, object]:
    return {
        "__metadata__": {"s4": card_text},
        "w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
    }


def test_a_card_survives_its_json() -> None:
    assert card_from_json(card_to_json(CARD)) == CARD


def test_a_bare_pretrained_card_survives_too() -> None:
    bare = ModelCard(settings={}, modalities={})
    assert card_from_json(card_to_json(bare)) == bare


def test_read_card_needs_only_the_header(tmp_path: Path) -> None:
    path = write(tmp_path / "m.safetensors", good_header(card_to_json(CARD)))
    assert read_card(path) == CARD


def test_another_schema_is_refused_with_both_numbers() -> None:
    text = json.dumps({**json.loads(card_to_json(CARD)), "schema": 99})
    with pytest.raises(CheckpointError, match="schema 99, this version reads schema 1"):
        card_from_json(text)


def test_bad_files_are_named_and_never_executed(tmp_path: Path) -> None:
    pickle = tmp_path / "model.safetensors"
    pickle.write_bytes(b"\x80\x04\x95" + b"x" * 200)  # how a pickle starts
    with pytest.raises(CheckpointError, match="never opened"):
        read_card(pickle)
    empty = tmp_path / "empty.safetensors"
    empty.write_bytes(b"")
    with pytest.raises(CheckpointError, match="not an S4 model"):
        read_card(empty)
    with pytest.raises(CheckpointError, match="cannot be read"):
        read_card(tmp_path / "absent.safetensors")
    foreign = write(tmp_path / "foreign.safetensors", {"w": good_header("")["w"]})
    with pytest.raises(CheckpointError, match="not an S4 model"):
        read_card(foreign)


def test_a_truncated_file_says_how_many_bytes_lack(tmp_path: Path) -> None:
    path = write(tmp_path / "cut.safetensors", good_header(card_to_json(CARD)), body=b"\0" * 3)
    size = path.stat().st_size
    with pytest.raises(CheckpointError, match=f"{size} bytes of {size + 5}"):
        read_card(path)


@pytest.mark.parametrize("lost", ["settings", "modalities", "calendar", "record"])
def test_a_header_without_a_key_is_incomplete(lost: str) -> None:
    raw = json.loads(card_to_json(CARD))
    del raw[lost]
    with pytest.raises(CheckpointError, match="incomplete"):
        card_from_json(json.dumps(raw))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("record", None),
        ("simulated", 5),
        ("settings", None),
        ("calendar", {"start_month": 13, "start_day": 1, "step_days": 10, "count": 8}),
        ("calendar", {"start_month": 1, "start_day": 1, "step_days": "x", "count": 8}),
        ("legend", {"classes": [{"name": "a", "code": "", "colour": [300, 0, 0]}]}),
        ("legend", {"classes": [{"name": "a", "code": "", "colour": "red"}]}),
        ("legend", {"classes": [{"name": "a", "code": "", "colour": [1, 2, 3]}] * 2}),
        ("legend", 7),
        ("head", []),
    ],
)
def test_a_header_with_impossible_values_is_a_checkpoint_error(key: str, value: object) -> None:
    raw = {**json.loads(card_to_json(CARD)), key: value}
    with pytest.raises(CheckpointError, match=r"m\.safetensors is incomplete or wrong"):
        card_from_json(json.dumps(raw), "m.safetensors")


@pytest.mark.parametrize(
    "change",
    [
        {"channels": ["VV"]},
        {"channels": ["VV", "VV"]},
        {"std": [0.0, 1.0]},
        {"mean": [float("nan"), 1.0]},
        {"unit": "volts"},
    ],
)
def test_impossible_statistics_are_a_checkpoint_error(change: dict[str, object]) -> None:
    raw = json.loads(card_to_json(CARD))
    raw["modalities"]["radar"].update(change)
    with pytest.raises(CheckpointError, match="incomplete or wrong"):
        card_from_json(json.dumps(raw))


@pytest.mark.parametrize(
    "header",
    [
        {"__metadata__": [1]},
        {"w": 5},
        {"w": {"data_offsets": "x"}},
        {"w": {}},
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_a_header_of_another_make_is_not_ours(tmp_path: Path, header: object) -> None:
    with pytest.raises(CheckpointError, match="not an S4 model"):
        read_card(write(tmp_path / "m.safetensors", header))


def test_json_without_end_is_a_checkpoint_error() -> None:
    with pytest.raises(CheckpointError, match="not JSON"):
        card_from_json("[" * 100_000)
