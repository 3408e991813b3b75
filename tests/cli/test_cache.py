from __future__ import annotations

import json

import numpy as np

from s4_core.cli import main
from s4_core.data import FeatureCache


def test_the_cache_is_told_of_and_cleared(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("S4_CACHE", str(tmp_path / "kept"))
    assert main(["cache"]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'kept'}: 0 B of at most 2.1 GB\n"
    values = np.zeros((1, 50, 50), np.float32)
    FeatureCache(tmp_path / "kept").write("ab", {"values": values, "seen": values[0] > 0})
    assert main(["cache", "--json", "--quiet"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["bytes"] > 12_000
    assert main(["cache", "--clear"]) == 0
    assert capsys.readouterr().out.endswith("0 B of at most 2.1 GB, 13 kB were freed\n")
    assert not (tmp_path / "kept").exists()
