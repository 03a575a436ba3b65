"""DOC, WPS and RTF through LibreOffice: where it is missing, where it fails, and where it is installed."""

import io
import os
import shutil
import subprocess
import time
import zipfile
from pathlib import Path

import pytest

from assets.ingest.readers import format_of, office, read_bytes
from assets.ingest.refusals import DamagedFileError, EncryptedFileError, MissingToolError, UnknownFormatError

from .waiting import waited

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DOC = OLE + bytes(100) + "WordDocument".encode("utf-16-le")
SENTENCE = "县政府收到行政复议申请51件。"
RTF = b"{\\rtf1\\ansi " + "".join(f"\\u{ord(character)}?" for character in SENTENCE).encode() + b"\\par}"


def docx_of(words: str) -> bytes:
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{main}"><w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:body></w:document>',
        )
    return buffer.getvalue()


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program called soffice, before any other on the path; tests write what it does."""
    program = tmp_path / "bin" / "soffice"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    return program


@pytest.mark.parametrize("data", [DOC, RTF])
def test_documents_are_told_by_their_bytes(data: bytes) -> None:
    assert format_of(data, "a").media_type == "application/msword"


def test_other_compound_files_are_unknown() -> None:
    with pytest.raises(UnknownFormatError):
        read_bytes(OLE + bytes(100) + "Workbook".encode("utf-16-le"), "a.xls")


def test_a_locked_document_asks_for_a_copy_without_password() -> None:
    with pytest.raises(EncryptedFileError):
        read_bytes(OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx")


def test_without_libreoffice_the_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingToolError, match="Install LibreOffice Writer"):
        read_bytes(RTF, "a.rtf")


def test_what_it_makes_is_read_as_docx_and_no_file_is_left(stand_in: Path, tmp_path: Path) -> None:
    made = tmp_path / "made.docx"
    made.write_bytes(docx_of(SENTENCE))
    seen = tmp_path / "seen"
    stand_in.write_text(
        f'#!/bin/sh\nwhile [ "$1" != --outdir ]; do shift; done\nmkdir -p "$2"; cp {made} "$2/document.docx"; echo "$3" > {seen}\n',
        encoding="utf-8",
    )
    assert read_bytes(DOC, "a.doc").text == f"{SENTENCE}\n"
    assert not Path(seen.read_text(encoding="utf-8").strip()).exists()


def test_a_document_that_it_cannot_open_is_damaged(stand_in: Path) -> None:
    assert stand_in.is_file()
    with pytest.raises(DamagedFileError, match="LibreOffice can open"):
        read_bytes(DOC, "a.doc")


def test_a_conversion_without_end_is_ended_with_all_that_it_started(
    stand_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = tmp_path / "child"
    stand_in.write_text(f"#!/bin/sh\nsleep 300 & echo $! > {child}; wait\n", encoding="utf-8")
    monkeypatch.setattr(office, "SECONDS", 1)
    began = time.monotonic()
    with pytest.raises(DamagedFileError, match="more than 1 seconds"):
        read_bytes(DOC, "a.doc")
    assert time.monotonic() - began < 30
    status = Path(f"/proc/{child.read_text(encoding='utf-8').strip()}/status")
    waited(lambda: not _runs(status), seconds=30)  # a killed process is gone when the machine next gives it a moment


def _runs(status: Path) -> bool:
    try:
        return "zombie" not in status.read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_the_real_program_reads_rtf_and_doc(tmp_path: Path) -> None:
    assert read_bytes(RTF, "a.rtf").text.strip() == SENTENCE
    source = tmp_path / "a.rtf"
    source.write_bytes(RTF)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "doc:MS Word 97",
        "--outdir",
        str(tmp_path),
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert read_bytes((tmp_path / "a.doc").read_bytes(), "a.doc").text.strip() == SENTENCE
