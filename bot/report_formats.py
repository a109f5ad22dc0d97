"""What a report may be written as: apart, so that `samtid --help` loads nothing else."""

from __future__ import annotations

from enum import StrEnum


class ReportFormat(StrEnum):
    """`text` is for the terminal; `png` is a folder of charts."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PNG = "png"
