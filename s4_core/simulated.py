"""What rests on simulated data: its sources, one word for it, and the sentence that says so.

Sources are text, joined by " and ", in provenance tags and tables: `area`, `classes` (taught by
simulated parcels), `pretraining (in part)`, `pretraining (only)`; of models that do not tell more,
`model (in part)`, `model (only)`; `no` where nothing is simulated. Standard library only.
"""

from __future__ import annotations

from collections.abc import Iterable

from s4_core.model_card import ModelCard

NONE = "no"
BANNER = "SIMULATED DATA."
"""Stands before the sentence where nothing real stands behind a product; see `announced`."""

_AND = " and "
_REAL = {
    "map": "; the images that were mapped are real",
    "classes": "; the images and parcels that taught it its classes are real",
    "pretraining": "",
}


def sources_of_model(card: ModelCard) -> str:
    """What of a model is simulated."""
    if card.simulated == NONE:
        return NONE
    if card.head is None:
        return f"pretraining ({card.simulated})"
    told = card.record.get("simulated")
    if not isinstance(told, dict):
        return f"model ({card.simulated})"
    before = str(told.get("before", NONE))
    return joined(
        [
            "classes" if told.get("area") else NONE,
            NONE if before == NONE else f"pretraining ({before})",
        ]
    )


def sources_of_map(area_is_simulated: bool, card: ModelCard) -> str:
    """What of a map of an area by a model is simulated."""
    return joined(["area" if area_is_simulated else NONE, sources_of_model(card)])


def joined(sources: Iterable[str]) -> str:
    """Several sources as one text, each named once."""
    parts = [part for text in sources if text != NONE for part in text.split(_AND)]
    return _AND.join(dict.fromkeys(parts)) or NONE


def word_of_map(sources: str) -> str:
    """ "no", "only" (a map of a simulated area shows nothing real) or "in part"."""
    if sources == NONE:
        return NONE
    return "only" if "area" in sources.split(_AND) else "in part"


def sentence(sources: str, product: str = "map") -> str | None:
    """What to say of a product that rests on these sources; None where all is real.

    Args:
        product: "map" (or its scores), "classes" (a fine-tuned model) or "pretraining".
    """
    if sources == NONE:
        return None
    parts = sources.split(_AND)
    if "area" in parts:
        return (
            "This area is simulated: a simulator made its images and parcels, and the numbers say"
            " nothing of any real place."
        )
    real = _REAL[product]
    if "classes" in parts:
        real = _REAL["map"] if product == "map" else ""
        return f"The model learned its classes from simulated images and parcels{real}."
    return f"The model was {_learned(parts[0])} simulated areas{real}."


def announced(note: str, how_much: str | bool) -> str:
    """What to say of a product: the sentence, behind the banner where nothing real was used.

    A map of real images by a model that learned from simulated ones, too, is no simulated data:
    the sentence alone says what is simulated and what is not.

    Args:
        note: from `sentence`. how_much: the product's word ("in part", "only"), or whether an
            area is simulated.
    """
    return f"{BANNER} {note}" if how_much in ("only", True) else note


def _learned(source: str) -> str:
    """`pretrained in part on` from "pretraining (in part)"."""
    what, _, how = source.rstrip(")").partition(" (")
    verb = "pretrained" if what == "pretraining" else "trained"
    return f"{verb} {'in part' if how == 'in part' else 'only'} on"
