"""Web pages: the report without the page around it, tables as tables, and what the page says of itself.

Belongs here: decoding a page, finding its main part, and its text. Not here: fetching pages, and tables once they are grids (`grid`).

The main part is the element that known content systems mark as such, else the deepest element that still holds most of the page's words
outside links. Scripts, forms, navigation and hidden elements are left out. Nothing of the page is run or loaded.
"""

import re

from lxml import html
from lxml.etree import ParserError, iterwalk
from lxml.html import HtmlElement, HTMLParser

from assets.ingest.readers import grid
from assets.ingest.readers.base import Cell, Reading
from assets.ingest.readers.grid import Grid, Spanned
from assets.ingest.readers.text import encoding_of
from assets.ingest.refusals import DamagedFileError, EmptyFileError, NotAReportPageError, TooLargeError

MAX_BYTES = 20 * 1024 * 1024
"""A page of a report has some 100 kB; what is much larger is made of something else."""


def read(data: bytes, name: str) -> Reading:
    """The main part of a page as text, with its tables.

    Raises:
        TooLargeError: past `MAX_BYTES`, or for a table past any sense.
        DamagedFileError: when its bytes break the encoding that they announce, or hold no page.
        NotAReportPageError: for an error page or a login page, whatever status they came with.
        EmptyFileError: without words in its main part.
    """
    page = _opened(data, name)
    title, publisher, published_on = _own_words(page)
    had_embedded = any(True for _ in page.iter("iframe", "object", "embed"))
    had_navigation = _prune(page)
    main = _main_part(page)
    had_images = any(True for _ in main.iter("img"))
    writer = _Writer(name)
    writer.write(main)
    title = title or _heading(page)
    text, cells = writer.finished(above=title)
    if not any(part for part in writer.parts):
        raise EmptyFileError(
            "is a page without text in its main part",
            culprit=name,
            remedy="The report may be a picture or an attachment of the page: ingest that file",
        )
    had = {"embedded": had_embedded, "images": had_images, "navigation": had_navigation}
    return Reading(
        text, tuple(cells), tuple(loss for loss, lost in had.items() if lost), title, publisher, published_on
    )


def titled_links(data: bytes, name: str) -> tuple[str, list[tuple[str, list[str]]]]:
    """The base that a page names for its links (else an empty word), and each link with its titles, full ones first.

    Blanks are left out of titles. Links without any title are pictures and left out.

    Raises:
        TooLargeError, DamagedFileError, NotAReportPageError: as `read`.
    """
    page = _opened(data, name)
    base = next((str(element.get("href", "")) for element in page.iter("base")), "")
    links = []
    for element in page.iter("a"):
        titles = [title for words in (element.get("title", ""), element.text_content()) if (title := _bare(words))]
        if titles and (target := str(element.get("href", "")).strip()):
            links.append((target, titles))
    return base, links


_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-z0-9_-]{3,20})", re.IGNORECASE)
_HEAD = 4096
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "utf8": "utf-8"}
"""What pages call their encoding, and the encoding that holds it wholly."""

_DROPPED = [
    "script",
    "style",
    "noscript",
    "template",
    "iframe",
    "object",
    "embed",
    "applet",
    "form",
    "button",
    "input",
    "select",
    "textarea",
    "nav",
    "header",
    "footer",
    "aside",
    "svg",
    "canvas",
    "audio",
    "video",
]
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav|header|topbar|navbar|menu|foot|footer|crumb|crumbs|breadcrumb|share|bdshare|copyright|sidebar|related|banner|toolbar|position|"
    r"pagination|search|login|qrcode|location|wzzs)(?:$|[\s_-])",
    re.IGNORECASE,
)
_MAIN = (
    "zoom", "zoomcon", "trs_editor", "trs_editor_view", "ucap-content", "ucapcontent", "article-content", "article_content", "articlecontent",
    "news_content", "newscontent", "content_text", "pages_content", "con_text", "xxgk_content", "view_content", "textbox", "artical_content",
)  # fmt: skip
"""Ids and classes by which content systems of government sites mark the text of an article."""
_SHARE = 0.7
_LEAST_WORDS = 40
_STRANGE_TITLE = re.compile(
    r"(?:^|\W)(?:404|403|500|502|503)(?:\W|$)|页面不存在|找不到|无法访问|访问出错|出错了|not found|forbidden|error|访问被拒绝|系统维护",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"登录|登陆|请先登录|用户名|sign in|log ?in", re.IGNORECASE)
_SHORT_PAGE = 400
_BLOCK = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "body",
        "br",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "html",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
    ]
)
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_DATE = re.compile(r"(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})")
_TITLE_END = re.compile(r"\s*[-_|—–>]+\s*")


def _opened(data: bytes, name: str) -> HtmlElement:
    """The elements of a page that may be a report's."""
    if len(data) > MAX_BYTES:
        raise TooLargeError(
            f"is a page of {len(data):,} bytes, more than {MAX_BYTES:,}",
            culprit=name,
            remedy="Save its main part alone",
        )
    page = _parsed(_decoded(data, name), name)
    _refuse_strangers(page, name)
    return page


def _decoded(data: bytes, name: str) -> str:
    """The page's characters, by its byte order mark, else what it announces, else its bytes; never with replacements."""
    announced = _META_CHARSET.search(data[:_HEAD])
    label = announced[1].decode("ascii").lower() if announced else ""
    has_mark = data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    for encoding in (None if has_mark else _WIDER.get(label, label), encoding_of(data)):
        try:
            if encoding:
                return data.decode(encoding).removeprefix("\ufeff")
        except (UnicodeDecodeError, LookupError):
            continue
    raise DamagedFileError(
        f"breaks its own encoding ({label or 'none announced'})",
        culprit=name,
        remedy="Fetch the page again, or save it as UTF-8",
    )


def _parsed(source: str, name: str) -> HtmlElement:
    parser = HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        page = html.document_fromstring(source.replace("\0", "").encode(), parser=parser)
    except (ParserError, ValueError) as error:
        raise DamagedFileError("holds no page", culprit=name, remedy="Fetch the page again") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise TooLargeError("nests its elements without end", culprit=name, remedy="Save its text instead")
    return page


def _refuse_strangers(page: HtmlElement, name: str) -> None:
    """Refuses pages that answer for a report: error pages with status 200, login pages."""
    words = _SPACES.sub("", page.text_content())
    title = _SPACES.sub(" ", page.findtext(".//title") or "")
    if len(words) < _SHORT_PAGE and _STRANGE_TITLE.search(f"{title} {words[:_SHORT_PAGE]}"):
        raise NotAReportPageError(
            f"is an error page ({title.strip() or words[:30]})",
            culprit=name,
            remedy="Look for the report's present address",
        )
    has_password = bool(page.xpath("//input[@type='password']"))
    is_short = len(words) < _SHORT_PAGE
    if (has_password and (is_short or _LOGIN.search(title))) or (is_short and _LOGIN.search(title)):
        raise NotAReportPageError("is a login page", culprit=name, remedy="Fetch the report where it is open to all")


def _own_words(page: HtmlElement) -> tuple[str | None, str | None, str | None]:
    """Title, publisher and date by the page's metadata (names as the standard for government sites has them)."""
    metas = {
        str(meta.get("name", "")).lower(): _SPACES.sub(" ", str(meta.get("content", ""))).strip()
        for meta in page.iter("meta")
    }
    date = _DATE.search(metas.get("pubdate") or metas.get("publishdate") or "")
    published_on = f"{date[1]}-{int(date[2]):02}-{int(date[3]):02}" if date else None
    return metas.get("articletitle") or None, metas.get("contentsource") or metas.get("sitename") or None, published_on


def _prune(page: HtmlElement) -> bool:
    """Removes what is no text of the report; returns whether navigation was among it.

    What is only marked like navigation and holds more than half of the page's words is none.
    """
    for element in [found for found in page.iter() if found.tag in _DROPPED or _HIDDEN.search(found.get("style", ""))]:
        if element.getparent() is not None:
            element.drop_tree()
    words = _words(page, in_links=True)
    had_navigation = False
    for element, held in words.items():
        marks = f"{element.get('id', '')} {element.get('class', '')}"
        if element.tag != "body" and _FURNITURE.search(marks) and held * 2 < words[page]:
            had_navigation = True
            element.drop_tree()
    return had_navigation


def _main_part(page: HtmlElement) -> HtmlElement:
    body = page.find("body")
    root = page if body is None else body
    for element in root.iter():
        marks = {str(element.get("id", "")).lower(), *str(element.get("class", "")).lower().split()}
        if not marks.isdisjoint(_MAIN) and len(_SPACES.sub("", element.text_content())) >= _LEAST_WORDS:
            return element
    words = _words(root, in_links=False)
    while True:
        most = max(root, key=lambda child: words.get(child, 0), default=None)
        if most is None or most.tag in {"p", "table", "tr", "td", "ul", "ol"} or words[most] < _SHARE * words[root]:
            return root
        root = most


def _words(root: HtmlElement, *, in_links: bool) -> dict[HtmlElement, int]:
    """How many characters each element holds, in links too or only outside them, in one pass from the leaves up."""
    words: dict[HtmlElement, int] = {}
    for element in reversed(list(root.iter())):
        is_left_out = element.tag == "a" and not in_links
        inside = len((element.text or "").strip()) + sum(
            words[child] + len((child.tail or "").strip()) for child in element
        )
        words[element] = 0 if is_left_out else inside
    return words


def _heading(page: HtmlElement) -> str | None:
    """The words of the page's first heading, else of its title up to the name of the site."""
    for level in ("h1", "h2"):
        for element in page.iter(level):
            if words := _SPACES.sub(" ", element.text_content()).strip():
                return words
    title = _SPACES.sub(" ", page.findtext(".//title") or "").strip()
    return _TITLE_END.split(title)[0] or None


class _Writer:
    """Writes elements as lines: a paragraph a line, a table row a line."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.parts: list[str | Grid] = []
        self.words: list[str] = []

    def write(self, root: HtmlElement) -> None:
        """Appends `root`, without recursion: pages nest as deep as they like."""
        walk = iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if element.tag in _BLOCK:
                self.words.append("\n")
            if event == "start":
                table = self._data_table(element)
                if table is None:
                    self._say(element.text)
                else:
                    self._flush()
                    self.parts.append(table)
                    walk.skip_subtree()
            elif element is not root:
                self._say(element.tail)
        self._flush()

    def finished(self, above: str | None) -> tuple[str, list[Cell]]:
        """The text and its cells; `above` is put before it where its beginning does not hold it."""
        said = _bare("".join(part for part in self.parts if isinstance(part, str)))
        chunks = [f"{above}\n"] if above and _bare(above) not in said else []
        at = sum(map(len, chunks))
        cells: list[Cell] = []
        tables = 0
        for part in self.parts:
            if isinstance(part, str):
                chunk = part
            else:
                lines, found = grid.render(part, tables, at)
                chunk = f"{lines}\n"
                cells += found
                tables += 1
            chunks.append(chunk)
            at += len(chunk)
        return "".join(chunks), cells

    def _say(self, words: str | None) -> None:
        if words:
            self.words.append(_SPACES.sub(" ", words))

    def _flush(self) -> None:
        lines = (_SPACES.sub(" ", line).strip(" ") for line in "".join(self.words).split("\n"))
        self.parts.append("".join(f"{line}\n" for line in lines if line))
        self.words = []

    def _data_table(self, element: HtmlElement) -> Grid | None:
        if element.tag != "table" or element.find(".//table") is not None:
            return None
        rows = [
            [
                Spanned(_cell_words(cell), _span(cell, "rowspan"), _span(cell, "colspan"))
                for cell in row.iterchildren("td", "th")
            ]
            for row in element.iter("tr")
        ]
        laid = grid.lay_out(rows, self.name)
        return laid if laid and grid.is_data(laid) else None


_MOST_SPAN = 1000


def _span(cell: HtmlElement, name: str) -> int:
    value = str(cell.get(name, "1")).strip()
    return min(max(int(value), 1), _MOST_SPAN) if value.isascii() and value.isdigit() else 1


def _cell_words(cell: HtmlElement) -> str:
    """The words of a cell; paragraphs and line ends become blanks, so that figures never run together."""
    parts: list[str] = []
    for event, element in iterwalk(cell, events=("start", "end")):
        if element.tag in _BLOCK:
            parts.append(" ")
        if event == "start":
            parts.append(element.text or "")
        elif element is not cell:
            parts.append(element.tail or "")
    return _SPACES.sub(" ", "".join(parts)).strip()


def _bare(words: str) -> str:
    return re.sub(r"\s", "", words)
