"""From what a form holds to the request for images: pure, for the panel and the algorithms."""

from __future__ import annotations

from s4_core.errors import ConfigurationError
from s4_core.types import Season
from s4_core.types.fetching import FetchJob, ImportJob
from s4_qgis.catalogues import MODALITIES, Known, catalogue
from s4_qgis.choices import BACKSCATTERS, CLOUD_MASK, ORBITS, RADAR_UNITS
from s4_qgis.forms import FetchForm, ImportForm
from s4_qgis.i18n import tr
from s4_qgis.requests import absolute, extent_text, one_of, required


def fetch_job(form: FetchForm, *, plan_only: bool = False) -> FetchJob:
    """The request to fetch images, or only to tell what there is.

    Raises:
        ConfigurationError: the form cannot be right.
    """
    if form.box is None:
        raise ConfigurationError(
            tr("No extent is chosen to get images of."),
            tr("Choose one: from the map, a layer, or draw it."),
        )
    required(form.season, tr("No season is chosen."), tr("Give the first and the last day of it."))
    required(form.out, tr("No folder is chosen for the images."), tr("Choose a folder."))
    if not form.modalities:
        raise ConfigurationError(
            tr("Neither optical nor radar images are chosen."), tr("Choose at least one of them.")
        )
    for name in form.modalities:
        one_of(tr("Modality"), name, MODALITIES)
    one_of(tr("Orbit"), form.orbit, ORBITS)
    one_of(tr("Backscatter"), form.backscatter, BACKSCATTERS)
    _check_source(form)
    return FetchJob(
        aoi=extent_text(form.box),
        aoi_crs=form.crs or None,
        season=str(Season.parse(form.season)),
        out=absolute(form.out) or "",
        modality=form.modalities,
        source=tuple(_source(name) for name in form.sources),
        collections=form.collections,
        orbit=form.orbit or None,
        backscatter=form.backscatter or None,
        radar_pixel_m=form.radar_pixel_m,
        max_cloud=form.max_cloud,
        margin_days=form.margin_days,
        cloud_mask=CLOUD_MASK if form.makes_mask else None,
        plan_only=plan_only,
        confirmed=form.confirmed,
    )


def import_job(form: ImportForm, *, plan_only: bool = False) -> ImportJob:
    """The request to bring in downloaded images, or only to tell what they are.

    Raises:
        ConfigurationError: the form cannot be right.
    """
    if not any(path.strip() for path in form.paths):
        raise ConfigurationError(
            tr("No downloaded images are chosen."), tr("Choose their folder, or files.")
        )
    required(form.out, tr("No folder is chosen for the images."), tr("Choose a folder."))
    one_of(tr("Orbit"), form.orbit, ORBITS)
    one_of(tr("Unit of the radar images"), form.unit, RADAR_UNITS)
    return ImportJob(
        paths=tuple(absolute(path) or "" for path in form.paths if path.strip()),
        out=absolute(form.out) or "",
        aoi="" if form.box is None else extent_text(form.box),
        aoi_crs=form.crs or None,
        season=str(Season.parse(form.season)) if form.season.strip() else None,
        orbit=form.orbit or None,
        unit=form.unit or None,
        cloud_mask=CLOUD_MASK if form.makes_mask else None,
        plan_only=plan_only,
        confirmed=form.confirmed,
    )


def place_of(form: FetchForm) -> Known:
    """The catalogue that an authentication is for; without sources the first default one.

    Raises:
        ConfigurationError: there is no such source.
    """
    return catalogue(form.sources[0] if form.sources else "earth-search")


def _check_source(form: FetchForm) -> None:
    """Refuse sources that do not exist, and credentials that would go to several of them."""
    known = [catalogue(name) for name in form.sources]
    offered = {modality for one in known for modality in one.modalities}
    lacking = [m for m in form.modalities if known and m not in offered]
    if lacking:
        raise ConfigurationError(
            tr("{source} has no {modality} images.").format(
                source=", ".join(one.title for one in known), modality=tr(lacking[0])
            ),
            tr("Choose another source, or leave these images out."),
        )
    if form.authcfg and len(known) != 1:
        raise ConfigurationError(
            tr("An authentication is for one source; {n} are chosen.").format(n=len(known)),
            tr("Choose one source, or no authentication."),
        )


def _source(name: str) -> str:
    known = catalogue(name)
    is_path = name != known.name or not known.address
    return (absolute(name) or "") if is_path else name
