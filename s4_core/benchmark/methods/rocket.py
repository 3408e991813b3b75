"""`rocket`: random convolution kernels over each pixel's raw series and ridge regression.

ROCKET (Dempster, Petitjean & Webb 2020, doi:10.1007/s10618-020-00701-z) for multivariate series:
kernels with random length, weights, bias, dilation, padding and channels; of each the share of
positive values and the maximum over time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from sklearn.linear_model import RidgeClassifierCV
from sklearn.preprocessing import StandardScaler
from torch import Tensor
from torch.nn import functional as F

from s4_core.benchmark.methods.method import Method, Predictor, spread_over_classes
from s4_core.benchmark.methods.readouts import softmax
from s4_core.benchmark.task import Floats, Ground, Task
from s4_core.progress import Stage
from s4_core.train.weights import parcel_balanced

KERNELS = 1000
LENGTHS = (7, 9, 11)
_ALPHAS = np.logspace(-3, 3, 10)
_SEED = 0
_BLOCK = 4096
"""Pixels at a time."""


@dataclass(frozen=True, eq=False)
class Kernel:
    """A random convolution over time.

    Args:
        channels: that it sees. weight: `(1, channels, length)`.
        padding: zeros at both ends, so that it is centred on every date, or none.
    """

    channels: Tensor
    weight: Tensor
    bias: float
    dilation: int
    padding: int


def draw_kernel(channels: int, dates: int, rng: np.random.Generator) -> Kernel:
    """A kernel as ROCKET draws it, for series of `channels` and `dates`.

    Series shorter than the shortest kernel get one as long as they are.
    """
    length = min(int(rng.choice(LENGTHS)), dates)
    most = np.log2(max(1, (dates - 1) / max(1, length - 1)))
    dilation = int(2 ** rng.uniform(0, most))
    seen = int(2 ** rng.uniform(0, np.log2(min(channels, length) + 1)))
    chosen = rng.choice(channels, max(1, seen), replace=False)
    weight = rng.normal(size=(1, len(chosen), length))
    weight -= weight.mean(axis=2, keepdims=True)
    return Kernel(
        torch.from_numpy(np.sort(chosen)),
        torch.from_numpy(weight).float(),
        float(rng.uniform(-1, 1)),
        dilation,
        (length - 1) * dilation // 2 if rng.random() < 0.5 else 0,
    )


def kernel_features(series: Floats, kernels: list[Kernel], stage: Stage) -> Floats:
    """Share of positive values and maximum of every kernel: `(N, 2 * kernels)` of `(N, C, T)`."""
    found = np.empty((len(series), 2 * len(kernels)), np.float32)
    starts = range(0, len(series), _BLOCK)
    for block, start in enumerate(starts):
        x = torch.from_numpy(series[start : start + _BLOCK])
        for number, kernel in enumerate(kernels):
            stage.step(block * len(kernels) + number, len(starts) * len(kernels))
            part = x[:, kernel.channels]
            with torch.inference_mode():
                answer = F.conv1d(
                    part, kernel.weight, padding=kernel.padding, dilation=kernel.dilation
                )
                answer = answer[:, 0] + kernel.bias
            rows = slice(start, start + len(part))
            found[rows, 2 * number] = (answer > 0).float().mean(dim=1).numpy()
            found[rows, 2 * number + 1] = answer.amax(dim=1).numpy()
    return found


def prepare(ground: Ground, stage: Stage) -> Predictor:
    """Features of all labelled pixels by a fixed draw of kernels."""
    rng = np.random.default_rng(_SEED)
    _, channels, dates = ground.series.shape
    kernels = [draw_kernel(channels, dates, rng) for _ in range(KERNELS)]
    features = kernel_features(ground.series, kernels, stage)

    def predict(task: Task, stage: Stage) -> Floats:
        stage.check()
        pixels = task.pixels
        weights = parcel_balanced(pixels.classes, pixels.parcels)
        scaler = StandardScaler().fit(features[task.taught], sample_weight=weights)
        ridge = RidgeClassifierCV(_ALPHAS)
        ridge.fit(scaler.transform(features[task.taught]), pixels.classes, sample_weight=weights)
        scores = ridge.decision_function(scaler.transform(features))
        if scores.ndim == 1:
            scores = np.stack([-scores, scores], axis=1)
        # ridge regression has no probabilities: the usual stand-in
        return spread_over_classes(softmax(scores), ridge.classes_, ground.class_count)

    return predict


METHOD = Method(
    prepare,
    lambda _: {
        "what": "random convolution kernels over the gap-filled series, ridge classifier",
        "kernels": KERNELS,
        "confidence": "softmax of the ridge scores",
    },
    weight=20.0,
    preparing=0.4,
    is_rival=True,
)
