"""`make translate`: the plugin's texts -> resources/i18n/s4_<language>.ts -> .qm.

    python -m tools.translate               update every .ts and make its .qm
    python -m tools.translate --language de    begin a new language, too

Texts are the literals in `tr("...")` and `mark("...")` below s4_qgis, read from the syntax tree:
this needs no Qt and works with every version of it. Qt Linguist edits the .ts files; Qt's
lrelease makes the .qm files, which are committed, since a linked clone needs them as well.
"""

from __future__ import annotations

import argparse
import ast
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree as Xml
from xml.sax.saxutils import escape

from tools.steps import SetupError, run

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "s4_qgis"
FOLDER = ROOT / "resources" / "i18n"
CONTEXT = "S4"
FUNCTIONS = ("tr", "mark")
COMPILERS = ("lrelease", "lrelease-qt5", "lrelease-qt6", "lrelease6", "pyside6-lrelease")

Texts = dict[str, tuple[str, ...]]  # text -> the files that show it, in order


def main(arguments: list[str]) -> int:
    """Update translations and compile them. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="tools.translate")
    parser.add_argument("--language", help="a new one, for example de or pt_BR")
    new = parser.parse_args(arguments).language
    files = {path.stem.partition("_")[2]: path for path in sorted(FOLDER.glob("s4_*.ts"))}
    if new:
        files.setdefault(new, FOLDER / f"s4_{new}.ts")
    try:
        texts = texts_of(SOURCES)
        for language, path in files.items():
            update(path, language, texts)
            compile_ts(path)
    except SetupError as error:
        print(f"make translate: {error}\n{error.remedy}", file=sys.stderr)
        return 1
    return 0


def update(path: Path, language: str, texts: Texts) -> None:
    """Write a .ts file anew with the texts that there are now; say what is new and what is gone."""
    known = translations(path) if path.exists() else {}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(ts_text(texts, known, language), encoding="utf-8", newline="\n")
    missing = [text for text in texts if not known.get(text)]
    gone = [text for text in known if text not in texts]
    print(f"{path.name}: {len(texts)} texts, {len(missing)} not translated, {len(gone)} dropped")
    for sign, listed in (("?", missing), ("-", gone)):
        for text in listed:
            print(f"  {sign} {text!r}")


def texts_of(folder: Path) -> Texts:
    """The texts of all Python files below a folder, in order of files and lines.

    Raises:
        SetupError: a text is put together before it is translated.
    """
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*.py")):
        name = path.relative_to(folder.parent).as_posix()
        for text in texts_in(path.read_text(encoding="utf-8"), name):
            files = found.setdefault(text, [])
            if name not in files:
                files.append(name)
    return {text: tuple(files) for text, files in found.items()}


def texts_in(code: str, name: str) -> Iterator[str]:
    """The literal texts that a module's code gives to `tr` and `mark`.

    Raises:
        SetupError: see `texts_of`.
    """
    nodes = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))
    calls = [node for node in nodes if ast.unparse(node.func) in FUNCTIONS]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        argument = call.args[0] if call.args else None
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            if argument.value:
                yield argument.value
        elif is_put_together(argument):
            raise SetupError(
                f"{name}:{call.lineno}: a text is put together inside {ast.unparse(call.func)}()",
                'Translate first, then fill in: tr("{n} parcels").format(n=n)',
            )


def is_put_together(argument: ast.expr | None) -> bool:
    """Whether a text is made of parts: no translation would ever be found for the result."""
    formatted = (
        isinstance(argument, ast.Call)
        and isinstance(argument.func, ast.Attribute)
        and argument.func.attr == "format"
    )
    return formatted or isinstance(argument, (ast.JoinedStr, ast.BinOp))


def translations(path: Path) -> dict[str, str]:
    """The finished translations of a .ts file."""
    found = {}
    for message in Xml.parse(path).getroot().iter("message"):
        translation = message.find("translation")
        if translation is not None and translation.get("type") is None and translation.text:
            found[message.findtext("source", "")] = translation.text
    return found


def ts_text(texts: Texts, known: Mapping[str, str], language: str) -> str:
    """A .ts file, as Qt Linguist writes it but without line numbers, which change every day."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        "<!DOCTYPE TS>",
        f'<TS version="2.1" language="{language}" sourcelanguage="en">',
        "<context>",
        f"    <name>{CONTEXT}</name>",
    ]
    for text, files in texts.items():
        translation = known.get(text)
        state = "" if translation else ' type="unfinished"'
        lines += [
            "    <message>",
            *(f'        <location filename="../../{name}"/>' for name in files),
            f"        <source>{escape(text)}</source>",
            f"        <translation{state}>{escape(translation or '')}</translation>",
            "    </message>",
        ]
    return "\n".join([*lines, "</context>", "</TS>"]) + "\n"


def compile_ts(path: Path) -> None:
    """Make the .qm file beside a .ts file with Qt's lrelease.

    Raises:
        SetupError: there is no lrelease, or it failed.
    """
    remedy = "Install Qt's linguist tools (Debian: qttools5-dev-tools, which QGIS brings)."
    compiler = next((found for name in COMPILERS if (found := shutil.which(name))), None)
    if compiler is None:
        raise SetupError("lrelease is not on the path", remedy)
    run([compiler, "-silent", str(path), "-qm", str(path.with_suffix(".qm"))], remedy)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
