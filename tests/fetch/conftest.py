"""Catalogues on loopback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from s4_core.fetch import Patience
from tests.fetch.scenes import Catalogue
from tests.fetch.server import Shop, serving

QUICK = Patience(tries=4, first_wait_s=0.02, longest_wait_s=0.1, timeout_s=5.0)
"""Waits that a test can afford."""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    (tmp_path / "served").mkdir()
    return Shop(tmp_path / "served")


@pytest.fixture
def base(shop: Shop) -> Iterator[str]:
    with serving(shop) as address:
        yield address


@pytest.fixture
def catalogue(shop: Shop, base: str) -> Catalogue:
    return Catalogue(shop.folder, base, [])


@pytest.fixture
def api(catalogue: Catalogue, shop: Shop, base: str, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Starts a STAC API (rustac's, in memory) over the catalogue's items; its address."""
    program = Path(sys.executable).with_name("rustac")
    if not program.exists():
        pytest.skip("rustac, the STAC API for tests, is not installed (`make env`)")
    with ExitStack() as stack:

        def start() -> str:
            files = [catalogue.write_collection()]
            for collection in catalogue.collections():
                path = tmp_path / f"{collection['id']}.json"
                path.write_text(json.dumps(collection), encoding="utf-8")
                files.insert(0, path)
            shop.api = stack.enter_context(_rustac(program, base, files))
            return base

        yield start


@contextmanager
def _rustac(program: Path, public: str, files: Sequence[Path]) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    command = [str(program), "serve", "--addr", public, "--bind", place, *map(str, files)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://{place}/", timeout=1).close()
                break
            except OSError:
                if process.poll() is not None:
                    raise RuntimeError(str(process.stderr and process.stderr.read())) from None
                time.sleep(0.05)
        yield f"http://{place}"
    finally:
        process.kill()
        process.communicate()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Nothing goes to the internet unless somebody who has it says so."""
    if os.environ.get("S4_ONLINE"):
        return
    for item in items:
        if item.get_closest_marker("online"):
            item.add_marker(pytest.mark.skip(reason="needs the internet (S4_ONLINE=1)"))
