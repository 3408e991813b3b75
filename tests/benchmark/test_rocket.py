"""Random convolution kernels."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from s4_core.benchmark.methods.rocket import Kernel, draw_kernel, kernel_features
from s4_core.progress import Silent, Stage

STAGE = Stage(Silent(), "test")


def test_features_by_hand():
    series = np.array([[[0, 1, 4, 9, 16]]], np.float32)
    # differences of neighbours, 1 3 5 7, less 4
    kernel = Kernel(torch.tensor([0]), torch.tensor([[[-1.0, 1.0]]]), -4.0, 1, 0)
    assert kernel_features(series, [kernel], STAGE).tolist() == [[0.5, 3.0]]


def test_dilation_and_padding():
    series = np.array([[[0, 1, 4, 9, 16]]], np.float32)
    # x[t + 2] - x[t] with a 0 before and after: 1, 4, 8, 12, -9, ... at -1..3
    kernel = Kernel(torch.tensor([0]), torch.tensor([[[-1.0, 1.0]]]), 0.0, 2, 1)
    assert kernel_features(series, [kernel], STAGE)[0].tolist() == pytest.approx([0.8, 12.0])


def test_only_chosen_channels_count():
    series = np.random.default_rng(0).normal(size=(4, 3, 9)).astype(np.float32)
    kernel = Kernel(torch.tensor([1]), torch.ones(1, 1, 3), 0.0, 1, 1)
    other = series.copy()
    other[:, [0, 2]] = 7
    both = [kernel_features(values, [kernel], STAGE) for values in (series, other)]
    assert np.array_equal(*both)


@settings(deadline=None, max_examples=40)
@given(channels=st.integers(1, 13), dates=st.integers(1, 60), seed=st.integers(0, 999))
def test_every_kernel_fits_the_series(channels, dates, seed):
    kernel = draw_kernel(channels, dates, np.random.default_rng(seed))
    series = np.random.default_rng(1).normal(size=(2, channels, dates)).astype(np.float32)
    found = kernel_features(series, [kernel], STAGE)
    assert np.isfinite(found).all()
    assert kernel.weight.sum(dim=2).numpy() == pytest.approx(0, abs=1e-4)
