"""What a comparison of methods found, in words: for the panel and the algorithm alike.

Its result is the few-parcels job's (s4_core/jobs/few_parcels.py). The engine's sentences are
English; what is said here is made anew from its values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from s4_qgis.choices import METHODS
from s4_qgis.i18n import tr

Result = Mapping[str, Any]

OURS = "s4"
_KEPT = (
    "simulated",
    "simulated_note",
    "methods",
    "best_rival",
    "difference",
    "difference_vote",
    "differences",
    "skipped",
    "out",
    "plot",
)


def method_texts() -> dict[str, str]:
    """What users read for each method."""
    texts = (
        tr("S4"),
        tr("Random forest"),
        tr("Logistic regression"),
        tr("Random kernels (ROCKET)"),
        tr("Untrained network"),
        tr("S4, fitted to these images"),
        tr("Network trained on parcels only"),
    )
    return dict(zip(METHODS, texts))


def stage_text(stage: str) -> str:
    """A stage of the job, for example "brabant_2019, optical: rf", in the user's language."""
    ground, _, work = stage.rpartition(": ")
    modality = tr(ground.rpartition(", ")[2])
    name = work.partition(", ")[0]
    doing = tr("read the images") if name == "images" else method_texts().get(name, tr(work))
    return f"{modality}: {doing}" if modality else doing


def kept(result: Result) -> dict[str, Any]:
    """What is shown of a result, without its single draws: the file has these."""
    return {
        **{key: result[key] for key in _KEPT},
        "areas": [area["name"] for area in result["areas"]],
        "seen": any(area["seen_in_pretraining"] for area in result["areas"]),
        "draws": [{k: v for k, v in d.items() if k != "training_parcels"} for d in result["draws"]],
    }


@dataclass(frozen=True)
class MethodRow:
    """A method's means over modalities, numbers of training parcels and draws.

    Args:
        miou, vote: mean IoU (0..1) by pixels, and with every parcel in its majority class.
        difference: of the mean IoU from that of the best method without S4, with its 95 %
            interval; "" of that method itself.
        ece: expected calibration error, 0..1.
    """

    name: str
    text: str
    miou: float
    vote: float
    difference: str
    ece: float


def method_rows(result: Result) -> tuple[MethodRow, ...]:
    """The methods that were compared, the best first."""
    texts = method_texts()
    rows = [
        MethodRow(
            name,
            texts.get(name, name),
            float(means["mean"]),
            float(means["mean_vote"]),
            _with_interval(result["differences"].get(name, {}).get("miou"), digits=2),
            float(means["ece"]),
        )
        for name, means in result["methods"].items()
    ]
    return tuple(sorted(rows, key=lambda row: -row.miou))


def about(result: Result) -> str:
    """What was compared: area, images, training parcels, draws."""
    draws = result["draws"]
    counts = sorted({entry["asked"] - entry["duplicates_dropped"] for entry in draws})
    many = "–".join(str(count) for count in dict.fromkeys((counts[0], counts[-1])))
    said = tr("{area}, {modalities}: {k} parcel(s) per class teach, {n} draws each.")
    return said.format(
        area=", ".join(result["areas"]),
        modalities=", ".join(tr(name) for name in dict.fromkeys(d["modality"] for d in draws)),
        k=_joined({entry["k"] for entry in draws}),
        n=many,
    )


def verdict(result: Result) -> str:
    """Who is ahead, and whether the interval excludes zero: by pixels, then by parcels."""
    found, vote = result.get("difference"), result.get("difference_vote")
    if not found:
        return tr("S4 was compared with nothing that a user could do without it.")
    rival = method_texts().get(str(result["best_rival"]), str(result["best_rival"]))
    said = [_who_leads(found, rival)]
    if vote:
        by_parcels = tr("With every parcel in its majority class: {difference}.")
        said.append(by_parcels.format(difference=_with_interval(vote, digits=3)))
    return " ".join(said)


def left_out(result: Result) -> tuple[str, ...]:
    """What was not compared, and why; then what the numbers do not say."""
    said = [*_lost_classes(result["draws"]), *map(_skipped, result["skipped"])]
    if result["seen"]:
        said.append(
            tr(
                "The model was pretrained on images of this area, never on its labels: S4 may look "
                "better than on a new area."
            )
        )
    if len(result["areas"]) == 1:
        said.append(tr("One area was judged: the interval says nothing of other areas."))
    return tuple(dict.fromkeys(said))


def _who_leads(found: Mapping[str, float | None], rival: str) -> str:
    low, high = found.get("low"), found.get("high")
    values = {
        "rival": rival,
        "mean": f"{found['mean']:+.3f}",
        "low": f"{low:+.3f}" if low is not None else "",
        "high": f"{high:+.3f}" if high is not None else "",
    }
    if low is None or high is None:
        text = tr("S4 minus {rival}: {mean} mean IoU. Too few parcels judge for an interval.")
    elif low > 0:
        text = tr(
            "S4 is ahead: {mean} mean IoU over the best without S4 ({rival}). The 95 % interval, "
            "{low} to {high}, excludes zero."
        )
    elif high < 0:
        text = tr(
            "{rival} is ahead: S4 is {mean} mean IoU from it. The 95 % interval, {low} to {high}, "
            "excludes zero."
        )
    else:
        text = tr(
            "No difference was found: S4 is {mean} mean IoU from the best without S4 ({rival}), "
            "and the 95 % interval, {low} to {high}, holds zero."
        )
    return text.format(**values)


def _with_interval(found: Mapping[str, float | None] | None, digits: int) -> str:
    """For example "+0.10 (+0.06 to +0.13)"; "" where nothing was found."""
    if not found:
        return ""
    mean, low, high = (found.get(key) for key in ("mean", "low", "high"))
    if low is None or high is None:
        return f"{mean:+.{digits}f}"
    said = tr("{value} ({low} to {high})")
    return said.format(
        value=f"{mean:+.{digits}f}", low=f"{low:+.{digits}f}", high=f"{high:+.{digits}f}"
    )


def _joined(numbers: set[int]) -> str:
    return tr(" and ").join(str(number) for number in sorted(numbers))


def _lost_classes(draws: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    lost: dict[str, set[int]] = {}
    for entry in draws:
        if entry["left_out"]:
            lost.setdefault(", ".join(entry["left_out"]), set()).add(entry["k"])
    for names, numbers in lost.items():
        said = tr("Left out with {k} per class, no parcel to spare: {names}.")
        yield said.format(k=_joined(numbers), names=names)


def _skipped(entry: Mapping[str, Any]) -> str:
    """Why something was skipped, by what it names: a method, a number of parcels, or neither."""
    if "method" in entry:
        name = method_texts().get(entry["method"], entry["method"])
        said = tr("Left out: {name}. It needs optical and radar images of the area.")
        return said.format(name=name)
    modality = tr(entry["modality"])
    if "k" in entry:
        said = tr(
            "Left out: {k} parcel(s) per class, {modality}. Fewer than two classes have a parcel "
            "to spare."
        )
        return said.format(k=entry["k"], modality=modality)
    return tr("Left out: {modality}. There are no such images.").format(modality=modality)
