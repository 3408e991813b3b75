"""Networks pretrained for a short while, each by another objective, alike in all else.

python -m training.experiments.pretrainings OBJECTIVE ...

A network is kept in the work folder once it is trained; `training.experiments` measures what its
features are worth. Short trainings of small batches compare objectives with each other; none of
them is as good as the shipped network.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from s4_core import data, losses, nn
from s4_core.config import settings_from_plain
from s4_core.data import Preparation
from s4_core.nn import PretrainOutputs, S4Network
from s4_core.progress import Stage
from s4_core.train.batches import Batch
from s4_core.train.finite import check_finite
from s4_core.train.objective import reconstruction_loss, shared_pixels
from s4_core.train.patches import PreparedPatches
from s4_core.train.pretrain import epoch_batches
from s4_core.train.shifts import onto_first
from s4_core.types import Modality, Settings, Window
from training.experiments.scenes import NETWORK, WORK
from training.make_checkpoint import ROOT, Lines, explicit_request, prepared_simulated, source

STEPS, BATCH, AREAS = 200, 8, 64
STEPS_ON_REAL = 100
THEN_REAL = "then-real"
"""The usual training, and then real areas' unlabelled images."""

NO_BORDER = "no-border"
"""The usual training of a network that cannot read how far the border of the patch is."""

FIRST_SEED = 40_000
"""Of the areas: no other training, and nothing that judges, has them."""

REAL = ROOT.parent / "shared" / "data"

Contrast = Callable[[Tensor, Tensor, Tensor, float], Tensor]
"""Loss of embeddings (B, D, T', H', W') of both modalities, where valid, at a temperature."""

Seen = Callable[[Tensor], Tensor]
"""Which pixels (B, T, H, W) count, of those that both modalities see."""


def within(za: Tensor, zb: Tensor, valid: Tensor, temperature: float) -> Tensor:
    """The product's: negatives are all other sites of the same patch."""
    return losses.info_nce_batch(za, zb, valid, temperature)


def across(za: Tensor, zb: Tensor, valid: Tensor, temperature: float) -> Tensor:
    """Sites of all patches of the batch, from as many areas, are negatives of each other."""
    # (B, D, T', H', W') -> (B * T' * H' * W', D): a site a row
    a, b = (z.movedim(1, -1).flatten(0, -2) for z in (za, zb))
    return losses.info_nce(a, b, valid.flatten(), temperature)


def but_dates(za: Tensor, zb: Tensor, valid: Tensor, temperature: float) -> Tensor:
    """The same place a date earlier or later is no negative."""
    return _but(za, zb, valid, temperature, reach=(1, 0))


def but_places(za: Tensor, zb: Tensor, valid: Tensor, temperature: float) -> Tensor:
    """Neighbouring places on the same date, mostly of the same field, are no negatives."""
    return _but(za, zb, valid, temperature, reach=(0, 1))


def _but(
    za: Tensor, zb: Tensor, valid: Tensor, temperature: float, reach: tuple[int, int]
) -> Tensor:
    """Symmetric InfoNCE where sites so near in time and in space are no negatives."""
    spared = near_sites(valid.shape[1:], *reach).to(za.device)
    found = [
        _spared(a.flatten(1).T, b.flatten(1).T, v.flatten(), temperature, spared)
        for a, b, v in zip(za, zb, valid)
        if v.any()
    ]
    return torch.stack(found).mean() if found else (za.sum() + zb.sum()) * 0


def near_sites(shape: torch.Size | tuple[int, ...], dates: int, places: int) -> Tensor:
    """Pairs of sites of a patch (T', H', W') that are near each other, but not the same: (N, N)."""
    axes = torch.meshgrid(*(torch.arange(size) for size in shape), indexing="ij")
    # three of (T', H', W') -> (N, 3)
    sites = torch.stack([axis.flatten() for axis in axes], dim=1)
    apart = (sites[:, None] - sites[None]).abs()
    limits = torch.tensor([dates, places, places])
    return (apart <= limits).all(dim=2) & (apart > 0).any(dim=2)


def _spared(a: Tensor, b: Tensor, valid: Tensor, temperature: float, spared: Tensor) -> Tensor:
    """InfoNCE of (N, D) sites, both directions, without the negatives that are spared (N, N)."""
    a, b = (F.normalize(z.float()[valid], dim=1) for z in (a, b))
    similar = (a @ b.T / temperature).masked_fill(spared[valid][:, valid], -torch.inf)
    same = torch.arange(len(a), device=a.device)
    return (F.cross_entropy(similar, same) + F.cross_entropy(similar.T, same)) / 2


def clear(both: Tensor) -> Tensor:
    """The product's: ground that clouds hide counts in neither loss."""
    return both


def all_sky(both: Tensor) -> Tensor:
    """Clouds count, as if there were no masks; what a shifted patch lacks still does not."""
    # a pixel outside the overlap is seen on no date, one inside on some
    return both.any(dim=1, keepdim=True).expand_as(both)


OBJECTIVES: dict[str, tuple[Contrast, Seen]] = {
    "usual": (within, clear),
    "unmasked": (within, all_sky),
    "across": (across, clear),
    "but-dates": (but_dates, clear),
    "but-places": (but_places, clear),
    THEN_REAL: (within, clear),
    NO_BORDER: (within, clear),
}


def trained(name: str) -> Path:
    """The file of the network that an objective gives, trained now unless the folder has it."""
    path = WORK / "pretrainings" / f"{name}.safetensors"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _train(name, path)
    return path


def _train(name: str, path: Path) -> None:
    _, card = nn.load_network(NETWORK)
    steps = STEPS_ON_REAL if name == THEN_REAL else STEPS
    settings = _schedule(settings_from_plain(card.settings), steps)
    channels = {m: len(settings.input.channels(m)) for m in Modality}
    torch.manual_seed(settings.seed)
    preparation, drawn_px = Preparation.from_card(card), settings.pretrain.drawn_px
    if name == THEN_REAL:
        network, _ = nn.load_network(trained("usual"))
        sources = _real_sources(preparation, drawn_px)
    else:
        network = nn.untrained(settings.network, channels, settings.seed)
        sources = _sources(preparation, drawn_px)
    if name == NO_BORDER:
        without_border(network)
    network.train()
    device = nn.choose_device(settings.runtime)
    optimizer = torch.optim.Adam(network.parameters(), settings.pretrain.learning_rate)
    stage = Stage(Lines(), name)
    names = {m: known.channels for m, known in card.modalities.items()}
    with epoch_batches(sources, names, settings, device, epoch=0) as batches:
        for step, batch in enumerate(batches):
            loss = objective(name, network, batch, settings, device)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            stage.step(step + 1, steps, loss=check_finite(loss.detach(), 0, step, "pretrain"))
    nn.save_checkpoint(path, network, card)


def without_border(network: torch.nn.Module) -> None:
    """Let convolutions repeat the outermost pixels instead of adding zeros.

    Other than in `s4_core.reproduce.methods.ground`, dates keep their zeros, and the weights are
    used with zeros afterwards: only the border of an area differs then.
    """
    for layer in network.modules():
        if isinstance(layer, torch.nn.Conv3d):
            dates, rows, columns = (int(size) for size in layer.padding)
            layer.padding = (dates, 0, 0)
            sides = (columns, columns, rows, rows, 0, 0)
            layer.register_forward_pre_hook(partial(_repeated, sides))


def _repeated(sides: tuple[int, ...], _: torch.nn.Module, given: tuple[Tensor]) -> Tensor:
    return F.pad(given[0], sides, mode="replicate")


def _schedule(settings: Settings, steps: int) -> Settings:
    short = replace(settings.pretrain, epochs=1, steps_per_epoch=steps, batch=BATCH)
    return replace(settings, pretrain=short)


def _sources(preparation: Preparation, patch_px: int) -> list[PreparedPatches]:
    folder = WORK / "pretrainings" / "areas"
    folder.mkdir(parents=True, exist_ok=True)
    seeds = range(FIRST_SEED, FIRST_SEED + AREAS)
    for seed in seeds:
        prepared_simulated(seed, folder, preparation)
    return [source(folder / f"simulated_{seed:04d}.npz", patch_px) for seed in seeds]


def _real_sources(preparation: Preparation, patch_px: int) -> list[PreparedPatches]:
    """The real areas' images, prepared as the network's card says; no label is read."""
    found = []
    for folder in sorted(path.parent for path in REAL.rglob("area.json")):
        area = data.open_area(explicit_request(folder))
        samples = data.prepare_pair(area, preparation, Window(0, 0, *area.grid.shape))
        about = {"name": area.name, "simulated": False}
        found.append(PreparedPatches(samples, about, patch_px))
    return found


def objective(
    name: str, network: S4Network, batch: Batch, settings: Settings, device: nn.DeviceChoice
) -> Tensor:
    """Loss of a batch (paper Eq. 1) in one of its variants."""
    contrast, seen = OBJECTIVES[name]
    with device.autocast():
        outputs: PretrainOutputs = network.pretrain_outputs(batch.inputs)
    pixels = seen(shared_pixels(batch))
    za, zb = outputs.embeddings.values()
    zb = onto_first(zb, batch.offsets, network.stride[-1])
    sites = nn.pooled_validity(pixels, network.stride)
    contrastive = contrast(za, zb, sites, settings.loss.temperature)
    weight = settings.loss.reconstruction_weight
    return contrastive + weight * reconstruction_loss(outputs, batch, pixels)


def main() -> None:
    """Train what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("objectives", nargs="+", choices=[*OBJECTIVES], metavar="OBJECTIVE")
    torch.set_num_threads(1)
    for name in parser.parse_args().objectives:
        print(trained(name))


if __name__ == "__main__":
    main()
