from __future__ import annotations

import pytest

from s4_qgis.engine.pip_output import PipProgress, failure

OUTPUT = """\
Looking in links: /wheels
Collecting sympy==1.14.0
  Downloading sympy-1.14.0-py3-none-any.whl (6.3 MB)
Processing /wheels/torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl
Requirement already satisfied: tqdm==4.70.1 in ./lib (from -r /a/lock.txt (line 3)) (4.70.1)
Requirement already satisfied: filelock in ./lib (from torch==2.13.0) (4.2)
Collecting scikit-learn==1.9.1
  Using cached scikit_learn-1.9.1-cp311-cp311-manylinux_x86_64.whl (9.1 MB)
Installing collected packages: sympy, torch, scikit-learn
Successfully installed scikit-learn-1.9.1 sympy-1.14.0 torch-2.13.0+cpu
"""


def test_progress_grows_with_the_packages() -> None:
    progress = PipProgress(4)
    heard = [
        (progress.hear(line), progress.fraction, progress.stage) for line in OUTPUT.split("\n")
    ]
    assert [fraction for useful, fraction, _ in heard if useful] == [
        *(0.0, 0.0, 0.1875, 0.375, 0.5625, 0.5625, 0.75, 1.0)
    ]
    stages = list(dict.fromkeys(stage for _, _, stage in heard))
    assert stages == [
        "",
        "Looking up sympy",
        "Downloading sympy (6.3 MB)",
        "Looking up torch",
        "Looking up scikit-learn",
        "Downloading scikit_learn (9.1 MB)",
        "Unpacking",
    ]


def test_bytes_of_newer_versions_of_pip() -> None:
    progress = PipProgress(2)
    progress.hear("Collecting torch==2.13.0")
    assert progress.hear("Progress 50 of 100")
    assert progress.fraction == pytest.approx(0.75 / 4)
    assert not progress.hear("Progress of nothing")
    progress.hear("Collecting triton==3.7.1")
    assert progress.fraction == pytest.approx(0.75 / 2)
    progress.hear("Progress 0 of 100")
    assert progress.fraction == pytest.approx(0.75 / 2)


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE",
            "hash differs",
        ),
        ("WARNING: Retrying ... NewConnectionError\nERROR: No matching distribution", "network"),
        ("SSLError(SSLCertVerificationError(1, 'CERTIFICATE_VERIFY_FAILED'))", "certificate"),
        ("ERROR: No matching distribution found for torch==2.13.0", "package is missing"),
        ("HINT: This error might have occurred since ... Windows Long Path support", "too long"),
        ("OSError: [WinError 5] Access is denied: 'c10.dll'", "cannot be written"),
        ("something else", "exit code 1"),
    ],
)
def test_why_pip_failed(output: str, said: str) -> None:
    error = failure(f"many lines\n{output}\n\n", 1)
    assert error.code == "install"
    assert said in error.message
    assert output.splitlines()[-1] in error.message
    assert error.remedy


def test_a_failure_shows_the_last_lines() -> None:
    error = failure("\n".join(f"line {n}" for n in range(100)), 2)
    assert error.message.splitlines()[1:] == [f"line {n}" for n in range(94, 100)]
