from __future__ import annotations

import numpy as np
import pytest

from s4_core.data.published import IGNORED
from s4_core.data.published.africa import CLASSES as AFRICAN_CLASSES
from s4_core.data.published.pastis import CLASSES as PASTIS_CLASSES
from s4_core.reproduce.pictures import class_colours, class_picture


def test_maps_have_the_colours_of_their_legend() -> None:
    values = np.arange(len(PASTIS_CLASSES))[None]
    picture = class_picture(values, PASTIS_CLASSES)
    np.testing.assert_allclose(picture[0], class_colours(PASTIS_CLASSES), atol=1e-6)
    assert len({tuple(c) for c in picture[0].tolist()}) == len(PASTIS_CLASSES)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIELAB (D65) of sRGB, (N, 3) 0..1."""
    linear = np.where(rgb > 0.04045, ((rgb + 0.055) / 1.055) ** 2.4, rgb / 12.92)
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = linear @ to_xyz.T / to_xyz.sum(axis=1)
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116).T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)


@pytest.mark.parametrize("names", [PASTIS_CLASSES, *AFRICAN_CLASSES.values()])
def test_no_two_classes_look_alike(names: tuple[str, ...]) -> None:
    ignored = class_picture(np.array([[IGNORED]]), names)[0]
    colours = lab(np.concatenate([class_colours(names), ignored]))
    apart = np.linalg.norm(colours[:, None] - colours[None], axis=2)
    # 2.3 is a difference that is just noticed (Mahy et al. 1994)
    assert apart[np.triu_indices(len(colours), 1)].min() > 25


def test_what_is_ignored_is_grey() -> None:
    (grey,) = class_picture(np.array([[IGNORED]]), PASTIS_CLASSES)[0]
    assert grey[0] == grey[1] == grey[2]
