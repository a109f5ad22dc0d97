"""Slack's text becomes safe HTML."""

from __future__ import annotations

import pytest

from bot.workspace.mrkdwn import mrkdwn, plain

NAMES = {"U1": "Åsa <b>", "C1": "samverkan"}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*fet* _kursiv_ ~struken~", "<strong>fet</strong> <em>kursiv</em> <s>struken</s>"),
        ("2*3*4 och snake_case_namn", "2*3*4 och snake_case_namn"),
        ("`*kod*`", "<code>*kod*</code>"),
        ("a\nb", "a<br>b"),
        ("Se:\n• ett\n• två\nslut", "Se:<ul><li>ett</li><li>två</li></ul>slut"),
        ("&lt;b&gt; &amp; co", "&lt;b&gt; &amp; co"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("<@U1>", '<span class="mention">@Åsa &lt;b&gt;</span>'),
        ("<#C1|samverkan>", '<span class="mention">#samverkan</span>'),
        ("<!channel>", '<span class="mention">@channel</span>'),
        ("<javascript:alert(1)|klicka>", "&lt;javascript:alert(1)|klicka&gt;"),
        ("<!date^1796128200^{date_long} {time}|sen>", "<time>tisdag 1 december 2026 13:30</time>"),
        ("<!date^x^{date}|1 december>", "<time>1 december</time>"),
        (":warning: :okänd:", "⚠️ :okänd:"),
    ],
)
def test_mrkdwn(text: str, html: str) -> None:
    assert mrkdwn(text, NAMES, "sv") == html


def test_a_link_opens_in_its_own_tab_and_cannot_break_out() -> None:
    html = mrkdwn('<https://a.example/?q="x"&amp;b=1|Läs *mer*>', {}, "sv")
    assert html.startswith('<a href="https://a.example/?q=&#34;x&#34;&amp;b=1" target="_blank" rel="noopener')
    assert html.endswith(">Läs *mer*</a>")


def test_plain_text_is_only_escaped() -> None:
    assert plain("*a* <b>\nc") == "*a* &lt;b&gt;<br>c"
