"""Vector files that appear under their name only when they are complete."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path

from s4_core.errors import OutputError
from s4_qgis.i18n import tr


@contextmanager
def aside(out: Path) -> Iterator[Path]:
    """Another name in the same folder; all its files get the right one when they are complete.

    The folder is made where there is none.

    Raises:
        OutputError: they cannot.
    """
    temporary = out.with_name(f".{out.stem}.partial{out.suffix}")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        for part in _files_of(temporary):  # of a run that was killed
            part.unlink()
        yield temporary
        for part in _files_of(temporary):
            part.replace(out.with_name(out.stem + part.name.removeprefix(temporary.stem)))
    except OutputError as error:
        said = error.message.replace(str(temporary), str(out))  # nobody knows the other name
        raise OutputError(said, error.remedy) from error
    except OSError as error:
        raise not_written(str(out), error.strerror or str(error)) from error
    finally:
        for part in _files_of(temporary):
            part.unlink()


def not_written(out: str, message: str) -> OutputError:
    """The error where a vector file cannot be written."""
    return OutputError(
        tr("{path} cannot be written: {message}").format(path=out, message=message),
        tr("Choose another file or folder."),
    )


def unwritable(error: OSError) -> OutputError:
    """The error where the system refuses to write."""
    return OutputError(
        tr("A file cannot be written: {reason}.").format(reason=error),
        tr("Choose a folder that you may write to, with free space."),
    )


def _files_of(path: Path) -> list[Path]:
    """A vector file with what lies beside it (.shx, .dbf, .qml)."""
    return list(path.parent.glob(f"{escape(path.stem)}.*"))
