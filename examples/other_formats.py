"""Writes some example reports as a web page, a Word document, a PDF and a scan: `python examples/other_formats.py examples/formats`.

Belongs here: the plainest file of each format that holds a report as an office would publish it. The wording is that of the texts, and so
are the facts; each file gets the origin record of its text beside it.
"""

import html
import re
import sys
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

REPORTS = Path(__file__).with_name("reports")

CHOSEN = {"qingyuan-2024": "html", "xunxian-2024": "docx", "qiantang-2022": "pdf"}
"""Which report is written in which format; the first has a table there."""
SCANNED = "tongzhou-2023"
"""The report that is also written as a scan: it has one page."""
FETCHED = "2026-01-01T00:00:00Z"
"""When these files are said to have been fetched: before their texts, which so are the later versions."""
FONTS = {
    "NotoSerifCJK-Regular.ttc": 2,
    "NotoSansCJK-Regular.ttc": 2,
    "simsun.ttc": 0,
    "msyh.ttc": 0,
    "PingFang.ttc": 0,
    "wqy-microhei.ttc": 0,
}
"""Fonts with Chinese characters, and which of the forms in each file is that of the mainland; the first that is installed is taken."""

_CHARACTERS_A_LINE = 38
_LINES_A_PAGE = 34
_DOTS = (1654, 2339)
"""A4 at 200 dots an inch."""
_ROW_DOTS = 1320
_INK = 140
_STAMP = (2026, 1, 1, 0, 0, 0)
"""The same time in every package, so that the same text gives the same bytes."""


def main(folder: Path) -> None:
    """Write a file a format into `folder`, and its origin record beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, suffix in CHOSEN.items():
        _write(folder / f"{name}.{suffix}", name, FORMATS[suffix])
    font = chinese_font()
    if font is None:
        print(f"no scan is written: none of the fonts {', '.join(FONTS)} is installed")
    else:
        _write(folder / f"{SCANNED}-scan.pdf", SCANNED, lambda text: as_scan(text, font))


def _write(path: Path, name: str, make: Callable[[str], bytes]) -> None:
    report = REPORTS / f"{name}.txt"
    path.write_bytes(make(report.read_text(encoding="utf-8")))
    record = Path(f"{report}.origin.toml").read_text(encoding="utf-8")
    Path(f"{path}.origin.toml").write_text(f"retrieved_at = {FETCHED}\n{record}", encoding="utf-8")


def as_html(text: str) -> bytes:
    """A page of a government's site: navigation, the report, contact lines; a list of many counts stands as a table."""
    lines = _lines(text)
    paragraphs = "".join(
        _table(listed) if (listed := _LISTED.fullmatch(line)) else f"<p>{html.escape(line)}</p>\n" for line in lines
    )
    return (
        f"<!DOCTYPE html>\n<html><head><meta charset='utf-8'><title>{html.escape(lines[0])}</title></head><body>\n"
        "<ul class='nav'><li><a href='/'>首页</a></li><li><a href='/zwgk'>政务公开</a></li></ul>\n"
        f"<div id='zoom'>\n{paragraphs}</div>\n<div class='footer'>网站标识码 0000000000</div></body></html>\n"
    ).encode()


def as_docx(text: str) -> bytes:
    """A Word document of one paragraph a line."""
    paragraphs = "".join(f"<w:p><w:r><w:t>{html.escape(line)}</w:t></w:r></w:p>" for line in _lines(text))
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
        "</Relationships>",
        "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{paragraphs}</w:body></w:document>",
    }
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, markup in parts.items():
            package.writestr(
                zipfile.ZipInfo(name, _STAMP), f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{markup}'
            )
    return buffer.getvalue()


def as_pdf(text: str) -> bytes:
    """A PDF with a text layer: lines broken where the page ends, page numbers; its font names Unicode and embeds no shapes."""
    pages = _pages(text)
    ranges = [f"<{high:02x}00> <{high:02x}ff> <{high:02x}00>" for high in range(256)]
    blocks = ["100 beginbfrange\n{}\nendbfrange".format("\n".join(ranges[at : at + 100])) for at in range(0, 256, 100)]
    cmap = "begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange\n{}\nendcmap".format("\n".join(blocks))
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Report /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        (
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Report /DW 1000 /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity)"
            b" /Supplement 0 >> /FontDescriptor << /Type /FontDescriptor /FontName /Report /Flags 4 /Ascent 880 /Descent -120"
            b" /CapHeight 700 /ItalicAngle 0 /StemV 80 /FontBBox [0 -120 1000 880] >> >>"
        ),
        _stream(cmap),
    ]
    for number, page in enumerate(pages, 1):
        words = [_words(row, 60, 780 - 21 * n) for n, row in enumerate(page)]
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects) + 2} 0 R"
            " /Resources << /Font << /F 3 0 R >> >> >>".encode(),
            _stream("\n".join([*words, _words(f"— {number} —", 270, 30)])),
        ]
    return _file(objects)


def chinese_font() -> ImageFont.FreeTypeFont | None:
    """The font that a scan is drawn with, None when none is installed."""
    for name, form in FONTS.items():
        try:
            return ImageFont.truetype(name, 33, form)
        except OSError:
            continue
    return None


def as_scan(text: str, font: ImageFont.FreeTypeFont) -> bytes:
    """A PDF of pictures without any text: black and white, 200 dots an inch, and not quite straight."""
    rows = [row for line in _lines(text) for row in _set(line, font)]
    pages = [rows[at : at + _LINES_A_PAGE] for at in range(0, len(rows), _LINES_A_PAGE)]
    kids = " ".join(f"{3 + 3 * n} 0 R" for n in range(len(pages)))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode()]
    for page in pages:
        paper = Image.new("L", _DOTS, 255)
        pen = ImageDraw.Draw(paper)
        for n, row in enumerate(page):
            pen.text((165, 160 + 58 * n), row, font=font, fill=0)
        paper = (
            paper.rotate(0.3, Image.Resampling.BICUBIC, fillcolor=255)
            .point(lambda grey: 255 * (grey > _INK))
            .convert("1")
        )
        packed = zlib.compress(paper.tobytes(), 9)
        first = len(objects) + 1
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {first + 1} 0 R"
            f" /Resources << /XObject << /I {first + 2} 0 R >> >> >>".encode(),
            _stream("q 595 0 0 842 0 0 cm /I Do Q"),
            b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 1"
            b" /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (*_DOTS, len(packed), packed),
        ]
    return _file(objects)


_LISTED = re.compile(r"(?P<lead>.*，)(?P<items>(?:[^；，]+?\d+宗[；。]){4,})")
_ITEM = re.compile(r"(?P<label>[^；]+?)(?P<number>\d+)宗[；。]")


def _table(listed: re.Match[str]) -> str:
    rows = "".join(
        f"<tr><td>{html.escape(item['label'])}</td><td>{item['number']}</td></tr>"
        for item in _ITEM.finditer(listed["items"])
    )
    lead = html.escape(listed["lead"].rstrip("，"))
    return f"<p>{lead}：</p>\n<table><tr><th>种类</th><th>数量（宗）</th></tr>{rows}</table>\n"


def _set(line: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """The rows of a line as a word processor sets it: filled, numbers whole, no mark at the beginning of a row."""
    indented = line if font.getlength(line) <= _ROW_DOTS else f"\u3000\u3000{line}"
    rows = [""]
    for piece in re.findall(r"[\d.]+%?[，。；、]?|.[，。；、：）]*", indented):
        if font.getlength(rows[-1] + piece) > _ROW_DOTS:
            rows.append("")
        rows[-1] += piece
    return rows


def _pages(text: str) -> list[list[str]]:
    """The lines of each page, as a typewriter would set them."""
    rows: list[str] = []
    for line in _lines(text):
        is_paragraph = len(line) > _CHARACTERS_A_LINE
        words = f"\u3000\u3000{line}" if is_paragraph else line
        rows += [words[at : at + _CHARACTERS_A_LINE] for at in range(0, len(words), _CHARACTERS_A_LINE)]
    return [rows[at : at + _LINES_A_PAGE] for at in range(0, len(rows), _LINES_A_PAGE)]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _words(words: str, x: int, y: int) -> str:
    return f"BT /F 12 Tf {x} {y} Td <{words.encode('utf-16-be').hex()}> Tj ET"


def _stream(content: str) -> bytes:
    packed = zlib.compress(content.encode())
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(packed), packed)


def _file(objects: list[bytes]) -> bytes:
    out, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    entries = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(offsets) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\n" % (size, entries, size)
    return out + table + b"startxref\n%d\n%%%%EOF\n" % len(out)


FORMATS = {"html": as_html, "docx": as_docx, "pdf": as_pdf}

if __name__ == "__main__":
    main(Path(sys.argv[1]))
