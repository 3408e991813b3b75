from __future__ import annotations

import os
import subprocess
import sys

from s4_core.launch import MALLOC_TUNING, worker_environment

QGIS = {
    "PATH": "/usr/bin",
    "HOME": "/home/a",
    "https_proxy": "proxy",
    "AWS_REGION": "eu",
    "GDAL_CACHEMAX": "512",
    "PYTHONHOME": "/qgis",
    "PYTHONPATH": "/qgis/python",
    "PYTHONUSERBASE": "/home/a/.local",
    "LD_LIBRARY_PATH": "/qgis/lib",
    "PROJ_LIB": "/qgis/proj",
    "GDAL_DATA": "/qgis/gdal",
}


def test_what_breaks_another_interpreter_is_dropped_and_the_rest_stays():
    environment = worker_environment(QGIS)
    assert {k: v for k, v in environment.items() if k not in MALLOC_TUNING} == {
        "PATH": "/usr/bin",
        "HOME": "/home/a",
        "https_proxy": "proxy",
        "AWS_REGION": "eu",
        "GDAL_CACHEMAX": "512",
        "PYTHONNOUSERSITE": "1",
        "PYTHONUTF8": "1",
    }


def test_malloc_thresholds_are_set():
    environment = worker_environment({})
    assert environment["MALLOC_MMAP_THRESHOLD_"] == "17179869184"
    assert environment["MALLOC_TRIM_THRESHOLD_"] == "17179869184"
    assert environment["MALLOC_TOP_PAD_"] == "268435456"


def test_a_worker_on_the_gdal_of_qgis_keeps_its_data_paths():
    environment = worker_environment(QGIS, own_gdal=False)
    assert environment["PROJ_LIB"] == "/qgis/proj"
    assert environment["GDAL_DATA"] == "/qgis/gdal"
    assert "LD_LIBRARY_PATH" not in environment


def test_the_input_is_not_changed():
    before = dict(QGIS)
    worker_environment(QGIS)
    assert before == QGIS


def test_tuned_malloc_keeps_a_freed_block_for_the_next():
    code = (
        "import resource, numpy as np, sys\n"
        "from s4_core.launch import tune_malloc\n"
        "if sys.argv[1] == 'yes': tune_malloc()\n"
        "for _ in range(3): np.ones(8_000_000)\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt\n"
        "for _ in range(10): np.ones(8_000_000)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)\n"
    )
    environment = {k: v for k, v in os.environ.items() if k not in MALLOC_TUNING}

    def faults(choice: str) -> int:
        # fixed command of this test
        done = subprocess.run(
            [sys.executable, "-c", code, choice],
            capture_output=True,
            text=True,
            check=True,
            env=environment,
        )
        return int(done.stdout)

    tuned = faults("yes")
    assert tuned < 1000
    assert sys.platform != "linux" or faults("no") > 10 * max(tuned, 1)
