"""A map with all that belongs to it, as one task: layers to files, map, accuracy, parcels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from qgis.core import (
    QgsFeatureRequest,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsVectorLayer,
)

from s4_core.errors import LabelError
from s4_core.protocol import Job
from s4_qgis.engine.environment import engine_python
from s4_qgis.engine.process import run_job
from s4_qgis.engine.task import WorkTask
from s4_qgis.export.parcel_copy import write_parcel_copy
from s4_qgis.export.parcel_votes import job_votes
from s4_qgis.forms import EvaluateForm, SegmentForm
from s4_qgis.i18n import tr
from s4_qgis.processing.extents import GivenExtent, in_area
from s4_qgis.processing.vectors import VectorInput, file_of
from s4_qgis.requests import evaluate_job, segment_job

_MAP_SHARE = 0.9  # of the progress; the rest is the accuracy


@dataclass(frozen=True)
class MapPlan:
    """What a map needs, in values that any thread may read.

    Args:
        form: with paths; `within` only where it is a raster.
        extent: in whatever coordinate system it was chosen. within: polygons to map in.
        parcels: that get their majority class, written to `parcels_out`.
        judge: how to measure the accuracy; None where no parcels were kept back.
    """

    form: SegmentForm
    extent: GivenExtent | None = None
    within: VectorInput | None = None
    parcels: VectorInput | None = None
    parcels_out: str = ""
    judge: EvaluateForm | None = None


class MapTask(WorkTask):
    """Makes a map; its result is the segment job's with "parcels" (path) and "metrics"."""

    def __init__(self, title: str, plan: MapPlan) -> None:
        super().__init__(title)
        self._plan = plan

    def work(self) -> dict[str, Any]:
        """Map, judge, and write the parcels.

        Raises:
            Cancelled, S4Error: as the jobs.
        """
        plan = self._plan
        result = self._run(segment_job(full_form(plan)), 0.0, _MAP_SHARE)
        warnings = list(result["warnings"])
        metrics: dict[str, Any] = {}
        if plan.judge is not None:
            try:
                metrics = self._run(evaluate_job(plan.judge), _MAP_SHARE, 1.0)
            except LabelError as error:
                warnings.append(tr("No accuracy: {reason}").format(reason=error.message))
        parcels = ""
        if plan.parcels is not None and result.get("parcels_csv"):
            votes = job_votes(str(result["parcels_csv"]), plan.parcels)
            write_parcel_copy(plan.parcels, votes, plan.parcels_out)
            parcels = plan.parcels_out
        return {**result, "warnings": warnings, "metrics": metrics, "parcels": parcels}

    def _run(self, job: Job, start: float, end: float) -> dict[str, Any]:
        def told(message: dict[str, Any]) -> None:
            if message.get("type") == "progress":
                fraction = start + (end - start) * float(message["fraction"])
                message = {**message, "fraction": fraction}
            self.report(message)

        python = engine_python()
        return run_job(job, python, told, self.isCanceled, is_urgent=self.is_urgent)


class FileTask(WorkTask):
    """Writes files by a function that is told where to report its progress (False: stop)."""

    def __init__(
        self, title: str, write: Callable[[Callable[[float], bool]], dict[str, Any]]
    ) -> None:
        super().__init__(title)
        self._write = write

    def work(self) -> dict[str, Any]:
        """Write.

        Raises:
            Cancelled, S4Error: as the function.
        """
        return self._write(self._told)

    def _told(self, fraction: float) -> bool:
        self.report(
            {
                "type": "progress",
                "fraction": min(max(fraction, 0.0), 1.0),
                "stage": tr("writing"),
                "eta_s": None,
                "metrics": {},
            }
        )
        return not self.isCanceled()


def full_form(plan: MapPlan) -> SegmentForm:
    """The plan's form with layers as files and the extent in the area's coordinate system.

    Raises:
        S4Error: a layer cannot be copied, or the extent cannot be transformed.
    """
    form = plan.form
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    if plan.within is not None:
        form = replace(form, within=plan.within.as_single_file(context, feedback))
    if plan.parcels is not None:
        form = replace(form, parcels=plan.parcels.as_single_file(context, feedback))
    if plan.extent is not None:
        form = replace(form, extent=in_area(plan.extent, form.area))
    return form


def vector_input(layer: QgsVectorLayer) -> VectorInput:
    """A layer as a task may read it; QGIS's main thread only."""
    return VectorInput(layer, file_of(layer), QgsFeatureRequest())
