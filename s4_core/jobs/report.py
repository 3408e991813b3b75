"""Draw the page of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from s4_core import io
from s4_core.errors import ConfigurationError
from s4_core.jobs.outputs import require_writable
from s4_core.progress import Reporter, Stage
from s4_core.protocol import ReportJob
from s4_core.report import build_page


def run(job: ReportJob, reporter: Reporter) -> dict[str, Any]:
    """Draw the page and write it.

    Raises:
        ConfigurationError: the page is not called .html.
        InputError: there is no class map in the folder.
        OutputError: the page cannot be written.
    """
    if Path(job.out).suffix.lower() not in (".html", ".htm"):
        raise ConfigurationError(
            f"The page {job.out} would be HTML.", "Give it a name that ends in .html."
        )
    require_writable(Path(job.out))
    page = build_page(Path(job.run), job.title, Stage(reporter, "draw the report"))
    io.write_text(job.out, page.html)
    return {"report": job.out, "missing": list(page.missing)}
