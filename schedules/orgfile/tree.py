"""The file's text to a tree of nodes that know their lines.

The tree is composed, not constructed: a node keeps the text as it was written, so that an unquoted 13:00
is not a number of minutes, `no` not false and +46 not an integer, and every key has its own line.
"""

from __future__ import annotations

import re

from ruamel.yaml import YAML
from ruamel.yaml.composer import ComposerError
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node
from ruamel.yaml.reader import ReaderError

from schedules.orgfile.problems import Report

_TAB_INDENT = re.compile(r"^ *\t[ \t]*[^\s#]")


def line_of(node: Node) -> int:
    """The line, from 1, on which a node begins."""
    return int(node.start_mark.line) + 1


def parse(text: str, report: Report) -> MappingNode | None:
    """The file's top mapping; None when it cannot be read, with the reason reported."""
    text = text.removeprefix("\ufeff")  # a byte order mark, as Windows' Notepad writes it
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except RecursionError:
        report.add(1, "syntax", detail="[[[[…")
    except ReaderError as error:
        report.add(text.count("\n", 0, error.position) + 1, "character")
    except MarkedYAMLError as error:
        _report_syntax(text, error, report)
    else:
        return _mapping(root, report)
    return None


def _mapping(root: Node | None, report: Report) -> MappingNode | None:
    if isinstance(root, MappingNode):
        return root
    if root is None:
        report.add(1, "empty")
    else:
        report.add(line_of(root), "top_level")
    return None


def _report_syntax(text: str, error: MarkedYAMLError, report: Report) -> None:
    mark = error.problem_mark or error.context_mark
    line = int(mark.line) + 1 if mark else 1
    tabs = [n for n, row in enumerate(text.splitlines(), start=1) if _TAB_INDENT.match(row)]
    if tabs and "\\t" in str(error.problem):
        for tab in tabs:
            report.add(tab, "tab")
    elif isinstance(error, ComposerError) and "another document" in str(error.problem):
        report.add(line, "second_document")
    else:
        report.add(line, "syntax", detail=error.problem or error.context or "YAML")
