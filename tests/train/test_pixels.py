import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from s4_core import nn
from s4_core.train.pixels import BLOCK_PX, Pixels, blocks, compute_at
from s4_core.types import Modality, RuntimeSettings
from tests.train.toys import toy_labels

DEVICE = nn.choose_device(RuntimeSettings(device="cpu", precision="fp32"))
places = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), min_size=1, max_size=40)


def at(rows_cols):
    rows, cols = np.array(rows_cols, np.int64).T
    return Pixels(rows, cols, np.zeros(len(rows), int), np.arange(len(rows)))


def test_labels_become_pixels_with_class_and_parcel():
    pixels = Pixels.of(toy_labels([0, 5]), [1])
    # parcel 5 lies at rows 8..15, columns 8..15 and has class 3
    assert len(pixels) == 64
    assert (pixels.rows.min(), pixels.rows.max(), pixels.cols.min()) == (8, 15, 8)
    assert set(pixels.classes) == {2}
    assert set(pixels.parcels) == {1}


@settings(deadline=None, max_examples=50)
@given(places, st.integers(0, 33))
def test_blocks_hold_every_pixel_once_with_its_halo_on_the_lattice(rows_cols, halo):
    pixels = at(rows_cols)
    counted = np.zeros(len(pixels), int)
    for window, inside in blocks(pixels, halo):
        counted[inside] += 1
        assert window.row % 4 == window.col % 4 == window.height % 4 == window.width % 4 == 0
        rows, cols = pixels.rows[inside], pixels.cols[inside]
        assert (rows - window.row >= halo).all()
        assert (cols - window.col >= halo).all()
        assert (window.row + window.height - 1 - rows >= halo).all()
        assert (window.col + window.width - 1 - cols >= halo).all()
        assert max(window.height, window.width) <= BLOCK_PX + 2 * (halo + 3)
    assert (counted == 1).all()


@settings(deadline=None, max_examples=25)
@given(places)
def test_values_come_from_the_pixels_own_places(rows_cols):
    pixels = at(rows_cols)

    def read(window):
        rows = torch.arange(window.row, window.row + window.height).float()
        cols = torch.arange(window.col, window.col + window.width).float()
        x = torch.stack(torch.meshgrid(rows, cols, indexing="ij"))[None, :, None]
        valid = (x[:, 0] + x[:, 1]) % 2 == 0
        return {Modality.RADAR: (x, valid, torch.zeros(1, 1))}

    values, seen = compute_at(
        pixels, 4, read, lambda inputs: inputs[Modality.RADAR][0][:, :, 0], device=DEVICE
    )
    np.testing.assert_array_equal(values, np.stack([pixels.rows, pixels.cols], 1))
    np.testing.assert_array_equal(seen, (pixels.rows + pixels.cols) % 2 == 0)
