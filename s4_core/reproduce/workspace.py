"""What a reproduction works on: its data sets, given or simulated, and where its files lie."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from s4_core.data.published import (
    Africa,
    LabelledSet,
    M2s2,
    Pastis,
    PatchContent,
    UnlabelledSet,
    is_simulated,
    write_africa,
    write_m2s2,
    write_pastis,
)
from s4_core.errors import ConfigurationError
from s4_core.nn import DeviceChoice
from s4_core.progress import Stage
from s4_core.reproduce.scales import Scale
from s4_core.reproduce.simulated_sets import (
    AFRICA,
    AFRICA_BEFORE,
    FRANCE,
    FRANCE_BEFORE,
    Region,
    simulated_folder,
)

Write = Callable[[Path, Iterable[PatchContent]], object]

_BEFORE = {"france": FRANCE_BEFORE, "south_sudan": AFRICA_BEFORE}
"""Where simulated unlabelled sets lie: a year before the labels, at other places."""

_PLACES = {"pastis-r": "france", "africa": "south_sudan"}
"""Folder of the unlabelled set of the same location, in that of m2s2-SITS."""


@dataclass(eq=False)
class Workspace:
    """The folders of one reproduction.

    Args:
        out: everything that is written goes below it.
        given: folders of the real data sets, by "pastis-r", "africa", "m2s2"; those that are
            missing are simulated where the scale allows.
    """

    scale: Scale
    out: Path
    given: Mapping[str, Path]
    device: DeviceChoice
    _labelled: dict[str, LabelledSet] = field(default_factory=dict, init=False)
    _unlabelled: dict[str, UnlabelledSet] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        real = [name for name in _PLACES if name in self.given]
        if real and "m2s2" not in self.given:
            raise ConfigurationError(
                f"--{real[0]} is given without --m2s2: the methods would pretrain on simulated "
                "images and fine-tune on real ones.",
                "Give the folder of m2s2-SITS too.",
            )

    def labelled(self, name: str, stage: Stage) -> LabelledSet:
        """A data set to fine-tune on.

        Raises:
            InputError: files are missing. ConfigurationError: real data are required.
        """
        if name not in self._labelled:
            self._labelled[name] = self._open_labelled(name, stage)
        return self._labelled[name]

    def unlabelled(self, name: str, location: str, stage: Stage) -> UnlabelledSet:
        """The pretraining set of a data set's own location ("same") or of the other's.

        Raises:
            InputError: files are missing. ConfigurationError: real data are required.
        """
        place = _PLACES[name]
        if location != "same":
            (place,) = (other for other in _PLACES.values() if other != place)
        if place not in self._unlabelled:
            self._unlabelled[place] = M2s2(self._unlabelled_folder(place, stage))
        return self._unlabelled[place]

    def _open_labelled(self, name: str, stage: Stage) -> LabelledSet:
        if name == "africa":
            return Africa(self._folder(name, AFRICA, write_africa, stage))
        return Pastis(self._folder(name, FRANCE, write_pastis, stage))

    def _folder(self, name: str, region: Region, write: Write, stage: Stage) -> Path:
        return self.given.get(name) or self._simulated(name, region, write, stage)

    def _unlabelled_folder(self, place: str, stage: Stage) -> Path:
        if "m2s2" in self.given:
            return self.given["m2s2"] / place
        return self._simulated(f"m2s2/{place}", _BEFORE[place], write_m2s2, stage)

    def _simulated(self, name: str, region: Region, write: Write, stage: Stage) -> Path:
        simulation = self.scale.simulation
        if simulation is None:
            option = name.split("/", maxsplit=1)[0]
            raise ConfigurationError(
                f"Scale '{self.scale.name}' needs the real data set: --{option} is missing.",
                "Give its folder, or choose --scale tiny or small, which simulate it.",
            )
        unlabelled = name.startswith("m2s2")
        areas = simulation.pretrain_areas if unlabelled else simulation.areas_per_fold * 5
        return simulated_folder(
            self.out / "data" / name,
            region,
            simulation=simulation,
            areas=areas,
            write=write,
            stage=stage.part(f"simulate {name}", 0.0, 1.0),
        )


def origin(patches: UnlabelledSet) -> str:
    """For tables: "simulated" or "real"."""
    return "simulated" if is_simulated(patches.folder) else "real"
