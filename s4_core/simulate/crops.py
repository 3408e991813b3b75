"""The crops of temperate Europe as numbers: calendar, leaves, structure.

Days count from 1 January of the harvest year (negative: the autumn before) at 50.8 degrees north.
Calendars follow the BBCH stages reported for Flanders, Northern France and Germany; leaf values
the ranges of PROSPECT inversions; A and B of the water cloud model were set so that monthly means
come near those of the real areas' parcels (docs/simulator.md compares them).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Leaves:
    """Green leaves and their arrangement (PROSAIL's parameters).

    Args:
        cab: chlorophyll a+b, ug/cm2. cw: water, cm. cm: dry matter, g/cm2.
        n: mesophyll layers. ala: mean leaf inclination, degrees.
    """

    cab: float
    cw: float
    cm: float
    n: float
    ala: float


@dataclass(frozen=True)
class Scattering:
    """Water cloud model: A and B of VV and VH, and how ears or pods change A when ripening."""

    a_vv: float
    b_vv: float
    a_vh: float
    b_vh: float
    ripe_vv: float = 1.0
    ripe_vh: float = 1.0


@dataclass(frozen=True)
class Crop:
    """One crop: its year, leaves and structure.

    Args:
        code: in the style of the ESA WorldCereal legend.
        share: of the parcels in a mixture drawn at random.
        emergence, rise, ripening, harvest: days; `rise` and `ripening` are the half-way points.
        rise_days, ripening_days: time constants of the two logistics.
        lai: green leaf area index at its peak; autumn_lai: before winter.
        spread_days: standard deviation of sowing between parcels.
        flower: `(day, half length in days, cover)` of yellow flowers, or None.
        residue: brown area index left after harvest.
    """

    name: str
    code: int
    share: float
    emergence: float
    rise: float
    rise_days: float
    ripening: float
    ripening_days: float
    harvest: float
    lai: float
    leaves: Leaves
    scattering: Scattering
    autumn_lai: float = 0.0
    spread_days: float = 6.0
    flower: tuple[float, float, float] | None = None
    residue: float = 0.6


CEREAL_LEAVES = Leaves(cab=50, cw=0.014, cm=0.0055, n=1.5, ala=62)
WHEAT = Scattering(0.006, 0.34, 0.0012, 0.20, ripe_vv=2.6, ripe_vh=3.0)
BARLEY = Scattering(0.008, 0.34, 0.0016, 0.20, ripe_vv=7.0, ripe_vh=9.0)

CROPS: tuple[Crop, ...] = (
    Crop("winter wheat", 1110, 0.22, -38, 96, 13, 182, 6, 210, 4.8, CEREAL_LEAVES, WHEAT, 0.5, 7),
    Crop("winter barley", 1510, 0.08, -88, 88, 14, 165, 6, 190, 4.6, CEREAL_LEAVES, BARLEY, 1.7),
    Crop("spring barley", 1520, 0.04, 92, 122, 8, 186, 6, 211, 4.2, CEREAL_LEAVES, BARLEY, 0.0, 7),
    Crop(
        "winter rapeseed",
        4351,
        0.05,
        -115,
        84,
        10,
        172,
        9,
        198,
        4.6,
        Leaves(cab=52, cw=0.02, cm=0.006, n=1.6, ala=50),
        Scattering(0.030, 0.16, 0.0110, 0.10, ripe_vv=1.1, ripe_vh=1.3),
        autumn_lai=1.9,
        flower=(118, 12, 0.55),
        residue=0.9,
    ),
    Crop(
        "maize",
        1200,
        0.2,
        135,
        176,
        10,
        262,
        16,
        272,
        3.6,
        Leaves(cab=55, cw=0.019, cm=0.006, n=1.4, ala=55),
        Scattering(0.046, 0.19, 0.0100, 0.13),
        spread_days=11,
        residue=0.35,
    ),
    Crop(
        "potato",
        5100,
        0.08,
        140,
        164,
        7,
        238,
        12,
        262,
        4.0,
        Leaves(cab=46, cw=0.026, cm=0.0045, n=1.7, ala=45),
        Scattering(0.045, 0.2, 0.0090, 0.13),
        spread_days=9,
        residue=0.2,
    ),
    Crop(
        "sugar beet",
        8100,
        0.07,
        106,
        156,
        9,
        325,
        25,
        296,
        3.8,
        Leaves(cab=50, cw=0.035, cm=0.005, n=1.7, ala=48),
        Scattering(0.082, 0.22, 0.0145, 0.14),
        spread_days=7,
        residue=0.3,
    ),
    Crop(
        "peas",
        7700,
        0.05,
        90,
        124,
        8,
        180,
        6,
        196,
        3.9,
        Leaves(cab=44, cw=0.02, cm=0.0045, n=1.6, ala=48),
        Scattering(0.032, 0.16, 0.0070, 0.11),
        spread_days=8,
        residue=0.4,
    ),
    Crop(
        "sunflower",
        4380,
        0.03,
        122,
        160,
        8,
        232,
        10,
        258,
        3.6,
        Leaves(cab=46, cw=0.022, cm=0.0065, n=1.6, ala=42),
        Scattering(0.050, 0.18, 0.0125, 0.12),
        flower=(200, 10, 0.15),
        residue=0.5,
    ),
    Crop(
        "cabbage",
        2130,
        0.04,
        155,
        184,
        10,
        345,
        30,
        282,
        4.0,
        Leaves(cab=48, cw=0.045, cm=0.006, n=2.0, ala=40),
        Scattering(0.055, 0.2, 0.0095, 0.13),
        spread_days=16,
        residue=0.3,
    ),
    Crop(
        "grass",
        9120,
        0.3,
        -200,
        80,
        15,
        400,
        10,
        500,
        3.6,
        Leaves(cab=42, cw=0.014, cm=0.005, n=1.5, ala=55),
        Scattering(0.062, 0.26, 0.0190, 0.14),
    ),
)
"""Every crop that can be asked for."""

COVER_CROP = Crop(
    "cover crop",
    0,
    0.0,
    -120,
    -95,
    8,
    -8,
    18,
    150,
    2.4,
    Leaves(cab=40, cw=0.022, cm=0.005, n=1.6, ala=50),
    Scattering(0.030, 0.16, 0.0090, 0.11),
    spread_days=14,
    residue=0.4,
)
"""Mustard, phacelia or rye between main crops; never a label."""


def crop_named(name: str) -> Crop:
    """The crop of `CROPS` with this name; KeyError where there is none."""
    for crop in CROPS:
        if crop.name == name:
            return crop
    raise KeyError(name)
