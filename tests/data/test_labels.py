from __future__ import annotations

import numpy as np
import pytest

from s4_core.data import legend_of, open_area, read_labels
from s4_core.errors import LabelError
from s4_core.types import Legend, MapClass


@pytest.fixture
def area(maker):
    for day in range(0, 80, 10):
        maker.optical(day)
    return open_area(maker.request())


def test_parcels_become_pixels(area, box, layer):
    parcels = [
        box((0, 4), (0, 5), "wheat", "11"),
        box((6, 8), (2, 4), "Grass", "60"),
        box((10, 16), (10, 16), "wheat", "11"),
        box((6, 8), (8, 9), "grass", "60"),
    ]
    labels = read_labels(area, layer(*parcels))
    assert [(p.id, p.value, p.name, p.pixels) for p in labels.parcels] == [
        ("wheat0-0", 2, "wheat", 20),
        ("Grass6-2", 1, "Grass", 4),
        ("wheat10-10", 2, "wheat", 36),
        ("grass6-8", 1, "Grass", 2),
    ]
    assert labels.values == (2, 1, 2, 1)
    assert labels.parcels[0].area_ha == pytest.approx(0.2)
    assert [(c.name, c.code) for c in labels.legend.classes] == [("Grass", "60"), ("wheat", "11")]
    index = np.zeros((16, 16), dtype=np.int32)
    index[0:4, 0:5], index[6:8, 2:4], index[10:, 10:], index[6:8, 8] = 1, 2, 3, 4
    np.testing.assert_array_equal(labels.parcel_index, index)
    np.testing.assert_array_equal(labels.classes, np.array([0, 2, 1, 2, 1])[index])
    assert labels.classes.dtype == np.uint16
    assert labels.warnings == ()


def test_a_legend_matches_by_name_then_by_code_never_by_position(area, box, layer):
    legend = Legend(
        (
            MapClass("maize", "20", (1, 2, 3)),
            MapClass("winter wheat", "11", (4, 5, 6)),
            MapClass("grass", "60", (7, 8, 9)),
        )
    )
    parcels = [
        box((0, 4), (0, 4), "GRASS", "11"),
        box((6, 8), (0, 4), "triticum", "11"),
        box((9, 12), (0, 4), "tulips", "99"),
        box((12, 14), (0, 4), "tulips", "99"),
    ]
    labels = read_labels(area, layer(*parcels), legend)
    assert labels.legend is legend
    assert [(p.value, p.name) for p in labels.parcels] == [(3, "grass"), (2, "winter wheat")]
    assert not labels.parcel_index[9:].any()
    assert labels.warnings == (
        "Classes that the legend does not have are left out, with their parcels: tulips (2).",
        "One parcel only: winter wheat, grass. It is learned and mapped, but its accuracy is not "
        "assessable.",
        "No parcel in the area: maize. It cannot be learned.",
    )


def test_a_legend_of_other_classes_is_an_error_that_names_both(area, box, layer):
    legend = Legend((MapClass("rice", "1", (1, 2, 3)), MapClass("tea", "2", (4, 5, 6))))
    parcels = [box((0, 4), (0, 4), "wheat"), box((6, 8), (0, 4), "grass")]
    with pytest.raises(LabelError, match=r"\(grass, wheat\) is in the legend, which has rice, tea"):
        read_labels(area, layer(*parcels), legend)


def test_a_class_with_one_parcel_is_kept_with_a_warning(area, box, layer):
    parcels = [
        box((0, 4), (0, 4), "a"),
        box((5, 8), (0, 4), "a"),
        box((9, 12), (0, 4), "b"),
    ]
    labels = read_labels(area, layer(*parcels))
    assert labels.values == (1, 1, 2)
    assert labels.warnings == (
        "One parcel only: b. It is learned and mapped, but its accuracy is not assessable.",
    )


def test_an_inner_buffer_leaves_the_edges_out(area, box, layer):
    parcels = [box((0, 6), (0, 6), "a"), box((8, 14), (8, 14), "b"), box((0, 2), (8, 10), "b")]
    labels = read_labels(area, layer(*parcels), inner_buffer_m=10.0)
    assert [p.pixels for p in labels.parcels] == [16, 16]
    assert "1 parcel(s) hold no pixel of the area" in labels.warnings[0]
    with pytest.raises(LabelError, match="inner buffer of 50 m leaves no pixel"):
        read_labels(area, layer(*parcels), inner_buffer_m=50.0)


def test_parcels_outside_are_counted(area, box, layer):
    parcels = [
        box((0, 4), (0, 4), "a"),
        box((5, 8), (0, 4), "b"),
        box((50, 58), (0, 4), "c"),
        box((9.6, 9.9), (0, 4), "c"),
    ]
    labels = read_labels(area, layer(*parcels))
    assert labels.legend.names == ("a", "b")
    assert labels.warnings[0].startswith("2 parcel(s) hold no pixel")


def test_no_overlap_with_the_area(area, box, layer):
    with pytest.raises(LabelError, match=r"None of 2 parcel.*area small") as raised:
        read_labels(area, layer(box((50, 58), (0, 4), "a"), box((60, 70), (0, 4), "b")))
    assert "CRS" in raised.value.remedy


def test_an_empty_field(area, box, layer):
    with pytest.raises(LabelError, match="field of the parcels is empty: none of 1") as raised:
        read_labels(area, layer(box((0, 4), (0, 4), code="11")))  # a code is not the class field
    assert "the layer has: crop" in raised.value.remedy
    some = read_labels(
        area, layer(box((0, 4), (0, 4)), box((5, 8), (0, 4), "a"), box((9, 12), (0, 4), "b"))
    )
    assert some.warnings[0] == "1 parcel(s) without a class left out."
    assert len(some.parcels) == 2


def test_fewer_than_two_classes(area, box, layer):
    with pytest.raises(LabelError, match="only the class a; a map needs at least two"):
        read_labels(area, layer(box((0, 4), (0, 4), "a"), box((5, 8), (0, 4), "A")))


def test_parcels_of_different_classes_must_not_overlap(area, box, layer):
    with pytest.raises(LabelError, match=r"wheat0-0 \(wheat\) and grass2-2 \(grass\) share 0\.04"):
        read_labels(area, layer(box((0, 4), (0, 4), "wheat"), box((2, 6), (2, 6), "grass")))


def test_a_parcel_hidden_under_another_of_another_class_is_found(area, box, layer):
    parcels = [box((0, 4), (0, 4), "wheat"), box((0, 4), (0, 4), "grass")]
    for ordered in (parcels, parcels[::-1]):
        with pytest.raises(LabelError, match="different classes overlap"):
            read_labels(area, layer(*ordered))


def test_a_sliver_without_pixel_centres_changes_nothing(area, box, layer):
    # 0.3 px wide, beside the centres of the column that it runs through
    parcels = [box((0, 16), (0, 8), "wheat"), box((0, 16), (7.7, 16), "grass")]
    labels = read_labels(area, layer(*parcels))
    assert (labels.classes[:, :8] == 2).all()
    assert (labels.classes[:, 8:] == 1).all()


def test_a_sliver_with_pixel_centres_is_left_out(area, box, layer):
    wheat, grass = box((0, 15), (0, 8.0), "wheat"), box((0, 15), (7.4, 20.0), "grass")
    # 0.6 px of 8 is 7.5 % of the smaller: too much; of a parcel 13 px wide it is a sliver
    with pytest.raises(LabelError):
        read_labels(area, layer(wheat, grass))
    wide = box((0, 15), (-8, 8.0), "wheat")
    labels = read_labels(area, layer(wide, grass))
    assert (labels.classes[:15, 7] == 0).all()
    assert (labels.classes[:15, :7] == 2).all()
    assert (labels.classes[:15, 8:] == 1).all()
    assert labels.warnings[0].startswith("15 pixel(s) lie in parcels of different classes")


def test_overlapping_parcels_of_one_class_share_no_pixel(area, box, layer):
    parcels = [
        box((0, 4), (0, 4), "wheat"),
        box((0, 4), (2, 8), "wheat"),
        box((8, 12), (0, 4), "grass"),
    ]
    labels = read_labels(area, layer(*parcels))
    assert [p.pixels for p in labels.parcels] == [16, 16, 16]


def test_colours_and_codes_of_a_legend(box):
    parcels = [
        box((0, 1), (0, 1), "wheat", "11", (9, 9, 9)),
        box((0, 1), (0, 1), "wheat", "12"),
        box((0, 1), (0, 1), "wheat", "12"),
        box((0, 1), (0, 1), "rye"),
    ]
    legend = legend_of(parcels)
    assert [(c.name, c.code) for c in legend.classes] == [("rye", ""), ("wheat", "12")]
    assert legend.classes[1].colour == (9, 9, 9)


def test_a_field_that_numbers_the_parcels_is_no_class_field(box):
    parcels = [box((0, 1), (0, 1), f"parcel {number}") for number in range(1001)]
    with pytest.raises(LabelError, match="has 1001 different values") as failure:
        legend_of(parcels)
    assert "parcel 0, parcel 1, parcel 10" in failure.value.message
    assert "and 993 more" in failure.value.message
    assert len(legend_of(parcels[:1000])) == 1000


def test_long_lists_are_cut(area, box, layer):
    parcels = [box((row, row + 1), (0, 4), f"crop {row:02d}") for row in range(12)]
    (warning,) = read_labels(area, layer(*parcels)).warnings
    assert "crop 06, crop 07 and 4 more. It is learned" in warning
