"""The examples for clusters are read as a cluster reads them; their commands exist."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from s4_core.cli.parser import build_parser

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
SLURM = sorted(EXAMPLES.glob("*.slurm"))
KUBERNETES = sorted(EXAMPLES.glob("*.kubernetes.yaml"))


def documents(path: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(path.read_text(encoding="utf-8")))


def test_there_is_a_map_and_a_training_for_both() -> None:
    for found in (SLURM, KUBERNETES):
        assert [p.name.partition(".")[0] for p in found] == ["pretrain", "segment"]


@pytest.mark.parametrize("path", SLURM, ids=lambda path: path.name)
def test_a_slurm_script_is_bash_with_directives_first(path: Path) -> None:
    checked = subprocess.run(["bash", "-n", path], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/bin/bash"
    code = next(n for n, line in enumerate(lines) if line and not line.startswith("#"))
    assert any(line.startswith("#SBATCH --") for line in lines[:code])
    assert not any(line.startswith("#SBATCH") for line in lines[code:]), "Slurm stops reading there"


@pytest.mark.parametrize("path", KUBERNETES, ids=lambda path: path.name)
def test_kubernetes_objects_fit_each_other(path: Path) -> None:
    objects = documents(path)
    assert all({"apiVersion", "kind", "metadata", "spec"} <= set(each) for each in objects)
    pods = [each["spec"]["template"] for each in objects if "template" in each["spec"]]
    for pod in pods:
        spec = pod["spec"]
        volumes = {volume["name"] for volume in spec.get("volumes", [])}
        for container in spec["containers"]:
            mounts = container.get("volumeMounts", [])
            assert {mount["name"] for mount in mounts} == volumes
            assert all(isinstance(word, str) for word in container["command"])
    labels = [
        {
            "job-name": each["metadata"]["name"],
            **each["spec"]["template"].get("metadata", {}).get("labels", {}),
        }
        for each in objects
        if "template" in each["spec"]
    ]
    for each in objects:
        if each["kind"] == "Service":
            wanted = each["spec"]["selector"].items()
            assert any(wanted <= label.items() for label in labels), each["metadata"]["name"]
        if each["kind"] == "Deployment":
            own = each["spec"]["template"]["metadata"]["labels"]
            assert each["spec"]["selector"]["matchLabels"].items() <= own.items()


def commands(path: Path) -> list[list[str]]:
    """The arguments of every `s4` or `-m s4_core` in an example."""
    if path.suffix == ".yaml":
        words = [
            container["command"]
            for each in documents(path)
            if "template" in each["spec"]
            for container in each["spec"]["template"]["spec"]["containers"]
        ]
    else:
        text = path.read_text(encoding="utf-8").replace("\\\n", " ")
        text = re.sub(r"\$\{?[A-Z_]+(:-[^}]*)?\}?", "1", text)
        lines = [line for line in text.splitlines() if re.search(r"^s4 |-m s4_core", line)]
        words = [shlex.split(line, comments=True) for line in lines]
    found = []
    for each in words:
        for start in ("s4", "s4_core"):
            if start in each:
                found.append(each[each.index(start) + 1 :])
    return found


@pytest.mark.parametrize("path", [*SLURM, *KUBERNETES], ids=lambda path: path.name)
def test_its_command_is_one_of_ours(path: Path) -> None:
    (arguments,) = commands(path)
    options = build_parser().parse_args(arguments)
    assert options.command == path.name.partition(".")[0]
    assert options.resume, "whoever is started again goes on"
