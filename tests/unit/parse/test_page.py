"""The page of a report: all of its text, safe whatever the text holds, each numeral with what is known of it."""

import html
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from assets.parse.facts import Extraction
from assets.parse.page import page
from contracts.indicators import Catalogue

Read = Callable[[str], Extraction]


class Seen(HTMLParser):
    """What a browser shows of the report, cards left out, and every tag it meets."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.text = ""
        self._main = self._card = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self._main += tag == "main"
        self._card += tag == "dl"

    def handle_endtag(self, tag: str) -> None:
        self._main -= tag == "main"
        self._card -= tag == "dl"

    def handle_data(self, data: str) -> None:
        if self._main and not self._card:
            self.text += data


def seen(text: str, read: Read, catalogue: Catalogue) -> tuple[Seen, str]:
    made = page("report.txt", text, read(text), catalogue)
    parser = Seen()
    parser.feed(made)
    parser.close()
    return parser, made


NASTY = (
    "<script>alert(1)</script>受理行政复议案件42件。",
    "受理<b onclick=x>行政复议</b>案件42件 & 5 < 6 “引号\"'",
    "</main></body><style>*{}</style>12件",
    "<!-- 12 --> ]]> <![CDATA[ 12 ]]> &lt;12&gt; &#49;2件",
    "javascript:12 data:text/html,12件 {{7*7}} ${7}",
)


@pytest.mark.parametrize("text", NASTY)
def test_text_stays_text(read: Read, catalogue: Catalogue, text: str) -> None:
    parser, _ = seen(text, read, catalogue)
    assert parser.text.replace("◆", "") == text
    assert set(parser.tags) == {"html", "head", "meta", "title", "style", "body", "header", "h1", "ul", "li", "p", "main", "span", "dl", "dt", "dd"}  # fmt: skip
    assert not [name for name in parser.attributes if name.startswith("on")]


def test_a_title_is_text_too(read: Read, catalogue: Catalogue) -> None:
    made = page("</title><script>x</script>", "受理12件", read("受理12件"), catalogue)
    assert "<script" not in made


def test_nothing_is_loaded_and_nothing_runs(read: Read, catalogue: Catalogue) -> None:
    parser, made = seen("受理行政复议案件42件。", read, catalogue)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', made)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not {"script", "link", "img", "iframe", "a", "form"} & set(parser.tags)
    assert not {"src", "href", "style"} & set(parser.attributes)
    assert "http" not in made.replace("http-equiv", "")


def test_each_numeral_shows_its_class_and_each_fact_what_it_is(read: Read, catalogue: Catalogue) -> None:
    _, made = seen("2023年受理行政复议案件40余件，全部审结。修建公园3个。", read, catalogue)
    assert '<span class="n explained" tabindex="0" role="button">2023年' in made
    assert '<span class="n observation" tabindex="0" role="button">40余' in made
    assert '<span class="n queued" tabindex="0" role="button">3' in made
    assert '<span class="n implied" tabindex="0" role="button">◆' in made
    shown = html.unescape(made)
    for said in (
        "accepted: 受理 #",
        "concluded: all 审结 => accepted",
        "at_least",
        "本级",
        "受理行政复议案件40余件",
        "(date)",
    ):
        assert said in shown, said


def test_marks_that_turn_or_hide_what_a_reader_sees_are_shown_as_unknown(read: Read, catalogue: Catalogue) -> None:
    parser, made = seen("受理\u202e24\u202c件\x00\ud800", read, catalogue)
    assert not re.search("[\u202a-\u202e\x00\ud800-\udfff]", made)
    assert "\ufffd" in parser.text
    assert made.encode("utf-8")


def test_an_empty_report_is_a_page(read: Read, catalogue: Catalogue) -> None:
    parser, _ = seen("", read, catalogue)
    assert parser.text == ""
