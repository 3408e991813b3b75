"""Warnings of the engine in the panel."""

from s4_qgis.panel.warnings_list import unsaid


def test_what_the_panel_says_already_is_not_said_again():
    one = "One parcel only: barley. It is learned and mapped, but its accuracy is not assessable."
    images = "optical: 40 days without a clear date, 2019-01-01 to 2019-02-10."
    other = "No parcel in the area: rye. It cannot be learned."
    assert unsaid([images, one, other], [images]) == [other]
