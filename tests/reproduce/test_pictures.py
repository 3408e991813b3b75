from __future__ import annotations

import numpy as np

from s4_core.data.published import IGNORED
from s4_core.data.published.pastis import CLASSES as PASTIS_CLASSES
from s4_core.reproduce.pictures import class_colours, class_picture


def test_maps_have_the_colours_of_their_legend() -> None:
    values = np.arange(len(PASTIS_CLASSES))[None]
    picture = class_picture(values, PASTIS_CLASSES)
    np.testing.assert_allclose(picture[0], class_colours(PASTIS_CLASSES), atol=1e-6)
    assert len({tuple(c) for c in picture[0].tolist()}) == len(PASTIS_CLASSES)


def test_what_is_ignored_is_grey() -> None:
    (grey,) = class_picture(np.array([[IGNORED]]), PASTIS_CLASSES)[0]
    assert grey[0] == grey[1] == grey[2]
