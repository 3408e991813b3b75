"""apt's sources turned to the backports, by text and with apt itself on folders of its own."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tools import debian
from tools.steps import SetupError

KEY = "/usr/share/keyrings/debian-archive-keyring.gpg"


@pytest.mark.parametrize(
    ("version", "expected"),
    [("3.40.6+dfsg-1~bpo12+1", (3, 40)), ("1:2.5-3", (2, 5)), ("(none)", (0, 0)), ("", (0, 0))],
)
def test_release(version: str, expected: tuple[int, int]) -> None:
    assert debian.release(version) == expected


def test_a_stanza_keeps_its_mirror_and_its_key() -> None:
    text = f"""# the archive
# Types: deb

Types: deb deb-src
# a remark
URIs: https://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Enabled: yes
Signed-By: {KEY}

Types: deb
URIs: https://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBGPL0BUBEADmW5NdOOHwPIJlgPkl
"""
    head = "Types: deb\nSuites: bookworm-backports\nComponents: main\nEnabled: yes\n"
    first = debian.backports_stanza(text, 1, "bookworm-backports")
    assert first == f"{head}URIs: https://mirror.example/debian\nSigned-By: {KEY}\n"
    second = debian.backports_stanza(text, 2, "bookworm-backports")
    assert second == (
        f"{head}URIs: https://mirror.example/debian-security\nSigned-By:\n"
        " -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINBGPL0BUBEADmW5NdOOHwPIJlgPkl\n"
    )


@pytest.mark.parametrize("options", ["", f"[signed-by={KEY} arch=amd64] "])
def test_a_line_keeps_its_mirror_and_its_options(options: str) -> None:
    text = f"# sources\ndeb {options}http://mirror.example/debian bookworm main contrib\n"
    line = debian.backports_line(text, 2, "bookworm-backports")
    assert line == f"deb {options}http://mirror.example/debian bookworm-backports main\n"


def test_a_line_that_is_not_understood_is_shown() -> None:
    with pytest.raises(SetupError, match="not understood: rpm here"):
        debian.backports_line("rpm here\n", 1, "bookworm-backports")


def archive(folder: Path, suite: str, origin: str, machine: str) -> None:
    """A Debian archive of one suite, with one package."""
    lists = folder / "dists" / suite / "main" / f"binary-{machine}"
    lists.mkdir(parents=True)
    packages = b"Package: x\nVersion: 1\nArchitecture: all\nFilename: x.deb\nSize: 1\n\n"
    (lists / "Packages").write_bytes(packages)
    digest = hashlib.sha256(packages).hexdigest()
    (folder / "dists" / suite / "Release").write_text(
        f"Origin: {origin}\nLabel: {origin.partition(' ')[0]}\nSuite: {suite}\nCodename: {suite}\n"
        f"Date: Sat, 01 Jan 2022 00:00:00 UTC\nArchitectures: {machine}\nComponents: main\n"
        f"SHA256:\n {digest} {len(packages)} main/binary-{machine}/Packages\n",
        encoding="utf-8",
    )


@pytest.fixture
def apt_options(tmp_path: Path) -> tuple[str, ...]:
    """apt on folders of its own: two archives of `bookworm`, of which the second is Debian's."""
    if shutil.which("apt-get") is None:
        pytest.skip("no apt on this machine")
    shown = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    )
    machine = shown.stdout.strip()
    archive(tmp_path / "elsewhere", "bookworm", "Elsewhere", machine)
    for suite in ("bookworm", "bookworm-backports"):
        archive(tmp_path / "mirror", suite, "Debian", machine)
    for name in ("parts", "state/lists/partial", "cache/archives/partial"):
        (tmp_path / name).mkdir(parents=True)
    settings = {
        "Dir::Etc::sourcelist": tmp_path / "sources.list",
        "Dir::Etc::sourceparts": tmp_path / "parts",
        "Dir::State": tmp_path / "state",
        "Dir::Cache": tmp_path / "cache",
        "APT::Sandbox::User": "root" if os.geteuid() == 0 else "",
    }
    return tuple(word for name, value in settings.items() for word in ("-o", f"{name}={value}"))


def test_backports_are_added_from_one_line_sources(
    tmp_path: Path, apt_options: tuple[str, ...]
) -> None:
    (tmp_path / "sources.list").write_text(
        f"deb [trusted=yes] file:{tmp_path}/elsewhere bookworm main\n"
        f"deb [trusted=yes] file:{tmp_path}/mirror bookworm main\n",
        encoding="utf-8",
    )
    debian.update(apt_options)
    added = debian.add_backports("bookworm", tmp_path / "parts", apt_options)
    assert added == "bookworm-backports"
    written = (tmp_path / "parts" / "s4-backports.list").read_text(encoding="utf-8")
    assert written == f"deb [trusted=yes] file:{tmp_path}/mirror bookworm-backports main\n"
    names = {name for _, _, name, _ in debian.index_targets(apt_options)}
    assert names == {"bookworm", "bookworm-backports"}


def test_backports_are_added_once_from_deb822_sources(
    tmp_path: Path, apt_options: tuple[str, ...]
) -> None:
    stanza = "Types: deb\nURIs: file:{}\nSuites: bookworm\nComponents: main\nTrusted: yes\n"
    both = [stanza.format(tmp_path / name) for name in ("elsewhere", "mirror")]
    source = tmp_path / "parts" / "debian.sources"
    source.write_text("# remark\n\n" + "\n".join(both), encoding="utf-8")
    debian.update(apt_options)
    debian.add_backports("bookworm", tmp_path / "parts", apt_options)
    added = tmp_path / "parts" / "s4-backports.sources"
    assert added.read_text(encoding="utf-8") == (
        "Types: deb\nSuites: bookworm-backports\nComponents: main\nEnabled: yes\n"
        f"URIs: file:{tmp_path}/mirror\nTrusted: yes\n"
    )
    added.rename(tmp_path / "parts" / "own.sources")  # as if the machine's owner had added it
    assert debian.add_backports("bookworm", tmp_path / "parts", apt_options) == (
        "bookworm-backports"
    )
    assert not added.exists()


def test_a_machine_without_a_debian_source_is_told(
    tmp_path: Path, apt_options: tuple[str, ...]
) -> None:
    (tmp_path / "sources.list").write_text("", encoding="utf-8")
    with pytest.raises(SetupError, match="no source of Debian bookworm") as caught:
        debian.add_backports("bookworm", tmp_path / "parts", apt_options)
    assert "QGIS_PYTHON=" in caught.value.remedy
