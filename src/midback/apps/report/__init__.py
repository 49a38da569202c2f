"""One self-contained HTML page that tells a person how the set went."""

from __future__ import annotations

from midback.apps.report.page import ReportInput, write_report
from midback.apps.report.stills import read_frames_at

__all__ = ["ReportInput", "read_frames_at", "write_report"]
