from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from s4_core.data.feature_cache import FeatureCache, cache_folder
from s4_core.errors import OutputError
from tests.conftest import REPOSITORY

ARRAYS = {"values": np.arange(24, dtype=np.float32).reshape(2, 3, 4), "seen": np.eye(3, 4) > 0}
BIG = {"values": np.ones((1, 100, 100), np.float32), "seen": np.ones((100, 100), bool)}


def test_what_was_written_is_read_bit_for_bit(tmp_path):
    cache = FeatureCache(tmp_path)
    assert cache.read("ab1") is None
    assert not cache.has("ab1")
    cache.write("ab1", ARRAYS)
    found = cache.read("ab1")
    assert found.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


def test_what_was_used_longest_ago_goes_first(tmp_path):
    # an entry has 50 kB: three fit
    cache = FeatureCache(tmp_path, 175_000)
    now = time.time()
    for age, key in ((30, "a"), (20, "b"), (10, "c")):
        cache.write(key, BIG)
        os.utime(tmp_path / "features" / key / f"{key}.npz", (now - age, now - age))
    assert cache.read("a") is not None
    cache.write("d", BIG)
    assert [cache.has(key) for key in "abcd"] == [True, False, True, True]
    assert cache.size_bytes() <= 175_000


def test_a_full_disk_bounds_it_too(tmp_path, monkeypatch):
    cache = FeatureCache(tmp_path)
    for key in "abc":
        cache.write(key, BIG)
    used = cache.size_bytes()
    free = type("Usage", (), {"free": 0})
    monkeypatch.setattr("shutil.disk_usage", lambda _: free)
    cache.write("d", BIG)
    assert cache.has("d")
    assert cache.size_bytes() <= used


@pytest.mark.parametrize("harm", ["cut", "flipped", "foreign"])
def test_a_damaged_entry_is_none_and_goes(tmp_path, harm):
    cache = FeatureCache(tmp_path)
    cache.write("ab1", BIG)
    (path,) = tmp_path.rglob("*.npz")
    content = bytearray(path.read_bytes())
    if harm == "cut":
        content = content[: len(content) // 2]
    elif harm == "flipped":
        content[20_000] ^= 1
    else:
        content = bytearray(b"something else")
    path.write_bytes(content)
    assert cache.read("ab1") is None
    assert not path.exists()


def test_clearing_tells_what_was_freed(tmp_path):
    cache = FeatureCache(tmp_path / "cache")
    assert cache.clear() == 0
    cache.write("ab1", BIG)
    assert cache.clear() > 40_000
    assert not (tmp_path / "cache").exists()


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        FeatureCache(tmp_path / "file").write("ab1", ARRAYS)


WRITER = """
import sys
import numpy as np
from pathlib import Path
from s4_core.data.feature_cache import FeatureCache

cache = FeatureCache(Path(sys.argv[1]), 400_000)
for turn in range(60):
    for key in ("aa", "ab", "ba", "bb", "ca", "cb", "da", "db", "ea", "eb"):
        number = float(ord(key[0]) * 256 + ord(key[1]))
        values = np.full((1, 100, 100), number, np.float32)
        found = cache.read(key)
        if found is None:
            cache.write(key, {"values": values, "seen": values[0] > 0})
        else:
            np.testing.assert_array_equal(found["values"], values)
"""


def test_processes_write_read_and_evict_at_once(tmp_path):
    """Ten entries of 50 kB where eight fit: somebody always drops what another one reads."""
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)],
            cwd=REPOSITORY,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for writer in writers:
        _, told = writer.communicate(timeout=120)
        assert writer.returncode == 0, told
    names = [path.name for path in tmp_path.rglob("*") if path.is_file()]
    assert names
    assert not [name for name in names if not name.endswith(".npz")]


def test_the_folder_is_the_systems_or_the_named_one(monkeypatch):
    monkeypatch.setenv("S4_CACHE", "/somewhere")
    assert cache_folder() == Path("/somewhere")
    monkeypatch.delenv("S4_CACHE")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", "/home/me/cache")
    assert cache_folder() == Path("/home/me/cache/s4-crop-mapper")
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", "/local")
    assert cache_folder() == Path("/local/s4-crop-mapper")
