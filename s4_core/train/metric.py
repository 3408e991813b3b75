"""Training a parcel metric on few-parcel episodes of areas whose crops are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from s4_core.nn import ParcelMetric
from s4_core.progress import Stage
from s4_core.train.discriminants import discriminants, scatter
from s4_core.train.episodes import Episode, LabelledPixels, draw_episode, share_columns, spread_of

_CLIP = 1.0
_WARM_UP = 0.1
_RESTRAINT = 0.3
"""The perceptron starts as a small addition to the linear part."""

_MEAN_OF_LAST = 200


@dataclass(frozen=True)
class MetricSchedule:
    """How a metric is trained; all of it was chosen on simulated areas (docs/experiments.md).

    Args:
        steps: of the optimiser, each on one episode of each of `areas` areas.
        most_parcels: a class teaches with one to so many.
        learning_rate, weight_decay: of AdamW under a one-cycle schedule.
        jitter: spread of random gains, offsets and noise of the standardised series, the same for
            a whole area: its calibration and atmosphere.
        shrinkage: of the linear part's start, of the features and of the raw series.
    """

    steps: int = 1500
    areas: int = 4
    most_parcels: int = 3
    learning_rate: float = 3e-4
    weight_decay: float = 1e-2
    jitter: float = 0.1
    shrinkage: tuple[float, float] = (0.97, 0.3)


@dataclass(frozen=True)
class Reads:
    """What the vectors of one modality hold, in their order.

    Args:
        dates: T. features, channels: numbers a date, of the network and of the raw series.
    """

    dates: int
    features: int
    channels: int

    @property
    def split(self) -> int:
        """Where the raw series begins."""
        return self.dates * self.features

    @property
    def size(self) -> int:
        """D."""
        return self.dates * (self.features + self.channels)


def train_metric(
    metric: ParcelMetric,
    areas: Sequence[LabelledPixels],
    reads: Reads,
    schedule: MetricSchedule,
    *,
    seed: int,
    stage: Stage,
) -> float:
    """Train a metric in place.

    Its embedding is scaled such that softmax of minus the squared distance is the probability that
    fitted the episodes best.

    Returns:
        Mean loss of the last episodes (cross-entropy, classes counting alike).

    Raises:
        Cancelled: the user stopped it.
    """
    _start(metric, areas, reads, schedule)
    with torch.random.fork_rng(devices=[]):
        # dropout draws from torch's own random state
        torch.manual_seed(seed)
        sharpness, loss = _descend(metric, areas, reads, schedule, seed=seed, stage=stage)
    _scale(metric, float(F.softplus(sharpness).detach().sqrt()))
    metric.eval()
    return loss


def _descend(
    metric: ParcelMetric,
    areas: Sequence[LabelledPixels],
    reads: Reads,
    schedule: MetricSchedule,
    *,
    seed: int,
    stage: Stage,
) -> tuple[Tensor, float]:
    """The optimiser's steps; the sharpness found and the mean loss of the last episodes."""
    rng = np.random.default_rng(seed)
    generator = torch.Generator().manual_seed(seed)
    sharpness = nn.Parameter(torch.tensor(2.0))
    parameters = [*metric.parameters(), sharpness]
    optimiser = torch.optim.AdamW(
        parameters, schedule.learning_rate, weight_decay=schedule.weight_decay
    )
    rates = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, schedule.learning_rate, total_steps=schedule.steps, pct_start=_WARM_UP
    )
    losses: list[float] = []
    metric.train()
    for step in range(schedule.steps):
        drawn = [_drawn(areas, schedule, rng) for _ in range(schedule.areas)]
        terms = [
            _loss(metric, sharpness, area, episode, jittered(reads, schedule.jitter, generator))
            for area, episode in filter(None, drawn)
        ]
        optimiser.zero_grad()
        if terms:
            loss = torch.stack(terms).mean()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(parameters, _CLIP)
            losses.append(float(loss.detach()))
        optimiser.step()
        rates.step()
        stage.step(step + 1, schedule.steps, loss=float(np.mean(losses[-_MEAN_OF_LAST:] or [0])))
    return sharpness, float(np.mean(losses[-_MEAN_OF_LAST:] or [0]))


def jittered(reads: Reads, spread: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Random gains and offsets of an area's standardised raw series, `(D,)` each; features stay.

    Gains and offsets of a channel hold for all dates, and every date has an offset of its own.
    """

    def normal(*size: int) -> Tensor:
        return torch.randn(*size, generator=generator) * spread

    gain, offset = torch.ones(reads.size), torch.zeros(reads.size)
    shape = (reads.dates, reads.channels)
    # (T, C) -> (T * C): the order of `flatten_dates`
    gain[reads.split :] += normal(reads.channels).expand(shape).reshape(-1)
    offset[reads.split :] = (normal(reads.channels).expand(shape) + normal(*shape)).reshape(-1)
    return gain, offset


def _start(
    metric: ParcelMetric, areas: Sequence[LabelledPixels], reads: Reads, schedule: MetricSchedule
) -> None:
    """Standardisation and discriminants: half of the linear part reads the features, half raw."""
    mean, std = spread_of(areas)
    cut, half = reads.split, metric.linear_part // 2
    linear = metric.first.linear
    with torch.no_grad():
        metric.first.mean.copy_(torch.from_numpy(mean))
        metric.first.std.copy_(torch.from_numpy(std))
        linear.weight[: metric.linear_part] = 0
        linear.bias[: metric.linear_part] = 0
        metric.third.weight.mul_(_RESTRAINT)
        parts = (slice(0, cut), slice(0, half)), (slice(cut, None), slice(half, 2 * half))
        for (columns, rows), shrinkage in zip(parts, schedule.shrinkage):
            some = [
                LabelledPixels(np.asarray(a.vectors[:, columns], np.float32), a.classes, a.parcels)
                for a in areas
            ]
            within, between = scatter(some, mean[columns], std[columns])
            found = discriminants(within, between, shrinkage, half) / np.sqrt(half)
            linear.weight[rows.start : rows.start + len(found), columns] = torch.from_numpy(found)


def _drawn(
    areas: Sequence[LabelledPixels], schedule: MetricSchedule, rng: np.random.Generator
) -> tuple[LabelledPixels, Episode] | None:
    area = areas[int(rng.integers(len(areas)))]
    episode = draw_episode(area, schedule.most_parcels, rng)
    return None if episode is None else (area, episode)


def _loss(
    metric: ParcelMetric,
    sharpness: Tensor,
    area: LabelledPixels,
    episode: Episode,
    jitter: tuple[Tensor, Tensor],
) -> Tensor:
    """Cross-entropy of the query pixels by their distances to the classes' means."""
    distances = _scores(metric, area, episode, jitter)
    targets = torch.from_numpy(episode.query_classes)
    weights = 1 / torch.bincount(targets, minlength=episode.class_count).clamp(min=1).float()
    return F.cross_entropy(distances * F.softplus(sharpness), targets, weight=weights)


def _scores(
    metric: ParcelMetric,
    area: LabelledPixels,
    episode: Episode,
    jitter: tuple[Tensor, Tensor],
) -> Tensor:
    """Minus the squared distance of every query pixel to the mean of every class: (N, K)."""
    gain, offset = jitter
    count = len(episode.support)
    chosen = np.concatenate([episode.support, episode.query])
    vectors = torch.from_numpy(np.asarray(area.vectors[chosen], np.float32))
    mean, std = metric.first.mean, metric.first.std
    # jitter is in units of the spread
    embedded = metric.embed((vectors - mean) * gain + mean + offset * std)
    means = torch.from_numpy(share_columns(episode.support_classes, episode.class_count))
    prototypes = means @ embedded[:count]
    centre = prototypes.mean(dim=0)
    return -torch.cdist(embedded[count:] - centre, prototypes - centre).square()


def _scale(metric: ParcelMetric, factor: float) -> None:
    """Multiply the embedding by a factor."""
    linear = metric.first.linear
    with torch.no_grad():
        for linear_part in (linear.weight, linear.bias):
            linear_part[: metric.linear_part].mul_(factor)
        for nonlinear_part in (metric.third.weight, metric.third.bias):
            nonlinear_part.mul_(factor)


def embedding(metric: ParcelMetric, vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """`(N, E)` of vectors `(N, D)`, without gradients."""
    with torch.inference_mode():
        found: npt.NDArray[np.float32] = metric.embed(torch.from_numpy(vectors)).numpy()
    return found
