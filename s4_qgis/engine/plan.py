"""What an installation of the engine will do, as plain data: nothing is started or written here
but QGIS's interpreter, once, to be asked what it has.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from s4_qgis.engine import environment
from s4_qgis.engine.conversation import worker_error
from s4_qgis.engine.interpreter import QgisPython, find_qgis_python
from s4_qgis.engine.locks import Locks, known_keys, locks_for, platform_key
from s4_qgis.i18n import tr

VENV_SHARE, CHECK_SHARE = 0.03, 0.04  # of the whole progress
_RAW_PROGRESS = (24, 1)  # the first pip that prints bytes: --progress-bar raw
_PACKAGES_SHARE = 0.4  # of the installing, where sizes are not known: against torch
# Free space in multiples of what is fetched. Measured on Linux: torch's default build unpacks to
# 1.9 times its download and pip keeps up to two copies on the way; the CPU build to 4.3 times.
_NETWORK_FACTOR, _BUNDLE_FACTOR = 4, 5


@dataclass(frozen=True)
class Plan:
    """Everything that decides what will be installed, and where.

    Args:
        base: QGIS's interpreter. folder: the environment. locks: lists for the platform.
        torch_index: address of an index for torch; empty: pip's own, checked by hash.
        bundle: offline folder of packages; empty: the network.
        torch_is_checked: torch is the build in the list; a build from elsewhere has no hash there.
    """

    base: QgisPython
    folder: Path
    locks: Locks
    torch_index: str = ""
    bundle: str = ""
    torch_is_checked: bool = True

    @property
    def download_bytes(self) -> int:
        """About how much is fetched; 0 where unknown."""
        if self.bundle or self.torch_index:
            return 0
        return self.locks.download_bytes + self.locks.torch_bytes


@dataclass(frozen=True)
class Step:
    """One command of the installation.

    Args:
        title: what the user reads. command: arguments. share: of the whole progress, 0..1.
        packages: how many pip will handle; 0 where the step is not pip's.
    """

    title: str
    command: tuple[str, ...]
    share: float
    packages: int = 0


def make_plan(torch_index: str = "", bundle: str = "") -> Plan:
    """What would be installed here and now; starts QGIS's interpreter once.

    Raises:
        S4Error: QGIS's interpreter does not do, or there is no list for this platform.
    """
    base = find_qgis_python()
    key = platform_key(base.platform, base.machine, base.python)
    if bundle and not Path(bundle).is_dir():
        said = tr("The offline folder {path} is not there.").format(path=bundle)
        raise worker_error(said, tr("Choose the folder that holds the packages."), "install")
    locks = locks_for(key, bundle)
    if locks is None:
        said = tr("There is no checked list of packages for {key}; there is one for {known}.")
        raise worker_error(
            said.format(key=key, known=", ".join(known_keys())),
            tr("Name an interpreter that has GDAL and PyTorch, or an offline folder with lists."),
            "install",
        )
    checked = has_listed_torch(bundle, locks) if bundle else not torch_index
    folder = environment.environment_folder(locks)
    return Plan(base, folder, locks, torch_index, bundle, checked)


def has_listed_torch(bundle: str, locks: Locks) -> bool:
    """Whether an offline folder holds the build of torch that the list names."""
    listed = locks.torch.read_text("utf-8")
    return any(_sha256(wheel) in listed for wheel in Path(bundle).glob("torch-*.whl"))


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(2**20), b""):
            digest.update(block)
    return digest.hexdigest()


def package_steps(plan: Plan, pip_version: tuple[int, int]) -> list[Step]:
    """pip's commands, in order.

    Args:
        pip_version: of the pip in the environment.
    """
    known = plan.download_bytes
    packages = plan.locks.download_bytes / known if known else _PACKAGES_SHARE
    rest = 1.0 - VENV_SHARE - CHECK_SHARE
    pip = _pip(plan, pip_version)
    return [
        Step(
            tr("Installing the packages beside PyTorch"),
            (*pip, *_from(plan), *_checked(plan.locks.packages)),
            rest * packages,
            plan.locks.count(),
        ),
        Step(
            tr("Installing PyTorch"),
            (*pip, *_torch(plan)),
            rest * (1 - packages),
            plan.locks.torch_count(),
        ),
    ]


def venv_step(plan: Plan) -> Step:
    """Makes the virtual environment, in the place of whatever was there."""
    without = () if plan.base.ensurepip else ("--without-pip",)  # QGIS's own pip is seen then
    command = (plan.base.path, "-m", "venv", "--clear", "--system-site-packages", *without)
    return Step(tr("Making the environment"), (*command, str(plan.folder)), VENV_SHARE)


def _pip(plan: Plan, version: tuple[int, int]) -> tuple[str, ...]:
    bar = "raw" if version >= _RAW_PROGRESS else "off"
    python = str(environment.python_in(plan.folder))
    options = ("--no-input", "--disable-pip-version-check", "--no-color", "--progress-bar", bar)
    # the user's settings of pip (proxy, certificate, mirror) count, but not beside a folder
    isolated = ("--isolated",) if plan.bundle else ()
    return (python, "-m", "pip", *isolated, "install", *options, "--only-binary=:all:")


def _from(plan: Plan) -> tuple[str, ...]:
    return ("--no-index", "--find-links", plan.bundle) if plan.bundle else ()


def _checked(lock: Path) -> tuple[str, ...]:
    # --no-deps: the list is complete, and numpy, which is QGIS's, is not in it
    return ("--no-deps", "--require-hashes", "-r", str(lock))


def _torch(plan: Plan) -> tuple[str, ...]:
    if plan.torch_is_checked:
        return (*_from(plan), *_checked(plan.locks.torch))
    index = ("--index-url", plan.torch_index) if not plan.bundle else ()
    # another build brings other libraries; whatever it asks for, numpy stays QGIS's
    constraint = ("-c", str(plan.folder / "s4-numpy.txt"))
    return (*_from(plan), *index, *constraint, plan.locks.torch_requirement)


def needed_bytes(plan: Plan) -> int:
    """Free space to ask for: what is fetched, what it unpacks to, and pip's copies on the way.

    0 where the size of another build of torch is not known beforehand.
    """
    if plan.bundle:
        fetched = sum(file.stat().st_size for file in Path(plan.bundle).glob("*.whl"))
        return fetched * _BUNDLE_FACTOR
    return plan.download_bytes * _NETWORK_FACTOR
