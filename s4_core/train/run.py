"""Bookkeeping of a training that may be killed: curve, best weights, state of the last epoch.

Beside the checkpoint to be: `<stem>.history.jsonl` (stays) and `<stem>.state.safetensors` (goes
when the training is complete). The state holds the last epoch's weights and the best epoch's in
one file, renamed into place, so that the two always belong together.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from torch import nn
from torch.optim import Optimizer

from s4_core import nn as networks
from s4_core.errors import ConfigurationError
from s4_core.model_card import ModelCard
from s4_core.train.history import Entry, append_entry, history_path, keep_epochs
from s4_core.train.ranks import ALONE, Ranks


def state_path(out: Path) -> Path:
    """Where an unfinished training keeps its state."""
    return out.with_name(f"{out.stem}.state.safetensors")


def discard_state(out: Path) -> None:
    """Remove what a training keeps to go on: it is complete, or starts anew."""
    state_path(out).unlink(missing_ok=True)


@dataclass
class Run:
    """One training from its first to its last epoch, over any number of processes.

    Args:
        out: checkpoint to be.
        module: what is trained.
        identity: plain values that must be the same when the training goes on.
        ranks: that train together; all of them hold a run, the leader's alone writes.
        epoch: last finished epoch, counted from 1; 0 before the first.
        best_epoch, best_score: of the epoch whose weights are kept; higher is better.
    """

    out: Path
    module: nn.Module
    optimizer: Optimizer
    identity: Mapping[str, Any]
    ranks: Ranks = ALONE
    clock: Callable[[], float] = time.monotonic
    epoch: int = field(default=0, init=False)
    best_epoch: int = field(default=0, init=False)
    best_score: float | None = field(default=None, init=False)
    _earlier_s: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self._began = self.clock()
        self._best = copy.deepcopy(self.module).requires_grad_(False)

    @property
    def seconds(self) -> float:
        """Time spent, earlier processes included."""
        return self._earlier_s + self.clock() - self._began

    def begin(self, resume: bool) -> bool:
        """Start from the first epoch, or go on after the last finished one.

        Returns:
            Whether there was something to go on from.

        Raises:
            ConfigurationError: the unfinished training had other settings or inputs.
            CheckpointError: its state cannot be read.
            OutputError: the folder of `out` cannot be written to.
        """
        found = resume and state_path(self.out).exists()
        self.ranks.say_the_same(found, f"the unfinished training {state_path(self.out)}")
        if found:
            self._restore()
        elif self.ranks.leads:
            discard_state(self.out)  # what an older training left must not be gone on with later
        if self.ranks.leads:
            keep_epochs(history_path(self.out), self.epoch)
        self.ranks.wait()
        return found

    def _restore(self) -> None:
        path = state_path(self.out)
        extra = networks.load_training_state(path, self._both, self.optimizer)
        check_identity(extra["identity"], self.identity, path)
        self.epoch, self.best_epoch = extra["epoch"], extra["best_epoch"]
        self.best_score, self._earlier_s = extra["best_score"], extra["seconds"]

    @property
    def _both(self) -> nn.ModuleDict:
        return nn.ModuleDict({"last": self.module, "best": self._best})

    def finish_epoch(self, entry: Entry, score: float | None) -> None:
        """Close an epoch: keep its weights if they are the best, write the curve and the state.

        Args:
            entry: the curve's values; epoch and seconds are added.
            score: higher is better; None keeps the newest epoch.
        """
        self.epoch += 1
        if score is None or self.best_score is None or score > self.best_score:
            self.best_epoch, self.best_score = self.epoch, score
            self._best.load_state_dict(self.module.state_dict())
        if self.ranks.leads:
            self._write(entry)

    def _write(self, entry: Entry) -> None:
        line = {"epoch": self.epoch, **entry, "seconds": round(self.seconds, 3)}
        append_entry(history_path(self.out), line)
        extra = {
            "identity": dict(self.identity),
            "epoch": self.epoch,
            "best_epoch": self.best_epoch,
            "best_score": self.best_score,
            "seconds": self.seconds,
        }
        networks.save_training_state(state_path(self.out), self._both, self.optimizer, extra)

    def take_best(self) -> None:
        """Give the module the weights of the best epoch; the leader's curve is then complete."""
        self.module.load_state_dict(self._best.state_dict())
        self.ranks.wait()

    def complete(self, model: networks.S4Network | networks.Segmenter, card: ModelCard) -> None:
        """Write the checkpoint; there is nothing to go on with any more.

        Raises:
            OutputError: it cannot be written.
        """
        if self.ranks.leads:
            networks.save_checkpoint(self.out, model, card)
            discard_state(self.out)
        self.ranks.wait()


def check_identity(found: Mapping[str, Any], expected: Mapping[str, Any], path: Path) -> None:
    """Refuse to go on with a training that was begun otherwise.

    Raises:
        ConfigurationError: names what differs.
    """
    before, now = flat(found), flat(expected)
    differing = sorted(k for k in {*before, *now} if before.get(k) != now.get(k))
    if differing:
        listed = "; ".join(f"{k}: {before.get(k)!r}, now {now.get(k)!r}" for k in differing[:5])
        raise ConfigurationError(
            f"The unfinished training in {path} was begun otherwise ({listed}).",
            "Give the same settings and inputs, or start anew without --resume.",
        )


def flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested plain values by dotted key; tuples as lists, as JSON has them."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            found.update(flat(value, f"{prefix}{key}."))
        else:
            found[f"{prefix}{key}"] = list(value) if isinstance(value, tuple) else value
    return found
