import json
import pickle
import struct
from dataclasses import replace

import pytest
import torch

from s4_core.errors import CheckpointError, OutputError
from s4_core.model_card import HeadCard, card_to_json, read_card
from s4_core.nn import (
    Segmenter,
    load_network,
    load_segmenter,
    new_head,
    save_checkpoint,
)
from s4_core.nn.tensors import write_tensors
from tests.nn.building import OPTICAL, RADAR, both, card, series, small_network

READOUT = HeadCard("readout", (OPTICAL, RADAR), "stem", readout_raw=True, temperature=1.7)


def fine_tuned(head_card):
    temporal = "convlstm" if head_card.kind == "convlstm" else "conv3d"
    dates = 8 if head_card.readout == "metric" else 0
    sizes = {"temporal": temporal, "lstm_width": 6, "metric_dates": dates}
    network = small_network(seed=5, **sizes)
    model = card(head_card, **sizes)
    return Segmenter(network, new_head(network, model, 2), model).eval()


def same_tensors(one, other):
    mine, theirs = one.state_dict(), other.state_dict()
    return mine.keys() == theirs.keys() and all(torch.equal(mine[n], theirs[n]) for n in mine)


def test_a_network_survives_bit_for_bit(tmp_path):
    network = small_network(shared_norm="per_modality", transposed="k2")
    model = card(shared_norm="per_modality", transposed="k2")
    save_checkpoint(tmp_path / "m.safetensors", network, model)
    loaded, read = load_network(tmp_path / "m.safetensors")
    assert read == model == read_card(tmp_path / "m.safetensors")
    assert same_tensors(loaded, network)
    inputs = series(RADAR)
    assert torch.equal(loaded.eval().embed(*inputs, RADAR), network.embed(*inputs, RADAR))
    assert all(p.requires_grad for p in loaded.parameters())
    assert [p.name for p in tmp_path.iterdir()] == ["m.safetensors"]


@pytest.mark.parametrize(
    "head_card",
    [
        READOUT,
        HeadCard("readout", (OPTICAL, RADAR), "metric"),
        HeadCard("mean", (OPTICAL, RADAR)),
        HeadCard("convlstm", (OPTICAL, RADAR)),
    ],
)
def test_a_fine_tuned_model_survives_bit_for_bit(tmp_path, head_card):
    segmenter = fine_tuned(head_card)
    save_checkpoint(tmp_path / "m.safetensors", segmenter, segmenter.card)
    loaded = load_segmenter(tmp_path / "m.safetensors")
    assert loaded.card == segmenter.card
    assert not loaded.training
    inputs = both()
    assert torch.equal(loaded.probabilities(inputs), segmenter.probabilities(inputs))
    network, _ = load_network(tmp_path / "m.safetensors")
    assert same_tensors(network, segmenter.network)


def test_loading_leaves_the_random_state_alone(tmp_path):
    save_checkpoint(tmp_path / "m.safetensors", small_network(), card())
    before = torch.get_rng_state()
    load_network(tmp_path / "m.safetensors")
    assert torch.equal(torch.get_rng_state(), before)


def test_a_channels_last_model_is_stored_alike(tmp_path):
    network = small_network()
    save_checkpoint(tmp_path / "a.safetensors", network, card())
    save_checkpoint(
        tmp_path / "b.safetensors", network.to(memory_format=torch.channels_last_3d), card()
    )
    assert (tmp_path / "a.safetensors").read_bytes() == (tmp_path / "b.safetensors").read_bytes()


def test_a_pretrained_model_cannot_segment(tmp_path):
    save_checkpoint(tmp_path / "m.safetensors", small_network(), card())
    with pytest.raises(CheckpointError, match="is a pretrained model without classes"):
        load_segmenter(tmp_path / "m.safetensors")


def damaged(tmp_path, change, model=None):
    """A network's checkpoint with its tensors changed."""
    network = small_network()
    tensors = {f"network.{name}": t.clone() for name, t in network.state_dict().items()}
    change(tensors)
    path = tmp_path / "damaged.safetensors"
    write_tensors(path, tensors, {"s4": card_to_json(model or card())})
    return path


NAME = "network.decoder.up_middle.bias"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.pop(NAME), f"it lacks {NAME}, and has in excess nothing"),
        (lambda t: t.update(extra=torch.zeros(1)), "lacks nothing, and has in excess extra"),
        (lambda t: t.update({NAME: torch.zeros(3)}), r"is \(3,\) torch.float32, expected \(6,\)"),
        (lambda t: t.update({NAME: t[NAME].double()}), r"float64, expected \(6,\) torch.float32"),
        (lambda t: t[NAME].fill_(float("nan")), f"{NAME} has values that are not finite"),
    ],
)
def test_tensors_that_do_not_fit_are_named(tmp_path, change, message):
    with pytest.raises(CheckpointError, match=message):
        load_network(damaged(tmp_path, change))


@pytest.mark.parametrize(
    "network",
    [
        {"widths": [4, 6]},
        {"widths": [4, 6, "8"]},
        {"widths": [10**12, 10**12, 10**12]},
        {"transposed": "k9"},
        {"depth": 3},
        {"temporal": "transformer"},
        {"temporal": "convlstm"},
        {"widths": 4},
    ],
)
def test_an_architecture_that_cannot_be_is_an_error(tmp_path, network):
    model = card()
    settings = {**model.settings, "network": {**model.settings["network"], **network}}
    path = damaged(tmp_path, lambda t: None, replace(model, settings=settings))
    with pytest.raises(CheckpointError):
        load_network(path)


@pytest.mark.parametrize(
    ("head_card", "message"),
    [
        (replace(READOUT, kind="forest"), "a head of kind 'forest'"),
        (replace(READOUT, readout="attic"), "cannot be built: 'attic' is not a layer"),
        (replace(READOUT, temperature=-1.0), "temperature is -1"),
        (replace(READOUT, readout=None), "names no readout"),
        (replace(READOUT, readout_raw=False), "expected .2, 64."),
    ],
)
def test_a_head_that_cannot_be_is_an_error(tmp_path, head_card, message):
    segmenter = fine_tuned(READOUT)
    path = tmp_path / "m.safetensors"
    save_checkpoint(path, segmenter, replace(segmenter.card, head=head_card))
    with pytest.raises(CheckpointError, match=message):
        load_segmenter(path)


def test_a_renamed_pickle_is_never_opened(tmp_path):
    path = tmp_path / "m.safetensors"
    path.write_bytes(pickle.dumps({"a": 1}))
    with pytest.raises(CheckpointError, match="is not an S4 model file"):
        load_network(path)


def test_a_truncated_file_says_so(tmp_path):
    path = tmp_path / "m.safetensors"
    save_checkpoint(path, small_network(), card())
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(CheckpointError, match="is truncated"):
        load_network(path)


def test_overlapping_tensors_are_refused(tmp_path):
    """A header that only safetensors itself can see through."""
    header = {
        "__metadata__": {"s4": card_to_json(card())},
        "a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 8]},
    }
    text = json.dumps(header).encode()
    path = tmp_path / "m.safetensors"
    path.write_bytes(struct.pack("<Q", len(text)) + text + bytes(8))
    with pytest.raises(CheckpointError, match="cannot be read as safetensors"):
        load_network(path)


def test_a_file_that_is_missing(tmp_path):
    with pytest.raises(CheckpointError, match="cannot be read: No such file"):
        load_segmenter(tmp_path / "none.safetensors")


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "m.safetensors"
    save_checkpoint(path, small_network(), card())
    before = path.read_bytes()

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("s4_core.nn.tensors.save_file", full)
    with pytest.raises(OutputError, match="No space left on device"):
        save_checkpoint(path, small_network(seed=1), card())
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_missing(tmp_path):
    with pytest.raises(OutputError, match="No such file or directory"):
        save_checkpoint(tmp_path / "none" / "m.safetensors", small_network(), card())
