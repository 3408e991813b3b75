"""Several processes that train one model together, as `torchrun` starts them.

Each process ("rank") computes its part of every batch. What depends on the whole batch is summed
over the ranks where it arises: means in the losses, statistics in BatchNorm, gradients. Everything
else (weights, optimizer, random draws, decisions) is the same on all of them, so that any number
of ranks follows the curve of one process with the same batch, up to the rounding of float32.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import torch
from torch import Tensor, nn
from torch import distributed as dist

from s4_core.errors import ConfigurationError, TrainingError
from s4_core.launch import process_count
from s4_core.progress import Reporter
from s4_core.train.batches import Batch
from s4_core.types import RuntimeSettings

_PATIENCE = timedelta(minutes=30)
"""For ranks that still read their images; one that died is noticed at once."""


@dataclass(frozen=True)
class Ranks:
    """This process's place among those that train together.

    Args:
        rank: counted from 0; rank 0 leads: it alone writes and reports.
        count: of all.
    """

    rank: int = 0
    count: int = 1

    @property
    def leads(self) -> bool:
        """Whether this process writes and reports."""
        return self.rank == 0

    def rows(self, size: int) -> slice:
        """This rank's part of so many samples: consecutive, about as many as any other's.

        Raises:
            ConfigurationError: fewer samples than ranks.
        """
        if size < self.count:
            raise ConfigurationError(
                f"A batch of {size} cannot be shared by {self.count} processes.",
                "Raise pretrain.batch (or finetune.batch), or start fewer processes.",
            )
        part = np.array_split(np.arange(size), self.count)[self.rank]
        return slice(int(part[0]), int(part[-1]) + 1)

    def share(self, batch: Batch) -> Batch:
        """This rank's samples of a batch that all ranks have drawn alike."""
        if self.count == 1:
            return batch
        rows = self.rows(len(batch.offsets))
        return Batch(
            {m: (x[rows], valid[rows], days[rows]) for m, (x, valid, days) in batch.inputs.items()},
            {m: x[rows] for m, x in batch.targets.items()},
            {m: present[rows] for m, present in batch.present.items()},
            batch.offsets[rows],
        )

    def total(self, values: Tensor) -> Tensor:
        """The sum over the ranks, without a graph; the same numbers on each."""
        if self.count == 1:
            return values
        summed = values.detach().clone()
        with _lost_ranks():
            dist.all_reduce(summed)
        return summed

    def gathered(self, values: Tensor) -> list[Tensor]:
        """The values of every rank, by rank."""
        found = [torch.empty_like(values) for _ in range(self.count)]
        with _lost_ranks():
            dist.all_gather(found, values)
        return found

    def part_of_mean(self, mean: Tensor, counted: Tensor) -> Tensor:
        """What a mean over this rank's values adds to the mean over all ranks' values.

        Args:
            counted: how many values this rank's mean is over, a scalar.
        """
        if self.count == 1:
            return mean
        own = counted.to(mean.dtype)
        return mean * (own / self.total(own).clamp(min=1))

    def sum_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        """Add up the gradients of all ranks, in place."""
        if self.count == 1:
            return
        gradients = [p.grad for p in parameters if p.grad is not None]
        flat = self.total(torch.cat([gradient.reshape(-1) for gradient in gradients]))
        parts = torch.split(flat, [gradient.numel() for gradient in gradients])
        for gradient, part in zip(gradients, parts):
            gradient.copy_(part.view_as(gradient))

    def begin_alike(self, module: nn.Module) -> None:
        """Give every rank the leader's weights."""
        if self.count > 1:
            with _lost_ranks():
                for tensor in module.state_dict().values():
                    dist.broadcast(tensor, 0)

    def wait(self) -> None:
        """Until all ranks are here."""
        if self.count > 1:
            self.total(torch.zeros(1, device=_device()))

    def say_the_same(self, found: bool, what: str) -> None:
        """Refuse ranks that see different files.

        Raises:
            ConfigurationError: some have found it and some have not.
        """
        if self.count == 1:
            return
        seen = int(self.total(torch.tensor([float(found)], device=_device())).item())
        if 0 < seen < self.count:
            raise ConfigurationError(
                f"{seen} of {self.count} processes see {what}.",
                "Write the model to a folder that all of them share.",
            )


ALONE = Ranks()


def current() -> Ranks:
    """This process's ranks; alone where nobody trains with it."""
    if dist.is_available() and dist.is_initialized():
        return Ranks(dist.get_rank(), dist.get_world_size())
    return ALONE


class AgreedReporter:
    """A reporter for ranks that stop together: all of them once any of them was asked to.

    Every rank asks equally often, as all of them take the same steps. Only the leader is heard.
    """

    def __init__(self, reporter: Reporter, ranks: Ranks) -> None:
        self._reporter = reporter
        self._ranks = ranks

    def progress(
        self, fraction: float, stage: str, eta_s: float | None, metrics: dict[str, float]
    ) -> None:
        """Passed on by the leader."""
        if self._ranks.leads:
            self._reporter.progress(fraction, stage, eta_s, metrics)

    def log(self, level: str, message: str) -> None:
        """Passed on by the leader."""
        if self._ranks.leads:
            self._reporter.log(level, message)

    def cancelled(self) -> bool:
        """Whether any rank was asked to stop."""
        asked = torch.tensor([float(self._reporter.cancelled())], device=_device())
        return bool(self._ranks.total(asked).item() > 0)


@contextmanager
def together(runtime: RuntimeSettings, reporter: Reporter) -> Iterator[tuple[Ranks, Reporter]]:
    """Join the processes that `torchrun` started; alone otherwise.

    Yields:
        The ranks, and the reporter to use inside.

    Raises:
        TrainingError: the processes do not find each other.
    """
    if process_count(os.environ) == 1:
        yield ALONE, reporter
        return
    cuda = torch.cuda.is_available() and runtime.device != "cpu"
    if cuda:
        # `torch.device("cuda")` then means this rank's own
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")) % torch.cuda.device_count())
    try:
        dist.init_process_group("nccl" if cuda else "gloo", timeout=_PATIENCE)
    except (RuntimeError, ValueError) as error:
        raise TrainingError(
            f"The processes of this training do not find each other: {error}.",
            "Start them with torchrun, and check its --rdzv-endpoint and the network.",
        ) from error
    ranks = current()
    reporter.log("info", f"Process {ranks.rank + 1} of {ranks.count}.")
    yield ranks, AgreedReporter(reporter, ranks)
    # not after an error: it would wait for ranks that may be gone
    dist.destroy_process_group()


@contextmanager
def _lost_ranks() -> Iterator[None]:
    """What torch says of a rank that is gone, for users."""
    try:
        yield
    except RuntimeError as error:
        raise TrainingError(
            f"Another process of this training is gone: {str(error).strip().splitlines()[0]}.",
            "See what it said, then start all of them again with --resume.",
        ) from error


def _device() -> torch.device:
    return torch.device("cuda" if dist.get_backend() == "nccl" else "cpu")
