import pytest
import torch

from s4_core.errors import ConfigurationError
from s4_core.train.history import history_path, read_history
from s4_core.train.run import Run, discard_state, flat, state_path


def make_run(out, identity=None):
    torch.manual_seed(0)
    module = torch.nn.Linear(3, 2)
    optimizer = torch.optim.Adam(module.parameters(), lr=0.1)
    return Run(out, module, optimizer, identity or {"seed": 0})


def learn(run, epochs, scores):
    for _ in range(epochs):
        run.optimizer.zero_grad()
        run.module(torch.ones(1, 3)).sum().backward()
        run.optimizer.step()
        run.finish_epoch({"loss": 1.0}, scores[run.epoch])


def test_a_resumed_run_equals_an_uninterrupted_one(tmp_path):
    scores = [1.0, 3.0, 2.0, 0.0]
    whole = make_run(tmp_path / "whole.safetensors")
    whole.begin(resume=False)
    learn(whole, 4, scores)
    first = make_run(tmp_path / "parts.safetensors")
    first.begin(resume=False)
    learn(first, 2, scores)
    second = make_run(tmp_path / "parts.safetensors")
    assert second.begin(resume=True)
    assert (second.epoch, second.best_epoch, second.best_score) == (2, 2, 3.0)
    learn(second, 2, scores)
    torch.testing.assert_close(second.module.weight, whole.module.weight, rtol=0, atol=0)
    assert second.best_epoch == 2
    lines = read_history(history_path(second.out))
    assert [line["epoch"] for line in lines] == [1, 2, 3, 4]


def test_the_best_epoch_is_taken_not_the_last(tmp_path):
    run = make_run(tmp_path / "model.safetensors")
    run.begin(resume=False)
    learn(run, 1, [5.0])
    best = run.module.weight.detach().clone()
    learn(run, 2, [5.0, 1.0, 2.0])
    assert not torch.equal(run.module.weight, best)
    run.take_best()
    assert torch.equal(run.module.weight, best)
    assert run.best_epoch == 1


def test_without_scores_the_last_epoch_is_taken(tmp_path):
    run = make_run(tmp_path / "model.safetensors")
    run.begin(resume=False)
    learn(run, 3, [None, None, None])
    last = run.module.weight.detach().clone()
    run.take_best()
    assert torch.equal(run.module.weight, last)
    assert run.best_epoch == 3


def test_other_settings_are_refused_by_name(tmp_path):
    run = make_run(tmp_path / "model.safetensors", {"settings": {"batch": 2}})
    run.begin(resume=False)
    learn(run, 1, [1.0])
    other = make_run(tmp_path / "model.safetensors", {"settings": {"batch": 4}})
    with pytest.raises(ConfigurationError, match=r"settings.batch: 2, now 4"):
        other.begin(resume=True)


def test_nothing_to_resume_starts_anew(tmp_path):
    run = make_run(tmp_path / "model.safetensors")
    assert run.begin(resume=True) is False
    assert run.epoch == 0


def test_a_new_start_empties_the_old_curve(tmp_path):
    run = make_run(tmp_path / "model.safetensors")
    run.begin(resume=False)
    learn(run, 1, [1.0])
    make_run(tmp_path / "model.safetensors").begin(resume=False)
    assert read_history(history_path(run.out)) == []


def test_seconds_add_up_over_processes(tmp_path):
    now = [0.0]
    run = make_run(tmp_path / "model.safetensors")
    run.clock = lambda: now[0]
    run._began = 0.0
    run.begin(resume=False)
    now[0] = 7.0
    learn(run, 1, [1.0])
    again = make_run(tmp_path / "model.safetensors")
    again.clock = lambda: now[0]
    again._began = 7.0
    again.begin(resume=True)
    now[0] = 10.0
    assert again.seconds == pytest.approx(10.0)


def test_discarding_removes_the_state(tmp_path):
    run = make_run(tmp_path / "model.safetensors")
    run.begin(resume=False)
    learn(run, 1, [1.0])
    assert state_path(run.out).exists()
    discard_state(run.out)
    assert not state_path(run.out).exists()


def test_flat_names_nested_values():
    assert flat({"a": {"b": (1, 2)}, "c": 3}) == {"a.b": [1, 2], "c": 3}
