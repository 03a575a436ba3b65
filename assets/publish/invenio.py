"""A repository that speaks the REST API of InvenioRDM, as Zenodo does: drafts, their files, publishing one.

Here belongs one call a method, and how failures read. Not here: what is deposited in which order (``deposit``).
Source: InvenioRDM, REST API reference, "Drafts and records". Redirects are not followed, so that the token stays here.
"""

from __future__ import annotations

import http.client
import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import quote

from contracts.errors import InputError, ReleaseError

TOKEN = "FAZHI_DEPOSIT_TOKEN"  # noqa: S105 - the name of the variable, not its content
_SAFE = re.compile(r"https://[^/?#@]+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?")
_TIMEOUT_SECONDS = 300
_PAGE = 100


class File(NamedTuple):
    """A file of a draft: its name, its checksum (``md5:…``), and whether it has come in whole."""

    key: str
    checksum: str | None
    is_whole: bool


class Repository:
    """The records that one account may change in one repository."""

    def __init__(self, address: str, token: str | None) -> None:
        """Speak to the repository at ``address`` as the account of ``token``; nothing is asked yet.

        Raises InputError where the token is missing or would travel in the open.
        """
        if not _SAFE.fullmatch(address.rstrip("/")):
            raise InputError(
                "this is no address of a repository", culprit=address, remedy="Write https:// and the host, no path"
            )
        if not token:
            raise InputError(
                "a deposit needs the token of an account",
                culprit=address,
                remedy=f"Make one in the repository's settings and set {TOKEN}",
            )
        self.name = address.rstrip("/")
        self._token = token
        self._opener = urllib.request.build_opener(_StaysHere)

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield the account's records and drafts, newest first."""
        page, seen = 1, 0
        while True:
            found = self._json("GET", f"/api/user/records?sort=newest&size={_PAGE}&page={page}")["hits"]
            yield from found["hits"]
            page, seen = page + 1, seen + len(found["hits"])
            if not found["hits"] or seen >= found["total"]:
                return

    def create(self, record: dict[str, Any]) -> str:
        """Make a draft; return its id."""
        return str(self._json("POST", "/api/records", record)["id"])

    def create_version(self, record_id: str) -> str:
        """Make the draft of a new version of a published record, or find the one begun; return its id."""
        return str(self._json("POST", f"/api/records/{record_id}/versions")["id"])

    def describe(self, draft_id: str, record: dict[str, Any]) -> None:
        """Give a draft its metadata; raises ReleaseError where the repository does not take a part of it."""
        answer = self._json("PUT", f"/api/records/{draft_id}/draft", record)
        if answer.get("errors"):
            raise self._refused(str(answer["errors"]))

    def files(self, draft_id: str) -> list[File]:
        """Return the files of a draft."""
        entries = self._json("GET", f"/api/records/{draft_id}/draft/files")["entries"]
        return [File(each["key"], each.get("checksum"), each.get("status") == "completed") for each in entries]

    def upload(self, draft_id: str, key: str, path: Path) -> File:
        """Put a file into a draft and return it as the repository has it."""
        files = f"/api/records/{draft_id}/draft/files"
        self._json("POST", files, [{"key": key}])
        with path.open("rb") as content:
            self._call("PUT", f"{files}/{quote(key)}/content", content, path.stat().st_size, "application/octet-stream")
        done = self._json("POST", f"{files}/{quote(key)}/commit")
        return File(done["key"], done.get("checksum"), done.get("status") == "completed")

    def remove(self, draft_id: str, key: str) -> None:
        """Take a file out of a draft."""
        self._call("DELETE", f"/api/records/{draft_id}/draft/files/{quote(key)}", None, 0, "application/json")

    def publish(self, draft_id: str) -> None:
        """Publish a draft, which cannot be taken back."""
        self._json("POST", f"/api/records/{draft_id}/draft/actions/publish")

    def _json(self, method: str, path: str, body: Any = None) -> Any:
        content = None if body is None else json.dumps(body).encode()
        answer = self._call(method, path, content, len(content or b""), "application/json")
        try:
            return json.loads(answer)
        except ValueError as error:
            raise InputError(
                f"{path} answers with something else than JSON",
                culprit=self.name,
                remedy="Name a repository that runs InvenioRDM, such as zenodo",
            ) from error

    def _call(self, method: str, path: str, body: bytes | BinaryIO | None, size: int, kind: str) -> bytes:
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Accept": "application/json",
            "Content-Type": kind,
            "Content-Length": str(size),
        }
        request = urllib.request.Request(self.name + path, body, headers, method=method)  # noqa: S310 - see _SAFE
        try:
            with self._opener.open(request, timeout=_TIMEOUT_SECONDS) as answer:
                content: bytes = answer.read()
                return content
        except urllib.error.HTTPError as error:
            with error:
                said = error.read().decode("utf-8", "replace")[:300]
            if error.code in {http.client.UNAUTHORIZED, http.client.FORBIDDEN}:
                raise InputError(
                    f"it refuses the token ({error.code})",
                    culprit=self.name,
                    remedy=f"Set {TOKEN} to one that may write and publish deposits",
                ) from error
            raise self._refused(f"{error.code} {said}") from error
        except (OSError, http.client.HTTPException) as error:
            raise ReleaseError(
                f"the connection failed at {path} ({error})",
                culprit=self.name,
                remedy="Publish again: it goes on with the draft that it began",
            ) from error

    def _refused(self, answer: str) -> ReleaseError:
        return ReleaseError(
            f"it does not take this: {answer}", culprit=self.name, remedy="Publish again once that is mended"
        )


class _StaysHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None
