"""Whether one system is above another: paired over test patches, within seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from s4_core.reproduce.learning import Counts
from s4_core.reproduce.results import Result, miou

Bools = npt.NDArray[np.bool_]

_REPLICATES = 1000


@dataclass(frozen=True)
class Comparison:
    """Difference in mIoU, first minus second.

    Args:
        by_seed: of each seed, in order.
        low, high: 95 % interval of their mean when the test patches are drawn anew.
        learned: either is above chance; two that have learned nothing are not compared.
    """

    by_seed: tuple[float, ...]
    low: float
    high: float
    learned: bool = True

    @property
    def mean(self) -> float:
        """Over the seeds."""
        return float(np.mean(self.by_seed))

    @property
    def verdict(self) -> str:
        """In words: an interval that holds 0 decides nothing.

        Nor does the interval know what another training would do: one seed is said to be one.
        """
        if not self.learned:
            return "not judged: neither is above chance"
        once = " by one seed" if len(self.by_seed) == 1 else ""
        if self.low > 0:
            return f"held{once}"
        if self.high < 0:
            return f"not held{once}"
        return "undecided, ahead" if self.mean > 0 else "undecided, behind"


def compare(first: Sequence[Result], second: Sequence[Result]) -> Comparison:
    """Compare results of the same seeds on the same test patches.

    Each replicate draws, within every seed, as many test patches as there are, with replacement,
    the same for both systems.
    """
    pairs = _paired(first, second)
    rng = np.random.default_rng(0)
    spread = np.zeros(_REPLICATES)
    for one, other in pairs:
        times = _draws(rng, len(one.patches))
        spread += _scores(one.counts, times) - _scores(other.counts, times)
    return _judged([one.miou - other.miou for one, other in pairs], spread, pairs)


def compare_groups(first: Sequence[Result], second: Sequence[Result], inside: Bools) -> Comparison:
    """How much further `first` is ahead of `second` in one group of test patches than in the rest.

    Args:
        inside: (P,) which test patches are of the group; each replicate draws within both.
    """
    pairs = _paired(first, second)
    rng = np.random.default_rng(0)
    spread = np.zeros(_REPLICATES)
    by_seed = []
    for one, other in pairs:
        gaps = []
        for sign, group in ((1, inside), (-1, ~inside)):
            mine, theirs = one.counts[group], other.counts[group]
            times = _draws(rng, len(mine))
            spread += sign * (_scores(mine, times) - _scores(theirs, times))
            gaps.append(miou(mine.sum(axis=0)) - miou(theirs.sum(axis=0)))
        by_seed.append(gaps[0] - gaps[1])
    return _judged(by_seed, spread, pairs)


def _paired(first: Sequence[Result], second: Sequence[Result]) -> list[tuple[Result, Result]]:
    pairs = list(zip(first, second))
    if any(a.patches != b.patches or a.cell.seed != b.cell.seed for a, b in pairs):
        raise ValueError("paired results need the same seed and test patches")
    return pairs


def _draws(rng: np.random.Generator, count: int) -> npt.NDArray[np.int64]:
    """How often each of `count` patches is drawn, (R, P)."""
    drawn: npt.NDArray[np.int64] = rng.multinomial(
        count, np.full(count, 1 / count), size=_REPLICATES
    )
    return drawn


def _judged(
    by_seed: Sequence[float],
    spread: npt.NDArray[np.float64],
    pairs: Sequence[tuple[Result, Result]],
) -> Comparison:
    """Args: spread: each replicate's sum over the seeds, (R,)."""
    low, high = np.nanquantile(spread / len(by_seed), [0.025, 0.975])
    learned = any(
        np.mean([r.miou for r in results]) > np.mean([r.best_chance for r in results])
        for results in zip(*pairs)
    )
    return Comparison(tuple(by_seed), float(low), float(high), learned)


def _scores(counts: Counts, times: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """mIoU of each draw `(R,)`; counts (P, K, K), times (R, P)."""
    # (R, P) x (P, K, K) -> (R, K, K), in floats, which numpy multiplies faster
    matrices = np.tensordot(times.astype(np.float64), counts.astype(np.float64), axes=1)
    hits = np.diagonal(matrices, axis1=1, axis2=2)
    asked = matrices.sum(axis=2)
    union = asked + matrices.sum(axis=1) - hits
    # as `miou`: the mean over the classes that the drawn reference holds
    ratio = np.divide(hits, union, out=np.zeros_like(hits), where=union > 0)
    held: npt.NDArray[np.float64] = np.where(asked > 0, ratio, np.nan)
    return np.asarray(np.nanmean(held, axis=1))
