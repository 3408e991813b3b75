"""The tiles of one map shared among the workers of a Dask cluster.

The scheduler hands out errands, never pixels: a worker reads the images itself and stores what it
predicts in the map's shared folder, where the driver waits for it, tile by tile in the order of
the map. A worker that dies is replaced or done without; its errands go to others.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch

from s4_core import __version__
from s4_core.errors import ClusterError, ConfigurationError, OutputError
from s4_core.infer.errands import (
    Errand,
    Report,
    examine,
    introduce,
    make_tile,
    read_prediction,
    stored_name,
)
from s4_core.infer.prediction import Prediction
from s4_core.infer.tiling import Tile
from s4_core.nn import DeviceChoice
from s4_core.phrases import listed
from s4_core.progress import Stage
from s4_core.types import RuntimeSettings, Window

_AHEAD = 3
"""Tiles under way or waiting for the driver, per thread of the workers."""

_LOOK_EVERY_S = 0.5
_PATIENCE_S = 120.0
"""Without a single worker; a cluster may be starting some."""

_SEEN_AFTER_S = 30.0
"""A file written elsewhere may take a while to be seen through a network file system."""

_RETRIES = 2
"""Of an errand that fails, such as by a network file system that stumbles."""


class Cluster:
    """Workers that wait for errands; see `joined`.

    Args:
        distributed: the package; it is loaded only where a cluster is asked for.
    """

    def __init__(self, distributed: Any, client: Any, runtime: RuntimeSettings) -> None:
        self._distributed = distributed
        self._client = client
        self.runtime = runtime
        reports = self._ask(introduce, runtime)
        self.choice = replace(_common_choice(reports), backend=runtime.backend)
        self.workers = len(reports)

    def threads(self) -> int:
        """Errands that the workers can have in hand at once; 0 where none is there."""
        return sum(self._client.nthreads().values())

    def examine(self, errand: Errand) -> None:
        """Let every worker open what it needs.

        Raises:
            ClusterError: names workers that do not see the folder, the images or the model.
        """
        self._ask(examine, errand)

    def submit(self, errand: Errand, tile: Tile, wanted: Window) -> Any:
        """Hand out a tile; returns Dask's future."""
        return self._client.submit(
            make_tile,
            errand,
            stored_name(tile.index),
            tile.window,
            wanted,
            key=f"s4-{errand.fingerprint[:16]}-{tile.index}",
            pure=False,
            retries=_RETRIES,
        )

    def is_done(self, future: Any, within_s: float) -> bool:
        """Whether an errand has come to its end, well or not, within some seconds."""
        try:
            with self._client.as_current():
                self._distributed.wait(future, timeout=within_s)
        except (TimeoutError, asyncio.TimeoutError):  # one since Python 3.11
            return False
        except self._distributed.client.FutureCancelledError:
            pass  # `require_success` tells it
        return True

    def require_success(self, future: Any) -> None:
        """Raise what an errand met.

        Raises:
            ClusterError: workers died of it, or the scheduler is gone.
            S4Error: what the worker met.
        """
        try:
            future.result()
        except self._distributed.KilledWorker as error:
            raise ClusterError(
                f"Workers died again and again over one tile: {error}.",
                "They may lack memory: choose a smaller --tile, fewer --workers, or --threads.",
            ) from error
        except self._distributed.client.FutureCancelledError as error:
            raise ClusterError(
                f"The Dask scheduler has lost a tile: {error}.",
                "See that it runs, then start again with --resume: finished tiles are kept.",
            ) from error

    def forget(self, futures: Sequence[Any]) -> None:
        """Hand out no more of these."""
        self._client.cancel(list(futures))

    def _ask(self, question: Any, subject: Any) -> Mapping[str, Report]:
        """The reports of all workers.

        Raises:
            ClusterError: a worker has another version, or something that keeps it from working.
        """
        answers = self._client.run(question, subject, on_error="return")
        if not answers:
            raise _no_workers()
        for address, answer in answers.items():
            if isinstance(answer, BaseException):
                raise ClusterError(
                    f"The worker {address} cannot run s4_core: {answer}.",
                    f"Install s4_core {__version__} with its packages for all workers.",
                ) from answer
            if answer.version != __version__:
                raise ClusterError(
                    f"The worker {address} runs s4_core {answer.version}, here is {__version__}.",
                    "Install the same version for all workers.",
                )
        broken = {a: r for a, r in answers.items() if r.trouble}
        if broken:
            message, remedy = next(iter(broken.values())).trouble
            raise ClusterError(
                f"{len(broken)} of {len(answers)} workers cannot help "
                f"({listed(list(broken), 3)}): {message}",
                remedy,
            )
        return dict(answers)


def _common_choice(reports: Mapping[str, Report]) -> DeviceChoice:
    """Where all workers compute: a map must not depend on which of them made a tile."""
    kinds = {(r.device, r.precision): address for address, r in reports.items()}
    if len(kinds) > 1:
        listed_kinds = ", ".join(f"{d} {p} on {a}" for (d, p), a in kinds.items())
        raise ConfigurationError(
            f"The workers would compute differently: {listed_kinds}.",
            "Choose for all with --device and --precision, for example --device cpu.",
        )
    first = next(iter(reports.values()))
    many = f"{len(reports)} worker{'' if len(reports) == 1 else 's'}, each: "
    return DeviceChoice(torch.device(first.device), first.precision, many + first.reason)


def _no_workers() -> ClusterError:
    return ClusterError(
        "The Dask cluster has no worker.",
        "Start some (`dask worker SCHEDULER`), or let the map be made here (`--workers N`).",
    )


class SharedPredictor:
    """Lets workers predict tiles, some ahead of what is asked for; use it in a `with` block.

    Args:
        tiles: that will be asked for, in this order; others are handed out when asked for.
        whole: all that a tile reads is wanted (tiles are blended), not only its core.
        stage: checked while waiting.
    """

    def __init__(
        self, cluster: Cluster, errand: Errand, tiles: Sequence[Tile], *, whole: bool, stage: Stage
    ) -> None:
        self._cluster = cluster
        self._errand = errand
        self._store = errand.store
        self._following = iter(tiles)
        self._whole = whole
        self._stage = stage
        self._under_way: dict[int, Any] = {}

    def core(self, tile: Tile) -> Prediction:
        """Of the tile's core alone."""
        return self._fetched(tile)

    def whole(self, tile: Tile) -> Prediction:
        """Of all that the tile reads."""
        return self._fetched(tile)

    def __enter__(self) -> SharedPredictor:
        return self

    def __exit__(self, *_: object) -> None:
        self._cluster.forget(list(self._under_way.values()))

    def _fetched(self, tile: Tile) -> Prediction:
        if tile.index not in self._under_way:
            self._hand_out(tile)
        self._hand_out_more()
        self._wait(tile)
        del self._under_way[tile.index]
        found = self._seen(tile)
        self._store.drop(stored_name(tile.index))
        return found

    def _hand_out(self, tile: Tile) -> None:
        if tile.index not in self._under_way:
            height, width = tile.window.height, tile.window.width
            wanted = Window(0, 0, height, width) if self._whole else tile.core_in_window
            self._under_way[tile.index] = self._cluster.submit(self._errand, tile, wanted)

    def _hand_out_more(self) -> None:
        room = max(_AHEAD * self._cluster.threads(), 1) - len(self._under_way)
        for _ in range(room):
            tile = next(self._following, None)
            if tile is None:
                return
            self._hand_out(tile)

    def _wait(self, tile: Tile) -> None:
        """Until a worker has stored the tile.

        Raises:
            Cancelled: the user asked to stop. ClusterError: nobody is there to do it.
            S4Error: what the worker met.
        """
        future = self._under_way[tile.index]
        alone_since: float | None = None
        while not self._cluster.is_done(future, _LOOK_EVERY_S):
            self._stage.check()
            now = time.monotonic()
            alone_since = None if self._cluster.threads() else alone_since or now
            if alone_since is not None and now - alone_since > _PATIENCE_S:
                raise _no_workers()
        self._cluster.require_success(future)

    def _seen(self, tile: Tile) -> Prediction:
        deadline = time.monotonic() + _SEEN_AFTER_S
        while True:
            found = read_prediction(self._store, stored_name(tile.index))
            if found is not None:
                return found
            if time.monotonic() > deadline:
                raise OutputError(
                    f"A worker has stored tile {tile.index} in {self._store.folder}, but here it "
                    "is not to be seen.",
                    "Write the map to a folder that all workers and this machine share.",
                )
            self._stage.check()
            time.sleep(_LOOK_EVERY_S)
