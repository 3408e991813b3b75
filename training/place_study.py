"""Does S4's embedding know the ground, or only where in the patch it looks?

python -m training.place_study [--out DIR] [--scale small] [--result docs/results/place.json]

Every optical site looks for the most similar radar site, in the same patch and in other patches,
which show other ground. Whoever finds its own place as well in another patch reads its place off
the zeros that the network pads with, and not off the ground. The ground alone is asked for by the
other way round: among the sites at the same place and time of all patches, is the most similar one
that of its own patch? Compared are S4 untrained, pretrained on whole patches (the paper to the
letter), and on modalities cut apart, as the scale has it. Missing pretrainings run first; the data
are those of `s4 reproduce`. What S4 would learn if it could not read its place is asked, too: with
convolutions that repeat the outermost pixels instead of adding zeros, with a lower temperature and
with more epochs, by themselves and together.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import torch

from s4_core import io, nn
from s4_core.config import load_settings
from s4_core.progress import Silent, Stage
from s4_core.reproduce.cells import Cell
from s4_core.reproduce.experiment import Experiments
from s4_core.reproduce.method import Method, PretrainTask
from s4_core.reproduce.methods import METHODS, ground
from s4_core.reproduce.methods.s4 import S4, S4Task
from s4_core.reproduce.scales import scale_named
from s4_core.reproduce.workspace import Workspace
from s4_core.train.batches import stack
from s4_core.types import Modality, RuntimeSettings

CELL = Cell("s4", "pastis-r", "radar", 10, 0)
PATCHES = 32


def found_places(task: PretrainTask, experiments: Experiments) -> dict[str, float]:
    """Share of the optical sites that find their place, in their own and in other patches; and of
    those that find their patch among all patches' sites of their place."""
    if not isinstance(task, S4Task):
        raise TypeError("the study is of S4")
    stage = Stage(Silent(), "")
    source = experiments.workspace.unlabelled(CELL.data_set, CELL.location, stage)
    samples = experiments.unlabelled_samples(CELL, source)
    ids = source.ids[:: max(1, len(source.ids) // PATCHES)][:PATCHES]
    length = samples.pair_length(90.0)
    device = experiments.workspace.device.device
    batch = stack([samples.pair(patch, length) for patch in ids], device)
    task.eval()
    with torch.no_grad():
        # (B, D, T', H', W') -> (B, D, N)
        optical, radar = (
            task.network.embed(*batch.inputs[m], m).flatten(2).float() for m in Modality
        )
    # (A, B): share of the sites of patch a that find their place in patch b
    similar = torch.einsum("adn,bdm->abnm", optical, radar).argmax(dim=3)
    hit = (similar == torch.arange(optical.shape[2], device=device)).float().mean(dim=2)
    same = hit.diagonal()
    others = (hit.sum() - same.sum()) / (hit.numel() - len(same))
    # (N, A, B): a site of patch a against the same site of patch b
    grounds = torch.einsum("adn,bdn->nab", optical, radar).argmax(dim=2)
    own = (grounds == torch.arange(len(ids), device=device)).float().mean()
    return {
        "sites": optical.shape[2],
        "own_ground": float(own),
        "ground_chance": 1 / len(ids),
        "same_patch": float(same.mean()),
        "other_patches": float(others),
        "chance": 1 / optical.shape[2],
    }


def varied(times: int, **changes: Any) -> Method:
    """S4 pretrained otherwise, under a name that no table has."""
    name = "_".join(["place", *(f"{key}-{value}" for key, value in changes.items()), f"{times}"])
    return replace(S4, key=name, task=partial(ground.task, **changes), pretrain_times=times)


PAPER = load_settings("paper").loss.temperature

VARIANTS = {
    "cut apart": S4,
    "longer": varied(4, temperature=PAPER, border=True),
    "sharper": varied(1, border=True),
    "sharper, longer": varied(4, border=True),
    "no border": varied(1, temperature=PAPER),
    "no border, longer": varied(4, temperature=PAPER),
    "no border, sharper": varied(1),
    "no border, sharper, longer": ground.GROUND,
}


def study(out: Path, scale_name: str, device: nn.DeviceChoice) -> dict[str, Any]:
    """All networks."""
    scale = scale_named(scale_name)
    stage = Stage(Silent(), "")
    folder = out / scale.name
    found: dict[str, Any] = {
        "scale": scale.name,
        "shift_px": scale.shift_px,
        "patches": PATCHES,
        "temperatures": [PAPER, ground.TEMPERATURE],
        "epochs": [scale.pretrain_epochs, 4 * scale.pretrain_epochs],
        "simulated": scale.simulation is not None,
    }
    letter = Experiments(Workspace(replace(scale, shift_px=0), folder / "whole", {}, device))
    found["untrained"] = found_places(letter.untrained_task(CELL, 0, stage), letter)
    found["whole patches"] = found_places(letter.pretrained_task(CELL, stage)[0], letter)
    apart = Experiments(Workspace(scale, folder, {}, device))
    with registered(VARIANTS.values()):
        for name, method in VARIANTS.items():
            task, _ = apart.pretrained_task(replace(CELL, method=method.key), stage)
            found[name] = found_places(task, apart)
    return found


@contextmanager
def registered(methods: Iterable[Method]) -> Iterator[None]:
    """Let cells name these methods, too, for as long."""
    added = {method.key: method for method in methods if method.key not in METHODS}
    METHODS.update(added)
    try:
        yield
    finally:
        for key in added:
            del METHODS[key]


def main() -> None:
    """Read the options, write the result."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--out", type=Path, default=Path("out/reproduce"))
    parser.add_argument("--scale", choices=("tiny", "small"), default="small")
    parser.add_argument("--result", type=Path, default=Path("docs/results/place.json"))
    arguments = parser.parse_args()
    device = nn.choose_device(RuntimeSettings(precision="fp32"))
    io.write_json(arguments.result, study(arguments.out, arguments.scale, device))


if __name__ == "__main__":
    main()
