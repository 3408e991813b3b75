"""How far a pixel's result looks: the halo that makes tiles seamless.

Intervals of pixels are followed backwards through the layers (one spatial axis; rows and
columns are alike). Poolings make the answer depend on the pixel's place on the 4-px lattice;
the radius is the largest over its places. The number of dates does not matter (see `ConvLSTM`).
"""

from __future__ import annotations

from s4_core.nn.lattice import STRIDE

Interval = tuple[int, int]
"""First and last pixel, both counted."""


def receptive_radius_px(layer: str, transposed: str, head_reach_px: int = 0) -> int:
    """Pixels beyond this distance cannot change a pixel's result.

    Args:
        layer: what the head reads; "metric" looks as far as the "decoder" that it reads.
        transposed: "k2" or "k3".
        head_reach_px: pixels that the head on top looks to each side.
    """
    radius = 0
    for place in range(STRIDE):
        needed = place - head_reach_px, place + head_reach_px
        needed = _stem(needed) if layer == "stem" else _decoder(needed, transposed)
        radius = max(radius, place - needed[0], needed[1] - place)
    return radius


def _stem(needed: Interval) -> Interval:
    return _convolved(needed, 2)


def _decoder(needed: Interval, transposed: str) -> Interval:
    """The way through the bottom; the skip connections see less."""
    full = _convolved(needed, 2)
    middle = _convolved(_upsampled(full, transposed), 2)
    # the decoder's and the encoder's convolution at the bottom
    deep = _convolved(_upsampled(middle, transposed), 2)
    return _stem(_pooled(_convolved(_pooled(deep), 2)))


def _convolved(needed: Interval, times: int) -> Interval:
    """Inputs of so many convolutions with kernel 3."""
    return needed[0] - times, needed[1] + times


def _upsampled(needed: Interval, transposed: str) -> Interval:
    """Inputs of a transposed convolution: k3 makes odd outputs of both neighbours."""
    last = needed[1] + 1 if transposed == "k3" else needed[1]
    return needed[0] // 2, last // 2


def _pooled(needed: Interval) -> Interval:
    return 2 * needed[0], 2 * needed[1] + 1
