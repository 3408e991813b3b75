from __future__ import annotations

import errno

import pytest

from s4_core.errors import AreaError
from s4_core.jobs import as_error


class OutOfMemoryError(RuntimeError):
    """Named as torch names its own."""


@pytest.mark.parametrize(
    ("exception", "code", "part"),
    [
        (MemoryError(), "memory", "--tile"),
        (OutOfMemoryError("CUDA"), "memory", "--device cpu"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: 9 bytes"), "memory", "--tile"),
        (OSError(errno.ENOSPC, "No space left on device", "a.tif"), "output", "a.tif"),
        (PermissionError(errno.EACCES, "Permission denied", "b"), "output", "may write"),
        (OSError(errno.ENAMETOOLONG, "File name too long", "xxx"), "input", "xxx cannot be used"),
        (ImportError("No module named 'torch'"), "engine", "torch"),
        (ImportError("cannot import name", name="s4_core.nn"), "internal", "ImportError"),
        (FileNotFoundError(errno.ENOENT, "No such file"), "internal", "diagnostics"),
        (ZeroDivisionError("division by zero"), "internal", "ZeroDivisionError: division"),
    ],
)
def test_every_exception_becomes_an_error_with_a_remedy(exception, code, part):
    error = as_error(exception)
    assert error.code == code
    assert part in f"{error.message} {error.remedy}"
    assert error.remedy


def test_an_error_for_users_stays_itself():
    error = AreaError("a", "b")
    assert as_error(error) is error
