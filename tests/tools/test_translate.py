"""Texts are found where they are written, kept where they were translated, and all are French."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import translate
from tools.steps import SetupError

ROOT = Path(__file__).resolve().parents[2]
FRENCH = ROOT / "resources" / "i18n" / "s4_fr.ts"
FIELD = re.compile(r"\{[^{}]*\}")


def test_texts_in_code() -> None:
    code = """
from s4_qgis.i18n import mark, tr
b = [tr("b"), mark('a'), tr("two " "parts"), tr(word), tr(str(x["y"])), other("no"), tr("")]
def f(n): return tr(
    "{n} parcels").format(n=n)
"""
    assert list(translate.texts_in(code, "m.py")) == ["b", "a", "two parts", "{n} parcels"]


@pytest.mark.parametrize("argument", ["f'{n} a'", "'a' + b", "'{} a'.format(n)", "'%d a' % n"])
def test_a_text_that_is_put_together_is_refused(argument: str) -> None:
    with pytest.raises(SetupError, match=r"m\.py:1: .*put together"):
        list(translate.texts_in(f"tr({argument})", "m.py"))


def test_updating_keeps_what_is_translated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "s4_fr.ts"
    texts = {"A <b> & c": ("s4_qgis/a.py",), "new": ("s4_qgis/a.py", "s4_qgis/b.py")}
    known = {"A <b> & c": "Un <b> & c", "old": "vieux"}
    path.write_text(translate.ts_text({**texts, "old": ()}, known, "fr"), encoding="utf-8")
    assert translate.translations(path) == known
    translate.update(path, "fr", texts)
    assert translate.translations(path) == {"A <b> & c": "Un <b> & c"}
    assert path.read_text(encoding="utf-8").count('type="unfinished"') == 1
    said = capsys.readouterr().out.splitlines()
    assert said == ["s4_fr.ts: 2 texts, 1 not translated, 1 dropped", "  ? 'new'", "  - 'old'"]


@pytest.mark.skipif(
    not any(map(shutil.which, translate.COMPILERS)), reason="Qt's lrelease is not installed"
)
def test_the_committed_qm_is_that_of_the_ts(tmp_path: Path) -> None:
    path = tmp_path / FRENCH.name
    shutil.copy(FRENCH, path)
    translate.compile_ts(path)
    made = path.with_suffix(".qm").read_bytes()
    assert made == FRENCH.with_suffix(".qm").read_bytes(), "run `make translate`"


def test_every_text_is_there_in_french() -> None:
    texts, french = translate.texts_of(translate.SOURCES), translate.translations(FRENCH)
    assert [text for text in texts if text not in french] == [], "run `make translate`"
    assert [text for text in french if text not in texts] == [], "run `make translate`"
    assert "unfinished" not in FRENCH.read_text(encoding="utf-8")


def test_translations_fill_in_the_same_values() -> None:
    for text, french in translate.translations(FRENCH).items():
        assert sorted(FIELD.findall(text)) == sorted(FIELD.findall(french)), text
        assert (text[0] == " ", text[-1] == " ") == (french[0] == " ", french[-1] == " "), text
        assert ("&" in text) == ("&" in french), f"one has an access key: {text}"


def test_every_stage_of_a_job_is_listed_for_translators() -> None:
    listed = set(translate.texts_of(translate.SOURCES))
    stages = set(stage_names(ROOT / "s4_core"))
    assert {"segment", "write map", "read the images"} <= stages
    unnamed = {""}  # inside another job, whose stages it adds to
    assert stages - unnamed - listed == set(), "add it to s4_qgis/words.py"


def stage_names(folder: Path) -> Iterator[str]:
    """The literal names given to `Stage(reporter, name)` and `stage.part(name, start, end)`."""
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            is_stage = isinstance(node.func, ast.Name) and node.func.id == "Stage"
            is_part = isinstance(node.func, ast.Attribute) and node.func.attr == "part"
            for argument in node.args[1:2] if is_stage else node.args[:1] if is_part else []:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value
