"""What the file has named so far: ids that may be pointed to, values that may stand only once."""

from __future__ import annotations

from collections.abc import Iterable

from schedules.orgfile.entry import Entry, nearest
from schedules.orgfile.problems import Report


class Once:
    """Values that may stand only once, with the line on which each stood first."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._first: dict[tuple[str, str], int] = {}

    def add(self, key: str, value: str, line: int) -> None:
        """Note a value; report it if it has been noted under the same key."""
        if (key, value) in self._first:
            self._report.add(line, "duplicate_value", key=key, value=value, first=self._first[key, value])
        self._first.setdefault((key, value), line)

    def add_list(self, key: str, values: Iterable[tuple[str, int]]) -> None:
        """Report what stands twice in one list (also on the same line)."""
        within = Once(self._report)
        for value, line in values:
            within.add(key, value, line)


class Ids:
    """The ids of parties or people."""

    def __init__(self, where: str, report: Report) -> None:
        self.where = where
        self._report = report
        self._lines: dict[str, int] = {}

    def add(self, entry: Entry, item: str) -> None:
        """Note an item's id, reporting it if it is used already."""
        if not entry.good("id"):
            return
        if item in self._lines:
            entry.bad("id", "duplicate_id", value=item, first=self._lines[item])
        self._lines.setdefault(item, entry.line("id"))

    def __contains__(self, item: str) -> bool:
        return item in self._lines

    def check(self, key: str, refs: Iterable[tuple[str, int]]) -> None:
        """Report the references that point to nothing."""
        for ref, line in refs:
            if ref not in self._lines:
                self._report_missing(key, ref, line)

    def _report_missing(self, key: str, ref: str, line: int) -> None:
        facts = {"key": key, "value": ref, "where": self.where}
        if near := nearest(ref, self._lines):
            self._report.add(line, "unknown_ref_near", near=near, **facts)
        else:
            self._report.add(line, "unknown_ref", **facts)
