"""A mail's body as data, and its two renderings: plain text and HTML.

The HTML is one template (`templates/mail.html`): autoescaped, inline styles, readable in dark mode, with
the language named for screen readers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Row:
    """A label and its value; with `url`, the value is an address that can be followed."""

    label: str
    value: str
    url: str | None = None

    @property
    def href(self) -> str | None:
        """The address if it is one for the web; anything else is shown and cannot be followed."""
        return self.url if self.url and self.url.startswith(("https://", "http://")) else None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a mail: a heading, lines, then labelled values, then an address to go to (`button`)."""

    title: str | None = None
    lines: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    button: Row | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A whole mail. `title` is its subject; `footer` the small lines at the end."""

    language: str
    title: str
    parts: tuple[Part, ...]
    footer: tuple[str, ...] = ()


def as_text(page: Page) -> str:
    """The mail as plain text: parts apart by an empty line, ending in a line break."""
    blocks = [_block(part) for part in page.parts]
    return "\n\n".join([*(block for block in blocks if block), "\n".join(page.footer)]).strip() + "\n"


def as_html(page: Page) -> str:
    """The mail as an HTML document, every fact escaped."""
    # Tuples, since the template looks each attribute up by a function of its own: 216 for a booking's mails.
    parts = [
        (part.title, part.lines, [(row.label, row.value, row.href) for row in part.rows], part.button)
        for part in page.parts
    ]
    return _template().render(language=page.language, title=page.title, parts=parts, footer=page.footer)


def _block(part: Part) -> str:
    rows = [f"{row.label}: {row.value}" for row in part.rows]
    title = [part.title] if part.title else []
    button = [f"{part.button.label}: {part.button.value}"] if part.button else []
    return "\n".join([*title, *part.lines, *rows, *button])


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("mail.html")
