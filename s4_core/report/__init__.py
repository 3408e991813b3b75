"""One HTML page of a run: maps beside the reference, curves, accuracy, areas, provenance."""

from s4_core.report.collect import RECORD_SUFFIX
from s4_core.report.page import Page, build_page

__all__ = ["RECORD_SUFFIX", "Page", "build_page"]
