from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from s4_core.nn import FastNetwork, choose_device
from s4_core.types import RuntimeSettings, Window
from tests.nn.building import OPTICAL, series, small_network

SIDE = 40
ON_TORCH = choose_device(RuntimeSettings(device="cpu", precision="fp32", backend="torch"))


def windows():
    starts = st.integers(0, SIDE - 1)
    return st.tuples(starts, starts).flatmap(
        lambda at: st.builds(
            Window,
            st.just(at[0]),
            st.just(at[1]),
            st.integers(1, SIDE - at[0]),
            st.integers(1, SIDE - at[1]),
        )
    )


@given(windows(), st.sampled_from(["k2", "k3"]), st.sampled_from(["stem", "decoder"]))
@settings(deadline=None, max_examples=40)
def test_a_crop_gives_the_wanted_pixels_of_the_whole(wanted, transposed, layer):
    network = small_network(transposed=transposed)
    x, valid, days = series(OPTICAL, 4, SIDE, SIDE, batch=1)
    with torch.inference_mode():
        whole = network.features(x, valid, days, OPTICAL, layer)
        found = FastNetwork(network, ON_TORCH).features(x, valid, days, OPTICAL, layer, wanted)
    torch.testing.assert_close(found, whole[(..., *wanted.slices)], atol=1e-5, rtol=1e-5)
