"""Sizes of the locks, without asking anybody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools import sizes
from tools.locks import PLATFORMS


def test_every_platform_gets_its_two_sizes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lengths = {"a.whl": 10, "b.whl": 7, "torch.whl": 500}
    monkeypatch.setattr(sizes, "FOLDER", tmp_path)
    monkeypatch.setattr(sizes, "length_of", lengths.__getitem__)
    monkeypatch.setattr(
        sizes,
        "urls_of",
        lambda lock, _: ["torch.whl"] if lock.stem.endswith("-torch") else ["a.whl", "b.whl"],
    )
    assert sizes.main() == 0
    written = json.loads((tmp_path / "sizes.json").read_text())
    assert written == {name: {"packages": 17, "torch": 500} for name in PLATFORMS}
