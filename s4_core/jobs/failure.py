"""What to tell a user about an exception that is no S4Error."""

from __future__ import annotations

import errno

from s4_core.errors import InputError, OutputError, S4Error

_UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)
_NO_NAME = (errno.ENAMETOOLONG, errno.ELOOP)


class InternalError(S4Error):
    """A fault of the program; the traceback goes to stderr."""

    code = "internal"


class MemoryShortage(S4Error):
    """The machine or the device has too little memory for the job."""

    code = "memory"


class EngineError(S4Error):
    """A package of the engine is missing or broken."""

    code = "engine"


def as_error(exception: BaseException) -> S4Error:
    """The error to report for any exception; an `S4Error` is returned as it is."""
    if isinstance(exception, S4Error):
        return exception
    if _lacks_memory(exception):
        return MemoryShortage(
            "There is not enough memory for this job.",
            "Use smaller tiles or patches (--tile, --set pretrain.patch_px=...), or --device cpu.",
        )
    if isinstance(exception, OSError) and exception.errno in _UNWRITABLE:
        where = f" {exception.filename}" if exception.filename else ""
        return OutputError(
            f"The output{where} cannot be written: {exception.strerror}.",
            "Choose a folder that you may write to, with free space.",
        )
    if isinstance(exception, OSError) and exception.errno in _NO_NAME:
        return InputError(
            f"{exception.filename} cannot be used: {exception.strerror}.", "Give another path."
        )
    # a module of our own that cannot be imported is a fault of ours, not of the set-up
    if isinstance(exception, ImportError) and not str(exception.name).startswith("s4_core"):
        return EngineError(
            f"A package of the engine cannot be loaded: {exception}.",
            "Set the engine up again (`make env`, or `pip install` as the README says).",
        )
    return InternalError(
        f"{type(exception).__name__}: {exception}",
        "This is a fault of the program: copy the diagnostics (the text on stderr) into a report.",
    )


def _lacks_memory(exception: BaseException) -> bool:
    """Whether Python, numpy or torch got no memory; torch tells it of a CPU only in words."""
    if isinstance(exception, MemoryError) or type(exception).__name__ == "OutOfMemoryError":
        return True
    return isinstance(exception, RuntimeError) and "can't allocate memory" in str(exception)
