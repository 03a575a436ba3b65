"""``SHA256SUMS``: the hash of every other file of a release, in the format of ``sha256sum``.

Here belong writing it, reading it and hashing a file. Not here: what is concluded from a difference.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path, PurePosixPath

from contracts.errors import ReleaseError
from contracts.release import SIGNATURE, SUMS, FileRecord

_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


def file_record(folder: Path, path: str) -> FileRecord:
    """Return size and hash of the file at ``path`` within ``folder``."""
    with (folder / path).open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
        return FileRecord(path, stream.tell(), digest.hexdigest())


def file_paths(folder: Path) -> list[str]:
    """Return the paths of all files that the sums must list, sorted: every file but the sums and their signature."""
    paths = (
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()
    )
    return sorted(path for path in paths if path not in {SUMS, SIGNATURE})


def write_sums(folder: Path) -> None:
    """Write ``SHA256SUMS`` for all files of the folder."""
    lines = (f"{file_record(folder, path).sha256}  {path}\n" for path in file_paths(folder))
    (folder / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def read_sums(text: str, *, culprit: str) -> dict[str, str]:
    """Return hash by path; raises ReleaseError at a line of another form, a path that leads out, or one listed twice."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise _broken(f"line {number} is not a hash, two blanks and a path", culprit)
        digest, path = match.groups()
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts or "\\" in path:
            raise _broken(f"line {number} leads out of the release: {path}", culprit)
        if path in found:
            raise _broken(f"line {number} lists {path} again", culprit)
        found[path] = digest
    if not found:
        raise _broken("it lists no file", culprit)
    return found


def content_sha256(files: tuple[FileRecord, ...], stated: tuple[str, str, str]) -> str:
    """Return one hash over the hashes of ``files`` and the versions of schema, method and catalogue."""
    lines = [*(f"{record.sha256}  {record.path}" for record in files), *stated]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _broken(message: str, culprit: str) -> ReleaseError:
    return ReleaseError(message, culprit=culprit, remedy="Fetch the release again")
