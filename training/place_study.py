"""Does S4's embedding know the ground, or only where in the patch it looks?

python -m training.place_study [--out DIR] [--scale small] [--result docs/results/place.json]

Every optical site looks for the most similar radar site, in the same patch and in other patches,
which show other ground. Whoever finds its own place as well in another patch reads its place off
the zeros that the network pads with, and not off the ground. The ground alone is asked for by the
other way round: among the sites at the same place and time of all patches, is the most similar one
that of its own patch? Compared are S4 untrained, pretrained on whole patches (the paper to the
letter), and on modalities cut apart, as the scale has it. Missing pretrainings run first; the data
are those of `s4 reproduce`.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from s4_core import io, nn
from s4_core.progress import Silent, Stage
from s4_core.reproduce.cells import Cell
from s4_core.reproduce.experiment import Experiments
from s4_core.reproduce.method import PretrainTask
from s4_core.reproduce.methods.s4 import S4Task
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


def study(out: Path, scale_name: str, device: nn.DeviceChoice) -> dict[str, Any]:
    """All three networks."""
    scale = scale_named(scale_name)
    stage = Stage(Silent(), "")
    whole = replace(scale, shift_px=0)
    folder = out / scale.name
    found: dict[str, Any] = {"scale": scale.name, "shift_px": scale.shift_px, "patches": PATCHES}
    apart = Experiments(Workspace(scale, folder, {}, device))
    found["untrained"] = found_places(apart.untrained_task(CELL, 0, stage), apart)
    found["cut apart"] = found_places(apart.pretrained_task(CELL, stage)[0], apart)
    letter = Experiments(Workspace(whole, folder / "whole", {}, device))
    found["whole patches"] = found_places(letter.pretrained_task(CELL, stage)[0], letter)
    found["simulated"] = scale.simulation is not None
    return found


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
