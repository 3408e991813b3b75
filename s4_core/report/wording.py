"""Numbers and sentences of the report."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any


def number(value: float | None, digits: int = 2) -> str:
    """A number, or an en dash where there is none."""
    return "–" if value is None else f"{value:.{digits}f}"


def spread(low: float | None, high: float | None, digits: int = 2) -> str:
    """`0.62 to 0.80`, or nothing where there is no spread."""
    return "" if low is None or high is None else f"{low:.{digits}f} to {high:.{digits}f}"


def hectares(value: float) -> str:
    """Hectares with the digits that matter."""
    return f"{value:,.1f}" if value < 1000 else f"{value:,.0f}"


def table(header: list[str], rows: list[list[str]], kind: str = "") -> str:
    """An HTML table of ready cells (escape them first); numbers are aligned by the style."""
    head = "".join(f"<th>{cell}</th>" for cell in header)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<table class="{kind}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def pairs(rows: Mapping[str, Any]) -> str:
    """A list of names and values; empty values are left out."""
    items = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(str(value))}</dd>"
        for name, value in rows.items()
        if value not in (None, "")
    )
    return f"<dl>{items}</dl>"


def bullets(sentences: list[str]) -> str:
    """A list of sentences."""
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in sentences) + "</ul>"


def swatch(colour: tuple[int, int, int]) -> str:
    """A small square in a class's colour."""
    return f'<span class="swatch" style="background:rgb{tuple(colour)}"></span>'
