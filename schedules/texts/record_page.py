"""A record's two renderings: plain text for the terminal, and one HTML file to print or save as PDF."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from schedules.texts.page import TEMPLATES, Page, Part, Row


def record_text(page: Page) -> str:
    """The document as plain text: headings underlined, parts apart by an empty line."""
    blocks = [_underlined(page.title, "="), *map(_block, page.parts), "\n".join(page.footer)]
    return "\n\n".join(blocks) + "\n"


def record_html(page: Page) -> str:
    """The document as an HTML file that needs nothing else: no script, no picture, every fact escaped."""
    return _template().render(page=page)


def _block(part: Part) -> str:
    title = [_underlined(part.title, "-")] if part.title else []
    return "\n".join([*title, *part.lines, *map(_row, part.rows)])


def _row(row: Row) -> str:
    between = "" if row.label.endswith("?") else ":"
    return f"{row.label}{between} {row.value}"


def _underlined(title: str, line: str) -> str:
    return f"{title}\n{line * len(title)}"


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("record.html")
