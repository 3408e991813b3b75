"""Smooth random surfaces: what varies inside a field, clouds, speckle's correlation."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
AnyFloats = npt.NDArray[Any]


def frequencies(height: int, width: int) -> FloatArray:
    """Radial frequency of each `rfft2` coefficient, cycles per pixel: (H, W // 2 + 1)."""
    rows = (np.arange(height) + height // 2) % height - height // 2
    cols = np.arange(width // 2 + 1)
    return np.asarray(np.hypot(rows[:, None] / height, cols[None, :] / width), np.float32)


def smooth_noise(
    rng: np.random.Generator, shape: tuple[int, int, int], length_px: float
) -> FloatArray:
    """Gaussian surfaces of mean 0 and variance 1 with a correlation length: (count, H, W).

    They are cut from a larger torus, so that opposite edges do not match.
    """
    margin = int(np.ceil(2 * length_px))
    radial = frequencies(shape[1] + margin, _even(shape[2] + margin))
    return _filtered(rng, shape, np.exp(-0.5 * (2 * np.pi * length_px * radial) ** 2))


def fractal_noise(
    rng: np.random.Generator,
    shape: tuple[int, int, int],
    slope: float,
    longest_px: float,
    *,
    wraps: bool = False,
) -> FloatArray:
    """Gaussian surfaces with a power-law spectrum, as clouds have: (count, H, W), variance 1.

    Args:
        slope: of the amplitude spectrum; 1.3 is ragged, 2 is smooth.
        longest_px: wavelengths above it are no stronger than at it.
        wraps: opposite edges match; then the width must be even.
    """
    height, width = shape[1:]
    margin = (0, 0) if wraps else (height // 2, width // 2)
    radial = frequencies(height + margin[0], _even(width + margin[1]))
    amplitude = (np.maximum(radial, 1.0 / longest_px) * longest_px) ** -slope
    amplitude[0, 0] = 0.0
    return _filtered(rng, shape, amplitude)


def _even(count: int) -> int:
    return count + count % 2


def _filtered(
    rng: np.random.Generator, shape: tuple[int, int, int], amplitude: AnyFloats
) -> FloatArray:
    """White noise filtered on a torus of the amplitude's size, cut to `shape`, variance 1."""
    rows, cols = amplitude.shape[0], 2 * (amplitude.shape[1] - 1)
    spectrum = np.fft.rfft2(rng.standard_normal((shape[0], rows, cols), dtype=np.float32))
    surface = np.fft.irfft2(spectrum * amplitude, s=(rows, cols))[:, : shape[1], : shape[2]]
    # the variance that white noise keeps (Parseval): the inner columns of a real transform stand
    # for two coefficients each
    doubled = 2.0 * np.square(amplitude).sum() - np.square(amplitude[:, [0, -1]]).sum()
    return np.asarray(surface / np.sqrt(doubled / (rows * cols)), np.float32)


def blur(images: FloatArray, transfer: FloatArray, margin: int) -> FloatArray:
    """Images (..., H, W) filtered by a transfer function on their size plus twice `margin`."""
    pad = [(0, 0)] * (images.ndim - 2) + [(margin, margin), (margin, margin)]
    padded = np.pad(images, pad, mode="edge")
    size = padded.shape[-2:]
    filtered = np.fft.irfft2(np.fft.rfft2(padded) * transfer, s=size)
    return np.asarray(filtered[..., margin:-margin, margin:-margin], np.float32)
