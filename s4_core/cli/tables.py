"""Results as text for people. Every function takes a job's plain result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from s4_core.cli.cache import describe_cache
from s4_core.cli.reproduce import describe_reproduction
from s4_core.phrases import duration, file_size
from s4_core.simulated import NONE, announced

Result = dict[str, Any]


def describe(command: str, result: Result) -> str:
    """What a command prints when it is done."""
    return _DESCRIBERS[command](result)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns padded to their widest cell; numbers (cells ending in a digit or %) to the right."""
    columns = [[str(cell) for cell in column] for column in zip(header, *rows)]
    padded = []
    for column in columns:
        width = max(len(cell) for cell in column)
        right = all(cell[-1:].isdigit() or cell[-1:] in "%-" for cell in column[1:] if cell)
        padded.append([cell.rjust(width) if right else cell.ljust(width) for cell in column])
    return "\n".join("  ".join(cells).rstrip() for cells in zip(*padded))


def number(value: float | None, digits: int = 2) -> str:
    """A number, or a dash where there is none."""
    return "-" if value is None else f"{value:.{digits}f}"


def with_spread(value: float | None, spread: Result) -> str:
    """`0.71 (0.62 to 0.80)`."""
    if value is None or spread.get("low") is None:
        return number(value)
    return f"{number(value)} ({number(spread['low'])} to {number(spread['high'])})"


def _info(result: Result) -> str:
    images = result["acquisitions"]
    rows = [
        [
            image["date"],
            image["modality"],
            " ".join(image["bands"]),
            _percent(image["cloud_share"]),
            _percent(image["valid_share"]),
        ]
        for image in images
    ]
    lines = [table(["date", "modality", "bands", "cloud", "valid"], rows), ""]
    lines += _area_summary(result, images)
    return "\n".join(lines + _warnings(result))


def _area_summary(result: Result, images: Sequence[Result]) -> list[str]:
    grid = result["grid"]
    lines = [f"area      {result['name']}", f"season    {_season(result['season'])}"]
    lines.append(f"grid      {_grid(grid)}")
    for modality in sorted({image["modality"] for image in images}):
        dates = [image["date"] for image in images if image["modality"] == modality]
        lines.append(f"{modality:<9} {len(dates)} images, {min(dates)} to {max(dates)}")
    return lines + _simulated(result)


def _season(season: Any) -> str:
    if not season:
        return "not stated (give --season START:END)"
    return season if isinstance(season, str) else " to ".join(season)


def _grid(grid: Result) -> str:
    width, height = grid["width"], grid["height"]
    size = grid["pixel_size"]
    return f"{width} x {height} px of {size[0]:g} x {size[1]:g} units, {grid['crs']}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def _pretrain(result: Result) -> str:
    return "\n".join([f"model     {result['model']}", *_record(result)])


def _finetune(result: Result) -> str:
    lines = [
        f"model     {result['model']}",
        f"classes   {', '.join(result['classes'])}",
        f"parcels   {result['training_parcels']}",
    ]
    return "\n".join(lines + _record(result))


def _record(result: Result) -> list[str]:
    lines = [f"curve     {result['history']}"] if result.get("history") else []
    validation = result.get("validation")
    if validation:
        score = validation["miou"]
        lines.append(f"mean IoU  {with_spread(score['value'], score)}, {validation['scheme']}")
        expected = validation.get("expected")
        if expected:
            ends = f"{expected['low']:.2f} to {expected['high']:.2f}"
            lines.append(f"expected  {ends} on other parcels, as on simulated areas")
        rival = result.get("record", {}).get("rival")
        if rival:
            score = rival["miou"]
            lines.append(f"{rival['name']}  {with_spread(score['value'], score)}, same parcels")
        if validation["not_assessable"]:
            lines.append(f"not assessable: {', '.join(validation['not_assessable'])}")
    return lines + _simulated(result)


def _map_plan(result: Result) -> str:
    plan, costs = result["plan"], result["plan"]["costs"]
    dates = ", ".join(f"{count} {name}" for name, count in plan["dates"].items())
    lines = [
        f"map     {plan['height']} x {plan['width']} px from {dates} dates",
        f"tiles   {costs['tiles']} of {plan['tile_px']} px, read with {plan['halo_px']} px around",
        f"time    about {duration(costs['seconds'])}" if costs["seconds"] else "time    not tried",
        f"memory  about {file_size(costs['memory_bytes'])}",
        f"disk    up to {file_size(costs['disk_bytes'])}",
        f"device  {plan['device']}",
    ]
    if plan["workers"] > 1:
        lines.append(f"workers {plan['workers']}, memory of all of them")
    return "\n".join(lines + _warnings(result))


def _segment(result: Result) -> str:
    if "plan" in result:
        return _map_plan(result)
    rows = [
        [row["name"], str(row["pixels"]), number(row["hectares"]), _percent(row["share"])]
        for row in result["areas"]
    ]
    lines = [table(["class", "pixels", "hectares", "share"], rows)]
    lines += ["Counted pixels; no interval: they are no random sample.", ""]
    lines += [f"map         {result['map']}", f"confidence  {result['confidence']}"]
    lines += [f"areas       {result['areas_csv']}"]
    return "\n".join(lines + _simulated(result))


def _evaluate(result: Result) -> str:
    parcels = result["parcels"] or {}
    rows = [
        [
            name,
            str(parcels.get(name, "-")),
            *(
                "not assessable" if result["iou"][name] is None else number(result[score][name])
                for score in ("iou", "f1", "precision", "recall")
            ),
        ]
        for name in result["classes"]
    ]
    unit = "points" if result["unit"] == "points" else "parcels"
    lines = [table(["class", unit, "IoU", "F1", "precision", "recall"], rows), ""]
    lines.append(f"mean IoU           {with_spread(result['miou']['value'], result['miou'])}")
    lines.append(f"overall accuracy   {with_spread(result['oa'], result['oa_spread'])}")
    if result["ece"] is not None:
        lines.append(f"calibration error  {number(result['ece'])}")
    if result["miou"].get("reason"):
        lines.append(result["miou"]["reason"])
    elif result["miou"]["value"] is not None:
        lines.append(f"In brackets: 95 % of 1000 redraws of the {unit} within their classes.")
    lines += _areas(result) + _simulated(result)
    return "\n".join(lines + [f"note: {caveat}" for caveat in result["caveats"]])


def _areas(result: Result) -> list[str]:
    if result["adjusted"] is None:
        return [f"areas: {result['areas_reason']}"]
    rows = [
        [
            row["name"],
            number(row["hectares"]),
            with_spread(row["adjusted"]["value"], row["adjusted"]),
        ]
        for row in result["areas"]
    ]
    return ["", table(["class", "mapped ha", "adjusted ha (95 % interval)"], rows)]


def _report(result: Result) -> str:
    missing = [f"missing: {item}" for item in result["missing"]]
    return "\n".join([f"report    {result['report']}", *missing])


def _few_parcels(result: Result) -> str:
    parts = result["by_modality"]
    rows = [
        [
            name,
            number(own["mean"], 3),
            number(own["mean_vote"], 3),
            *(number(known["methods"].get(name, {}).get("mean"), 3) for known in parts.values()),
            number(own["ece"], 3),
            str(own["cells"]),
        ]
        for name, own in result["methods"].items()
    ]
    header = ["method", "mIoU", "mIoU, vote", *parts, "calibration error", "cells"]
    lines = [table(header, rows), "", *_difference(result)]
    lines += [f"left out: {entry['reason']}" for entry in result["skipped"]]
    return "\n".join(
        [*lines, f"result    {result['out']}", f"plot      {result['plot']}", *_simulated(result)]
    )


def _difference(result: Result) -> list[str]:
    """S4 against the best rival, pixels and votes."""
    if not result["difference"]:
        return ["No difference: it takes s4 and one of its rivals."]
    known = (("pixels", result["difference"]), ("parcel vote", result["difference_vote"]))
    return [
        f"s4 minus {result['best_rival']}, {unit}: {difference['mean']:+.3f} "
        f"({_signed(difference['low'])} to {_signed(difference['high'])}, 95 % over areas and "
        "parcels)"
        for unit, difference in known
    ]


def _signed(value: float | None) -> str:
    return "-" if value is None else f"{value:+.3f}"


def _fetch(result: Result) -> str:
    rows = [
        [
            image["date"],
            image["modality"],
            image["orbit"] or "",
            str(len(image["items"])),
            _percent(image["cloud_share"]),
            _percent(image["covered_share"]),
            "yes" if image["is_there"] else "",
        ]
        for image in result["images"]
    ]
    header = ["date", "modality", "orbit", "scenes", "cloud", "covers", "there"]
    lines = [table(header, rows), ""]
    for part in result["modalities"]:
        bands = " ".join(part["bands"])
        lines.append(f"{part['modality']:<9} {part['source']}: {bands}; {_grid(part['grid'])}")
    reasons = Counter(entry["reason"] for entry in result["left_out"])
    lines += [f"left out  {count} scene(s): {reason}" for reason, count in reasons.most_common(8)]
    if "area" not in result:
        sizes = [file_size(result[key]) for key in ("download_bytes", "disk_bytes")]
        lines.append(f"size      about {sizes[0]} to download, up to {sizes[1]} on the disk")
    else:
        lines.append(f"fetched   {result['fetched']} images into {result['area']}")
    return "\n".join(lines + _warnings(result))


def _import(result: Result) -> str:
    lines = [f"{found['what']}: {found['path']}" for found in result["recognised"]]
    lines += [f"not recognised: {n['path']}: {n['reason']}" for n in result["not_recognised"]]
    return "\n".join([*lines, "", _fetch(result)])


def _simulated(result: Result) -> list[str]:
    note = result.get("simulated_note")
    return [announced(note, result.get("simulated", NONE))] if note else []


def _warnings(result: Result) -> list[str]:
    return [f"warning: {text}" for text in result.get("warnings", [])]


_DESCRIBERS: dict[str, Callable[[Result], str]] = {
    "info": _info,
    "pretrain": _pretrain,
    "finetune": _finetune,
    "segment": _segment,
    "evaluate": _evaluate,
    "report": _report,
    "few_parcels": _few_parcels,
    "fetch": _fetch,
    "import_images": _import,
    "reproduce": describe_reproduction,
    "cache": describe_cache,
}
