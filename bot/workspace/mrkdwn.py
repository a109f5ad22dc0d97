"""Slack's text to safe HTML: mrkdwn, mentions, links, dates, the three escapes."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from babel.dates import format_date, format_time
from markupsafe import Markup, escape

from bot.workspace.localtime import ZONE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.workspace.shapes import Json

_TOKEN = re.compile(r"```(?P<pre>.+?)```|`(?P<code>[^`\n]+)`|<(?P<ref>[^<>\n]+)>", re.DOTALL)
_STYLES = (
    (re.compile(r"(?<![\w*])\*(\S(?:[^*\n]*?\S)?)\*(?![\w*])"), r"<strong>\1</strong>"),
    (re.compile(r"(?<![\w_])_(\S(?:[^_\n]*?\S)?)_(?![\w_])"), r"<em>\1</em>"),
    (re.compile(r"(?<![\w~])~(\S(?:[^~\n]*?\S)?)~(?![\w~])"), r"<s>\1</s>"),
)
_BULLET = re.compile(r"^\s*[•\-]\s+(.*)$")
_SAFE_LINK = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
_EMOJI = {
    "white_check_mark": "✅",
    "x": "❌",
    "warning": "⚠️",
    "calendar": "📅",
    "wave": "👋",
    "bell": "🔔",
    "lock": "🔒",
    "hourglass": "⌛",
    "information_source": "ℹ️",
    "point_right": "👉",
}
_EMOJI_CODE = re.compile(r":([a-z_]+):")


def plain(text: str) -> Markup:
    """Give a plain_text object's text: escaped, line breaks kept."""
    return Markup("<br>").join(_emoji(line) for line in _unescaped(text).split("\n"))  # a constant


def mrkdwn(text: str, names: Mapping[str, str], locale: str) -> Markup:
    """Give a mrkdwn text as HTML; `names` are the people and channels that `<@…>` and `<#…>` mean.

    Everything that was written is escaped before a tag is added, so that no text can bring its own.
    """
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(_token(match, names, locale))
        return f"\x00{len(held) - 1}\x00"

    marked = str(_emoji(_unescaped(_TOKEN.sub(hold, text.replace("\x00", "")))))
    for pattern, tag in _STYLES:
        marked = pattern.sub(tag, marked)
    html = re.sub(r"\x00(\d+)\x00", lambda match: held[int(match[1])], _lists(marked))
    return Markup(html)  # noqa: S704  # built from escaped parts, see above


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _emoji(text: str) -> Markup:
    return escape(_EMOJI_CODE.sub(lambda match: _EMOJI.get(match[1], match[0]), text))


def _token(match: re.Match[str], names: Mapping[str, str], locale: str) -> str:
    if match["pre"]:
        return f"<pre>{escape(_unescaped(match['pre']).strip())}</pre>"
    if match["code"]:
        return f"<code>{escape(_unescaped(match['code']))}</code>"
    return _reference(match["ref"], names, locale)


def _reference(reference: str, names: Mapping[str, str], locale: str) -> str:
    target, _, label = reference.partition("|")
    if target.startswith("!date^"):
        return f"<time>{escape(_date(target, label, locale))}</time>"
    if target[:1] in "@#!":
        sign = "#" if target[0] == "#" else "@"
        name = label or names.get(target[1:]) or target[1:].removeprefix("subteam^")
        return f'<span class="mention">{sign}{escape(_unescaped(name).lstrip("@#"))}</span>'
    if _SAFE_LINK.match(target):
        words = escape(_unescaped(label or target.removeprefix("mailto:")))
        return f'<a href="{escape(_unescaped(target))}" target="_blank" rel="noopener noreferrer">{words}</a>'
    return str(escape(_unescaped(f"<{reference}>")))


def _date(target: str, fallback: str, locale: str) -> str:
    try:
        _, seconds, words = target.split("^")[:3]
        at = datetime.fromtimestamp(int(seconds), UTC).astimezone(ZONE)
    except (ValueError, OverflowError):
        return fallback
    parts: dict[str, Callable[[], str]] = {
        "date_num": lambda: at.date().isoformat(),
        "date": lambda: format_date(at, "d MMMM y", locale=locale),
        "date_short": lambda: format_date(at, "d MMM y", locale=locale),
        "date_long": lambda: format_date(at, "EEEE d MMMM y", locale=locale),
        "date_pretty": lambda: format_date(at, "d MMMM y", locale=locale),
        "date_short_pretty": lambda: format_date(at, "d MMM y", locale=locale),
        "date_long_pretty": lambda: format_date(at, "EEEE d MMMM y", locale=locale),
        "time": lambda: format_time(at, "HH:mm", tzinfo=ZONE, locale=locale),
        "time_secs": lambda: format_time(at, "HH:mm:ss", tzinfo=ZONE, locale=locale),
    }
    return re.sub(r"\{(\w+)\}", lambda match: parts[match[1]]() if match[1] in parts else match[0], words)


def _lists(html: str) -> str:
    parts: list[str] = []
    for line in html.split("\n"):
        bullet = _BULLET.match(line)
        if bullet and parts and parts[-1].startswith("<ul>"):
            parts[-1] = parts[-1].removesuffix("</ul>") + f"<li>{bullet[1]}</li></ul>"
        elif bullet:
            parts.append(f"<ul><li>{bullet[1]}</li></ul>")
        else:
            parts.append(line)
    joined = "<br>".join(parts)
    return joined.replace("<br><ul>", "<ul>").replace("</ul><br>", "</ul>")


def rich_text(block: Json, names: Mapping[str, str]) -> Markup:
    """Give a rich_text block in a simple form: its words, mentions and links."""
    return Markup("<br>").join(  # a constant
        _rich(element, names) for element in block["elements"]
    )


def _rich(element: Json, names: Mapping[str, str]) -> Markup:
    if "elements" in element:
        parts = [_rich(one, names) for one in element["elements"]]
        if element["type"] == "rich_text_list":
            items = Markup().join(Markup("<li>{}</li>").format(one) for one in parts)
            return Markup("<ul>{}</ul>").format(items)
        return Markup().join(parts)
    if element["type"] == "user":
        return Markup('<span class="mention">@{}</span>').format(names.get(element["user_id"], "?"))
    words = escape(element.get("text") or element.get("url") or "")
    for name, tag in (("bold", "strong"), ("italic", "em"), ("strike", "s"), ("code", "code")):
        if (element.get("style") or {}).get(name):
            words = Markup("<{0}>{1}</{0}>").format(tag, words)
    return words
