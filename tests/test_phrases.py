from __future__ import annotations

from s4_core.phrases import listed


def test_lists_are_cut_where_they_get_long():
    assert listed([]) == ""
    assert listed(["a", "b"]) == "a, b"
    assert listed(["a", "b", "c"], 3) == "a, b, c"
    assert listed(["a", "b", "c", "d"], 2) == "a, b and 2 more"
