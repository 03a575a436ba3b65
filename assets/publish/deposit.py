"""Deposit a verified release in a repository such as Zenodo: a draft with all metadata, published only when told to.

Here belongs the order of the steps, each of which may be repeated: a second call goes on with the draft of the first.
Not here: how the repository is spoken to (``invenio``).
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from assets.publish.canonical import read_spelled
from assets.publish.invenio import Repository
from assets.publish.staging import read_manifest
from assets.publish.sums import file_paths
from assets.publish.verify import verify_release
from contracts.errors import ReleaseError
from contracts.release import (
    AUTHOR,
    DESCRIPTION_EN,
    DESCRIPTION_ZH,
    KEYWORDS,
    SIGNATURE,
    SUMS,
    TITLE_ZH,
    Manifest,
    csv_path,
)

_LOOSE = ("README.md", "README.zh.md", SUMS, SIGNATURE)
"""Files that also lie beside the archive, where the repository shows them; a repository knows no folders."""
_MOST_RELATED = 100
"""A page of the repository that names more sources one by one shows nothing else; the release lists them anyway."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Deposit(NamedTuple):
    """What a repository holds now: the draft or record, its page, and how many files were put just now."""

    record_id: str
    page: str
    is_published: bool
    uploaded: int


def deposit_release(
    folder: Path, repository: Repository, *, publish: bool, progress: Callable[[str], None] = lambda _: None
) -> Deposit:
    """Deposit the release in ``folder`` as a draft, and ``publish`` it where that is asked for; return what is there.

    A release of the same title that is published there already gets a new version, so that one DOI stands for all.

    Raises:
        InputError: the token is refused.
        ReleaseError: the release does not verify or this version is published there already, the repository refuses a
            part of it or keeps other bytes than it was sent, the connection fails. A draft stays as it is then.
    """
    findings = verify_release(folder).findings
    if findings:
        raise ReleaseError(
            f"it does not verify: {findings[0]}", culprit=str(folder), remedy="Publish a release that verifies"
        )
    manifest = read_manifest(folder)
    record = _record(manifest, _sources(folder))
    draft = _draft(repository, manifest, record)
    repository.describe(draft, record)
    uploaded = 0
    with tempfile.TemporaryDirectory() as scratch:
        files = _files(folder, manifest, Path(scratch))
        there = {file.key: file for file in repository.files(draft)}
        for key in sorted(there.keys() - files.keys()):
            repository.remove(draft, key)
        for key, path in files.items():
            checksum = f"md5:{_md5(path)}"
            known = there.get(key)
            if known and known.is_whole and known.checksum == checksum:
                continue
            if known:
                repository.remove(draft, key)
            progress(key)
            if repository.upload(draft, key, path)[1:] != (checksum, True):
                raise ReleaseError(
                    f"{key} did not come in whole", culprit=repository.name, remedy="Publish again: it is sent anew"
                )
            uploaded += 1
    if publish:
        repository.publish(draft)
    page = f"{repository.name}/records/{draft}" if publish else f"{repository.name}/uploads/{draft}"
    return Deposit(draft, page, publish, uploaded)


def _draft(repository: Repository, manifest: Manifest, record: dict[str, Any]) -> str:
    """Return the id of the draft for this version: the one begun, one of a new version, or a new one."""
    ours = [each for each in repository.records() if each.get("metadata", {}).get("title") == manifest.title]
    same = [each for each in ours if each["metadata"].get("version") == manifest.version]
    for each in same:
        if each["is_published"]:
            raise ReleaseError(
                f"release {manifest.version} is published there already, as {each['id']}",
                culprit=repository.name,
                remedy="A published release never changes; publish a later one",
            )
    if same:
        return str(same[0]["id"])
    published = [each for each in ours if each["is_published"]]
    return repository.create_version(str(published[0]["id"])) if published else repository.create(record)


def _sources(folder: Path) -> list[str]:
    """Return the web addresses that the reports of a release were read from."""
    origins = read_spelled(folder / csv_path("source_documents"), ["origin"])["origin"].drop_null().unique().to_pylist()
    return sorted(origin for origin in origins if urlsplit(origin).scheme in {"http", "https"})


def _record(manifest: Manifest, sources: list[str]) -> dict[str, Any]:
    """Return the metadata of a release in the words of InvenioRDM (its metadata reference, DataCite 4)."""
    listed = f"<p>{csv_path('source_documents')} lists what it was read from.</p>"
    related = [
        {
            "identifier": address,
            "scheme": "url",
            "relation_type": {"id": "isderivedfrom"},
            "resource_type": {"id": "publication-report"},
        }
        for address in sources
    ]
    return {
        "access": {"record": "public", "files": "public"},
        "files": {"enabled": True},
        "metadata": {
            "resource_type": {"id": "dataset"},
            "title": manifest.title,
            "additional_titles": [
                {"title": TITLE_ZH, "type": {"id": "translated-title"}, "lang": {"id": "zho"}},
            ],
            "creators": [{"person_or_org": {"type": "organizational", "name": AUTHOR}}],
            "publisher": AUTHOR,
            "publication_date": manifest.as_of,
            "version": manifest.version,
            "description": f"<p>{DESCRIPTION_EN}</p><p>{DESCRIPTION_ZH}</p>{listed}",
            "subjects": [{"subject": word} for word in KEYWORDS],
            "languages": [{"id": "zho"}, {"id": "eng"}],
            "rights": [{"id": manifest.licence.spdx.lower()}],
            "related_identifiers": related if len(related) <= _MOST_RELATED else [],
        },
    }


def _files(folder: Path, manifest: Manifest, scratch: Path) -> dict[str, Path]:
    """Return the files of the deposit by name: the whole release as an archive of the same bytes every time, and a few."""
    name = f"{manifest.name}-{manifest.version}"
    archive = scratch / f"{name}.zip"
    loose = {path: folder / path for path in _LOOSE if (folder / path).is_file()}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for path in sorted({*file_paths(folder), *loose}):
            entry = zipfile.ZipInfo(f"{name}/{path}", _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with (folder / path).open("rb") as content, target.open(entry, "w", force_zip64=True) as stream:
                shutil.copyfileobj(content, stream)
    return {archive.name: archive, **loose}


def _md5(path: Path) -> str:
    """Return the checksum that the repository keeps; the SHA-256 sums of the release lie beside it."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
