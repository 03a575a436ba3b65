"""Word documents (DOCX): paragraphs and tables in their order.

Belongs here: unpacking within bounds, and the text of WordprocessingML (ECMA-376 part 1, section 17). Not here: tables once they
are grids (`grid`), and the older DOC.

Deleted text of tracked changes is left out, inserted text is kept: the text is what the document shows once changes are accepted.
"""

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from assets.ingest.readers import grid
from assets.ingest.readers.base import Cell, Reading
from assets.ingest.readers.grid import Grid, Place
from assets.ingest.refusals import DamagedFileError, EmptyFileError, EncryptedFileError, TooLargeError

MAX_PART = 64 * 1024 * 1024
"""Unpacked bytes of the main part; a report of a hundred pages has some 2 MB."""
MAX_FILES = 5000


def read(data: bytes, name: str) -> Reading:
    """The paragraphs and tables of a document.

    Raises:
        DamagedFileError: for a broken package or markup, and for markup that declares entities.
        EncryptedFileError: when its parts are encrypted.
        TooLargeError: when it unpacks to more than `MAX_PART` or holds more than `MAX_FILES` files.
        EmptyFileError: without any words.
    """
    body = _body(_main_part(data, name), name)
    chunks: list[str] = []
    cells: list[Cell] = []
    at = tables = 0
    for block in _blocks(body):
        laid = _grid(block, name) if block.tag == _TABLE else None
        if laid is not None and grid.is_data(laid):
            lines, found = grid.render(laid, tables, at)
            cells += found
            tables += 1
        else:
            paragraphs = block.iter(_PARAGRAPH) if block.tag == _TABLE else (block,)
            lines = "\n".join(_words(paragraph) for paragraph in paragraphs)
        chunks.append(f"{lines}\n")
        at += len(lines) + 1
    text = "".join(chunks)
    if not text.strip():
        raise EmptyFileError(
            "holds no words",
            culprit=name,
            remedy="Its pages may be pictures: export it to PDF and ingest that with OCR",
        )
    losses = [loss for loss, tags in _LOSSES.items() if any(True for _ in body.iter(*tags))]
    return Reading(text, tuple(cells), tuple(losses))


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT_W = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_PARAGRAPH, _TABLE, _ROW, _CELL = f"{_W}p", f"{_W}tbl", f"{_W}tr", f"{_W}tc"
_LEFT_OUT = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}txbxContent", f"{_W}instrText", f"{_W}pPr", f"{_W}rPr"})
_AS_TEXT = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_LOSSES = {
    "footnotes": (f"{_W}footnoteReference", f"{_W}endnoteReference"),
    "images": (f"{_W}drawing", f"{_W}pict"),
    "numbering": (f"{_W}numPr",),
    "text_boxes": (f"{_W}txbxContent",),
}
_MAIN_PART = re.compile(rb'PartName="/([^"]+)"[^>]*wordprocessingml\.document\.main\+xml')
_MAIN_PART_LAST = re.compile(rb'wordprocessingml\.(?:document|template)\.main\+xml"[^>]*PartName="/([^"]+)"')
_IS_ENCRYPTED = 1
_BROKEN_PACKAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    KeyError,
    EOFError,
    ValueError,
    OSError,
    NotImplementedError,
)
"""What the standard library raises for packages that are cut short, lie about themselves or use unknown compression."""
_BROKEN = "Open it in a word processor and save it again, or give its text"


def _main_part(data: bytes, name: str) -> bytes:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            if len(package.namelist()) > MAX_FILES:
                raise TooLargeError(f"holds more than {MAX_FILES:,} files", culprit=name, remedy=_BROKEN)
            types = _part(package, "[Content_Types].xml", name)
            named = _MAIN_PART.search(types) or _MAIN_PART_LAST.search(types)
            return _part(package, named[1].decode() if named else "word/document.xml", name)
    except _BROKEN_PACKAGE as error:
        raise DamagedFileError(f"is a broken Word document ({error})", culprit=name, remedy=_BROKEN) from error


def _part(package: zipfile.ZipFile, part: str, name: str) -> bytes:
    """The unpacked bytes of one part, never more than `MAX_PART` of them whatever it declares."""
    entry = package.getinfo(part)
    if entry.flag_bits & _IS_ENCRYPTED:
        raise EncryptedFileError("is encrypted", culprit=name, remedy="Save it without a password")
    with package.open(entry) as stream:
        data = stream.read(MAX_PART + 1)
    if len(data) > MAX_PART:
        raise TooLargeError(f"unpacks to more than {MAX_PART:,} bytes", culprit=name, remedy=_BROKEN)
    return data


def _body(markup: bytes, name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(markup.replace(_STRICT_W, _W[1:-1].encode()), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DamagedFileError(f"is a broken Word document ({error})", culprit=name, remedy=_BROKEN) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise DamagedFileError("declares entities, which no Word document does", culprit=name, remedy=_BROKEN)
    body = root.find(f"{_W}body")
    if body is None:
        raise DamagedFileError("is a Word document without a body", culprit=name, remedy=_BROKEN)
    return body


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables in order, through the wrappers that content controls and tracked changes put around them."""
    for child in parent.iterchildren(etree.Element):
        if child.tag in {_PARAGRAPH, _TABLE}:
            yield child
        elif child.tag not in _LEFT_OUT:
            yield from _blocks(child)


def _words(paragraph: etree._Element) -> str:
    parts: list[str] = []
    walk = etree.iterwalk(paragraph, events=("start",))
    for _, element in walk:
        if element.tag in _LEFT_OUT:
            walk.skip_subtree()
        elif element.tag == f"{_W}t":
            parts.append(element.text or "")
        else:
            parts.append(_AS_TEXT.get(str(element.tag), ""))
    return "".join(parts)


def _grid(table: etree._Element, name: str) -> Grid:
    """The grid of a table: `gridSpan` makes a cell wider, `vMerge` goes on with the cell above (17.4.17, 17.4.84)."""
    laid: Grid = []
    for row in _rows(table):
        places: list[Place] = []
        for cell in row.iter(_CELL):
            if next(cell.iterancestors(_ROW)) is not row:
                continue
            column = len(places)
            goes_on = _goes_on(cell) and bool(laid) and column < len(laid[-1])
            words = laid[-1][column].text if goes_on else " ".join(_words(p) for p in cell.iter(_PARAGRAPH)).strip()
            width = min(_number(cell.find(f"{_W}tcPr/{_W}gridSpan")), grid.MOST_CELLS)
            places += [Place(words, is_first=not goes_on and not n) for n in range(width)]
        laid.append(places)
        if sum(map(len, laid)) > grid.MOST_CELLS:
            raise TooLargeError(f"has a table of more than {grid.MOST_CELLS:,} cells", culprit=name, remedy=_BROKEN)
    width = max(map(len, laid), default=0)
    if width * len(laid) > grid.MOST_CELLS:
        raise TooLargeError(f"has a table of more than {grid.MOST_CELLS:,} cells", culprit=name, remedy=_BROKEN)
    return [[*row, *[Place("", is_first=True)] * (width - len(row))] for row in laid]


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of this very table, not of tables in its cells."""
    return (row for row in table.iter(_ROW) if next(row.iterancestors(_TABLE)) is table)


def _goes_on(cell: etree._Element) -> bool:
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merge is not None and merge.get(f"{_W}val", "continue") == "continue"


def _number(element: etree._Element | None) -> int:
    value = "" if element is None else element.get(f"{_W}val", "")
    return max(int(value), 1) if value.isascii() and value.isdigit() else 1
