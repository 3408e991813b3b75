"""What one parcel carries from the autumn before the harvest to the autumn after it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from s4_core.simulate.crops import COVER_CROP, Crop, crop_named


@dataclass(frozen=True)
class Growth:
    """One crop on one parcel, with its own dates and vigour.

    Args:
        crop: dates and structure, already shifted and scaled for this parcel.
        end: harvest or destruction, day of the harvest year.
        tillage: day when the residue is worked into the soil; infinite if it never is.
    """

    crop: Crop
    end: float
    tillage: float = np.inf


def vary(crop: Crop, rng: np.random.Generator, year_days: float, variation: float) -> Crop:
    """The crop as one farmer grows it this year: sowing, vigour, variety.

    Args:
        year_days: how late this year's spring is, days.
        variation: 1 is the usual spread between parcels.
    """

    def factor(spread: float) -> float:
        return float(np.exp(variation * rng.normal(0, spread)))

    late = variation * rng.normal(0, crop.spread_days)
    lag = variation * rng.normal(0, 0.45 * crop.spread_days)
    leaves = replace(
        crop.leaves,
        cab=crop.leaves.cab * factor(0.14),
        cw=crop.leaves.cw * factor(0.15),
        cm=crop.leaves.cm * factor(0.12),
        ala=float(np.clip(crop.leaves.ala + variation * rng.normal(0, 5), 25, 75)),
    )
    names = ("a_vv", "b_vv", "a_vh", "b_vh")
    structure = {name: getattr(crop.scattering, name) * factor(0.16) for name in names}
    # a late sowing is half caught up by ripening
    return replace(
        crop,
        emergence=crop.emergence + late + 0.5 * year_days,
        rise=crop.rise + late + lag + year_days,
        rise_days=crop.rise_days * factor(0.12),
        ripening=crop.ripening + 0.5 * late + lag + year_days,
        harvest=crop.harvest + 0.5 * late + lag + year_days + variation * rng.normal(0, 3),
        lai=min(crop.lai * factor(0.22), 7.5),
        autumn_lai=crop.autumn_lai * factor(0.25),
        leaves=leaves,
        scattering=replace(crop.scattering, **structure),
        residue=crop.residue * factor(0.3),
    )


def programme(
    crop: Crop, rng: np.random.Generator, year_days: float, variation: float
) -> tuple[Growth, ...]:
    """Growths of a parcel whose main crop is `crop`, in order of time."""
    main = vary(crop, rng, year_days, variation)
    before = _winter_before(main, rng, variation) if main.emergence > 0 else ()
    tillage = main.harvest + 3 + rng.exponential(15)
    after = _autumn_after(main, tillage, rng, variation)
    return (*before, Growth(main, main.harvest, tillage), *after)


def _winter_before(main: Crop, rng: np.random.Generator, variation: float) -> tuple[Growth, ...]:
    """Cover crop, weeds or bare soil before a spring crop."""
    kind = rng.random()
    if kind > 0.85:
        return ()
    cover = vary(COVER_CROP, rng, 0.0, variation)
    if kind > 0.7:  # volunteers and weeds: sparse and late
        cover = replace(cover, lai=0.3 * cover.lai, rise=cover.rise + 40)
    if kind > 0.3:  # grass and weeds stay green until they are killed; mustard freezes
        cover = replace(cover, ripening=300.0)
    end = min(rng.uniform(35, 130), main.emergence - rng.uniform(8, 25))
    return (Growth(cover, end, min(end + rng.exponential(8), main.emergence - 6)),)


def _autumn_after(
    main: Crop, tillage: float, rng: np.random.Generator, variation: float
) -> tuple[Growth, ...]:
    """A cover crop after an early harvest, next year's cereal, or bare soil."""
    kind = rng.random()
    if main.harvest < 235 and kind < 0.8:
        sown = max(tillage, main.harvest + 14) + rng.exponential(14)
        cover = vary(COVER_CROP, rng, 0.0, variation)
        moved = replace(
            cover, emergence=sown + 7, rise=sown + 34, ripening=cover.ripening + 365, harvest=430.0
        )
        return (Growth(moved, 430.0),)
    if kind < 0.9:
        sown = max(tillage + 3, 285.0) + rng.exponential(12)
        cereal = vary(crop_named("winter wheat"), rng, 0.0, variation)
        moved = replace(cereal, emergence=sown + 14, rise=470.0, ripening=550.0, harvest=580.0)
        return (Growth(moved, 580.0),)
    return ()
