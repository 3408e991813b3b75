"""Every error a user can meet, drawn as one tree.

Each error says what was given, what was expected and what to do. `code` is stable: the worker
protocol, the JSON output and the plugin's translations refer to it.

    S4Error
    |- InputError            a file, folder or raster that cannot be used
    |  |- AreaError          an area as a whole: no dates, too few acquisitions, all cloud
    |  |  `- UndatedError    no raster tells its date: state the dates
    |  |- RasterError        one raster: corrupt, without CRS, without a needed band
    |  |  `- UnnamedError    no raster names its bands: state the names
    |  `- LabelError         parcels: none overlap, too few classes, empty field
    |- ConfigurationError    an option or a configuration key
    |  `- UnconfirmedError   more than is done without being asked: confirm it
    |- CheckpointError       a model file: schema, truncation, missing bands
    |- SourceError           a server or catalogue of images: unreachable, refusing, incomplete
    |- ClusterError          a Dask cluster: out of reach, without workers, or these see other files
    |- OutputError           a result that cannot be written
    |- TrainingError         a loss that is not finite, nothing to learn from
    `- Cancelled             the user stopped the job; not a failure
"""

from __future__ import annotations


class S4Error(Exception):
    """A failure that a user can act on.

    Args:
        message: what was given and what was expected, in one or two sentences.
        remedy: what to do about it, as an imperative sentence.
    """

    code = "failed"

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class InputError(S4Error):
    """An input file or folder that cannot be used."""

    code = "input"


class AreaError(InputError):
    """An area that cannot be mapped as a whole: no dates, too few acquisitions, all cloud."""

    code = "area"


class UndatedError(AreaError):
    """No raster tells when it was taken; an AreaRequest can state the dates."""

    code = "dates"


class RasterError(InputError):
    """One raster that cannot be read or lacks what is needed of it."""

    code = "raster"


class UnnamedError(RasterError):
    """No raster names its bands; an AreaRequest can state the names."""

    code = "bands"


class LabelError(InputError):
    """Parcels that cannot be learned from or compared with."""

    code = "labels"


class ConfigurationError(S4Error):
    """An option or a configuration key that is unknown or out of range."""

    code = "configuration"


class UnconfirmedError(ConfigurationError):
    """A job that is larger than anybody would expect: it wants to be confirmed."""

    code = "confirm"


class CheckpointError(S4Error):
    """A model file that cannot be read or does not fit what is asked of it."""

    code = "checkpoint"


class SourceError(S4Error):
    """A server or a catalogue of images that cannot be reached, refuses, or lacks what is asked."""

    code = "source"


class ClusterError(S4Error):
    """A cluster that cannot be reached or whose workers cannot do the work."""

    code = "cluster"


class OutputError(S4Error):
    """A result that cannot be written."""

    code = "output"


class TrainingError(S4Error):
    """A training run that cannot go on."""

    code = "training"


class Cancelled(S4Error):
    """The user stopped the job. Carries no remedy: nothing went wrong."""

    code = "cancelled"

    def __init__(self, message: str = "Cancelled.") -> None:
        super().__init__(message)
