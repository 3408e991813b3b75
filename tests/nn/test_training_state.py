import json

import pytest
import torch
from safetensors import safe_open

from s4_core.errors import CheckpointError
from s4_core.nn import load_training_state, save_checkpoint, save_training_state
from tests.nn.building import both, card, small_network


def fresh():
    network = small_network().train()
    return network, torch.optim.Adam(network.parameters(), lr=1e-3)


def step(network, optimizer):
    outputs = network.pretrain_outputs(both())
    parts = [*outputs.embeddings.values(), *outputs.reconstructions.values()]
    # draws from torch's random state, as a training does
    loss = torch.stack([(part * torch.randn(part.shape)).sum() for part in parts]).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def test_stopping_and_going_on_changes_nothing(tmp_path):
    path = tmp_path / "run.resume.safetensors"
    torch.manual_seed(1)
    straight, optimizer = fresh()
    for _ in range(4):
        step(straight, optimizer)

    torch.manual_seed(1)
    first, optimizer = fresh()
    for _ in range(2):
        step(first, optimizer)
    save_training_state(path, first, optimizer, {"epoch": 2, "best": 0.1 + 0.2, "seen": [1, 2**80]})

    torch.manual_seed(99)
    second, optimizer = fresh()
    optimizer.param_groups[0]["lr"] = 5.0
    extra = load_training_state(path, second, optimizer)
    assert extra == {"epoch": 2, "best": 0.1 + 0.2, "seen": [1, 2**80]}
    assert optimizer.param_groups[0]["lr"] == 1e-3
    assert optimizer.param_groups[0]["betas"] == (0.9, 0.999)
    for _ in range(2):
        step(second, optimizer)
    wanted, given = straight.state_dict(), second.state_dict()
    assert [name for name in wanted if not torch.equal(wanted[name], given[name])] == []


def test_numbers_of_the_optimizer_that_are_not_tensors_survive(tmp_path):
    weight = torch.nn.Linear(2, 2)
    optimizer = torch.optim.SGD(weight.parameters(), lr=0.1)
    optimizer.state[weight.weight] = {"count": 3, "buffer": torch.ones(2)}
    save_training_state(tmp_path / "s.safetensors", weight, optimizer, {})
    again = torch.optim.SGD(weight.parameters(), lr=0.2)
    load_training_state(tmp_path / "s.safetensors", weight, again)
    assert again.state[weight.weight]["count"] == 3
    assert again.state[weight.weight]["buffer"].tolist() == [1.0, 1.0]


def test_the_file_holds_no_code(tmp_path):
    network, optimizer = fresh()
    save_training_state(tmp_path / "s.safetensors", network, optimizer, {"epoch": 0})
    with safe_open(tmp_path / "s.safetensors", "pt") as file:
        assert json.loads(file.metadata()["s4_training"])["extra"] == {"epoch": 0}


def test_another_file_or_another_network_is_refused(tmp_path):
    network, optimizer = fresh()
    model = tmp_path / "model.safetensors"
    save_checkpoint(model, network, card())
    with pytest.raises(CheckpointError, match="is not the state of this training run"):
        load_training_state(model, network, optimizer)
    state = tmp_path / "state.safetensors"
    save_training_state(state, network, optimizer, {})
    other = small_network(transposed="k2")
    with pytest.raises(CheckpointError, match="is not the state of this training run"):
        load_training_state(state, other, torch.optim.Adam(other.parameters()))
    with pytest.raises(CheckpointError, match="cannot be read as safetensors"):
        load_training_state(tmp_path / "none.safetensors", network, optimizer)
