"""Making the images of a plan, several at once; what cannot be had is told, not hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from pathlib import Path

from s4_core.errors import SourceError
from s4_core.fetch import folder
from s4_core.fetch.dates import Image
from s4_core.fetch.making import make_image
from s4_core.fetch.plan import ModalityPlan
from s4_core.fetch.scenes import SceneFailure, Scenes
from s4_core.io import atomic
from s4_core.progress import Stage
from s4_core.types import Modality

_MOST_IN_A_ROW = 3
"""So many images in a row that a server did not give, after all tries: it is down."""

Job = tuple[ModalityPlan, Image]

Made = tuple[float, tuple[str, ...]]
"""The share of an image that holds something, and why items are not in it."""


@dataclass
class Outcome:
    """What became of a download.

    Args:
        left_out: images that the source does not have as it says, each with a sentence.
        partial: images that are made without one of their items, likewise.
        unreached: images that may be had later. was_refused: a server wanted credentials.
    """

    left_out: list[tuple[ModalityPlan, Image, str]] = field(default_factory=list)
    partial: list[tuple[ModalityPlan, Image, str]] = field(default_factory=list)
    unreached: list[tuple[ModalityPlan, Image, str]] = field(default_factory=list)
    was_refused: bool = False
    in_a_row: int = 0


def download(
    out: Path,
    todo: Sequence[Job],
    scenes: Mapping[Modality, Scenes],
    parallel: int,
    stage: Stage,
) -> Outcome:
    """Make images into the waiting place of a folder.

    Raises:
        SourceError: some could not be reached, however often it was tried; the rest is kept.
        OutputError: the disk is full. Cancelled: the user asked to stop.
    """
    outcome = Outcome()
    with ThreadPoolExecutor(max_workers=parallel) as threads:
        running: dict[Future[Made], Job] = {}
        try:
            for plan, image in todo:
                path = folder.waiting_place(out, plan, image)
                future = threads.submit(_make, path, plan, image, scenes[plan.modality])
                running[future] = (plan, image)
            _follow(running, outcome, stage)
        finally:
            threads.shutdown(wait=True, cancel_futures=True)
    if outcome.unreached:
        raise _incomplete(outcome, len(todo))
    return outcome


def _follow(running: dict[Future[Made], Job], outcome: Outcome, stage: Stage) -> None:
    total = len(running)
    while running and outcome.in_a_row < _MOST_IN_A_ROW:
        stage.step(total - len(running), total)
        finished, _ = wait(running, timeout=0.2, return_when=FIRST_COMPLETED)
        for future in finished:
            _note(outcome, running.pop(future), future)
    stage.step(total - len(running), total)


def _note(outcome: Outcome, job: Job, future: Future[Made]) -> None:
    try:
        share, lost = future.result()
    except SceneFailure as failure:
        listed = outcome.unreached if failure.is_passing else outcome.left_out
        listed.append((*job, failure.message))
        outcome.in_a_row += failure.is_passing
        outcome.was_refused |= failure.status in (401, 403)
        return
    outcome.in_a_row = 0
    outcome.partial += [(*job, reason) for reason in lost]
    if share == 0:
        outcome.left_out.append((*job, "it holds nothing inside the area"))


def _make(path: Path, plan: ModalityPlan, image: Image, scenes: Scenes) -> Made:
    """Make an image, if need be without the items that the source does not have."""
    lost: list[str] = []
    while True:
        try:
            share = make_image(path, plan, image, scenes)
            break
        except SceneFailure as failure:
            others = tuple(item for item in image.items if item.id != failure.item)
            if failure.is_passing or not others:
                raise
            lost.append(failure.message)
            image = replace(image, items=others)
    if share == 0:
        atomic.remove(path)
    return share, tuple(lost)


def _incomplete(outcome: Outcome, total: int) -> SourceError:
    plan, image, reason = outcome.unreached[0]
    return SourceError(
        f"{len(outcome.unreached)} of {total} images or more could not be fetched, for example"
        f" {plan.modality} {image.date}: {reason}",
        "Run it again: what was fetched is kept, and only the rest is fetched.",
    )
