"""The figures of the paper, as its tables print them (Shenoy et al. 2024, Tables 3 to 6).

The texts below are the paper's lines; nothing is typed again into code. Percent mIoU.
"""

from __future__ import annotations

from collections.abc import Mapping

Place = tuple[str, str, int]
"""Data set, modality, percent of the labels."""

TABLE3 = """\
SatMAE	37.9	36.2	11.1	28.2	12.4	11.9	3.30	7.06
SeCo	43.3	23.9	27.2	12.4	9.05	9.05	2.85	2.58
GSSL	41.8	21.9	30.9	13.6	18.8	4.36	5.67	8.04
CaCO	42.7	23.4	24.9	16.4	9.05	9.05	2.78	2.82
MMF ¹	53.2	48.3	36.0	27.4	9.08	18.1	9.02	18.5
Sup. ²	51.6	52.9	22.8	17.1	7.08	6.94	2.58	2.69
S4 (Ours)	54.6	53.4	36.5	33.7	21.2	31.2	10.2	24.4
"""

TABLE3_COLUMNS: tuple[Place, ...] = tuple(
    (data_set, modality, share)
    for data_set in ("pastis-r", "africa")
    for share in (100, 10)
    for modality in ("radar", "optical")
)
"""In the paper's order."""

TABLE4 = """\
\\mathcal{L}_c	Optical	52.6
\\mathcal{L}_r	Optical	52.5
\\mathcal{L}_c	Radar	53.6
\\mathcal{L}_r	Radar	53.3
$\\mathcal{L}_r + \\mathcal{L}_c$	Optical	53.4
$\\mathcal{L}_r + \\mathcal{L}_c$	Radar	54.6
"""

TABLE5 = """\
Single Modal	Optical	51.3
Single Modal	Radar	53.8
S4 (Multimodal)	Optical	53.4
S4 (Multimodal)	Radar	54.6
"""

TABLE6 = """\
SL ¹ 10%	Optical	33.7
SL 10%	Radar	36.5
SL 100%	Optical	53.4
SL 100%	Radar	54.6
DL ² 10%	Optical	29.5
DL 10%	Radar	33.4
DL 100%	Optical	48.7
DL 100%	Radar	51.9
"""

_NOTES = ("¹", "²", "(Ours)")


def table3() -> Mapping[tuple[str, Place], float]:
    """By the paper's row and place."""
    found = {}
    for line in TABLE3.splitlines():
        name, *numbers = line.split("\t")
        for place, number in zip(TABLE3_COLUMNS, numbers):
            found[(_bare(name), place)] = float(number)
    return found


def ablation(text: str) -> Mapping[tuple[str, Place], float]:
    """Tables 4 to 6, all on PASTIS-R: a row's name, modality and figure a line.

    A percentage at the end of a name is the share of the labels, 100 where there is none.
    """
    found = {}
    for line in text.splitlines():
        name, modality, number = line.split("\t")
        words = _bare(name).split()
        share = int(words.pop().rstrip("%")) if words[-1].endswith("%") else 100
        place = ("pastis-r", modality.lower(), share)
        found[(" ".join(words), place)] = float(number)
    return found


def _bare(name: str) -> str:
    return " ".join(word for word in name.split() if word not in _NOTES)
