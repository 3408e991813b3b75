"""What a fetch will cost: bytes to download and on the disk, told before it begins."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from s4_core import io
from s4_core.errors import OutputError, UnconfirmedError
from s4_core.fetch.dates import Image
from s4_core.fetch.plan import ModalityPlan
from s4_core.fetch.scenes import SceneFailure, Scenes
from s4_core.phrases import file_size
from s4_core.types import Modality

UNASKED_BYTES = 4 * 2**30
"""More than this to download, or on the disk, wants to be confirmed."""

_TRIED = 3
"""Items whose headers are asked for, before their size is guessed."""

_SPARE_BYTES = 200 * 2**20


@dataclass(frozen=True)
class Forecast:
    """Sizes in bytes.

    Args:
        download: measured on one item of each modality, times the number of items.
        disk: as numbers, before compression: it will not be more.
        free: on the disk of the output.
    """

    download: int
    disk: int
    free: int

    @property
    def is_huge(self) -> bool:
        """Whether it is larger than anybody would expect."""
        return max(self.download, self.disk) > UNASKED_BYTES

    @property
    def has_room(self) -> bool:
        """Whether the disk will hold the images."""
        return self.disk + _SPARE_BYTES <= self.free


def forecast(
    plans: Sequence[tuple[ModalityPlan, Sequence[Image]]],
    out: Path,
    scenes: Mapping[Modality, Scenes],
) -> Forecast:
    """Forecast the images that are still to be made."""
    download = disk = 0
    for plan, images in plans:
        if not images:
            continue
        disk += len(images) * io.image_bytes(plan.grid, plan.bands, plan.dtype)
        items = sum(len(image.items) for image in images)
        download += items * _one_item(plan, images, scenes[plan.modality])
    return Forecast(download, disk, _free(out))


def _one_item(plan: ModalityPlan, images: Sequence[Image], scenes: Scenes) -> int:
    """Bytes of one item's part of the area; of pixels as they are where no header can be read."""
    middle = len(images) // 2
    for image in [*images[middle:], *images[:middle]][:_TRIED]:
        item = image.items[0]
        try:
            return sum(scenes.stored_bytes(item, band, plan.grid) for band in plan.read)
        except SceneFailure:  # the download will tell, and others may be well
            continue
    return io.image_bytes(plan.grid, plan.bands, plan.dtype)


def require_room(forecast: Forecast, out: Path) -> None:
    """Raise an OutputError where the disk will not hold the images."""
    if not forecast.has_room:
        raise OutputError(
            f"The images need up to {file_size(forecast.disk)}, {out} has"
            f" {file_size(forecast.free)} free.",
            "Free disk space, choose another place, a smaller area or a shorter season.",
        )


def require_confirmation(forecast: Forecast, images: int, confirmed: bool) -> None:
    """Raise an UnconfirmedError where the job is larger than anybody would expect."""
    if forecast.is_huge and not confirmed:
        raise UnconfirmedError(
            f"This fetches {images} images: about {file_size(forecast.download)} to download, up to"
            f" {file_size(forecast.disk)} on the disk.",
            "Confirm it (--yes), or choose a smaller area, a shorter season or fewer bands.",
        )


def _free(out: Path) -> int:
    """Free bytes where the output will be; of the nearest folder that is there."""
    folder = out
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free
