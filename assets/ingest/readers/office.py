"""DOC, WPS and RTF: turned into DOCX by LibreOffice, where it is installed, and read as that.

Belongs here: running LibreOffice in a profile of its own, without macros and links, within a time limit. Not here: reading DOCX.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from assets.ingest.readers import docx
from assets.ingest.readers.base import Reading
from assets.ingest.refusals import DamagedFileError, EncryptedFileError, MissingToolError

SECONDS = 120
"""A report takes well under one second once LibreOffice has started; what takes so long will not end."""


def read(data: bytes, name: str) -> Reading:
    """The paragraphs and tables of a document.

    Raises:
        EncryptedFileError: when it asks for a password.
        MissingToolError: when LibreOffice is not installed.
        DamagedFileError: when LibreOffice makes nothing of it, or does not come to an end.
        RefusalError: whatever reading the DOCX refuses.
    """
    if _ENCRYPTED in data:
        raise EncryptedFileError("asks for a password", culprit=name, remedy="Save it without a password")
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise MissingToolError(
            "needs LibreOffice to be read", culprit=name, remedy="Install LibreOffice Writer, or save the file as DOCX"
        )
    with tempfile.TemporaryDirectory(prefix="fazhi-office-") as folder:
        return docx.read(_converted(program, data, Path(folder), name), name)


_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


def _converted(program: str, data: bytes, folder: Path, name: str) -> bytes:
    """The DOCX that LibreOffice makes of `data`; nothing outside `folder` is written."""
    source, made = folder / "document", folder / "out" / "document.docx"
    source.write_bytes(data)
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS, encoding="utf-8")
    command = [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--convert-to", "docx:MS Word 2007 XML"),
        *("--outdir", str(made.parent), str(source)),
    ]
    process = subprocess.Popen(  # noqa: S603 - the program is LibreOffice, the arguments are our own
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, "HOME": str(folder)},
    )
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired as error:
        raise DamagedFileError(
            f"keeps LibreOffice busy for more than {SECONDS} seconds", culprit=name, remedy="Save it as DOCX by hand"
        ) from error
    finally:
        _end(process)
    if not made.is_file():
        raise DamagedFileError(
            "is no document that LibreOffice can open", culprit=name, remedy="Save it as DOCX by hand, or give its text"
        )
    return made.read_bytes()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends LibreOffice with all that it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
