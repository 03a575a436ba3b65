"""Depositing in a repository: a draft with all metadata; only an explicit yes publishes; repeating goes on with it."""

from __future__ import annotations

import hashlib
import http.server
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from assets.publish.deposit import _record, _sources, deposit_release
from assets.publish.invenio import Repository
from assets.publish.staging import read_manifest
from assets.publish.sums import file_paths
from contracts.errors import InputError, ReleaseError
from pipelines.cli import exit_code

pytestmark = pytest.mark.usefixtures("proven_once")

TOKEN = "a-token-that-nobody-may-see"  # noqa: S105


class Fake(http.server.ThreadingHTTPServer):
    """What the REST API reference of InvenioRDM says of drafts, their files, versions and publishing, on loopback.

    ``drops_at`` names a file whose upload loses the connection; ``alters`` one that is kept with another checksum.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.records: dict[str, dict[str, Any]] = {}
        self.contents: dict[tuple[str, str], bytes] = {}
        self.drops_at = self.alters = self.moves_to = ""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def begin(self, body: dict[str, Any], parent: str) -> dict[str, Any]:
        number = f"r{len(self.records) + 1}"
        self.records[number] = {
            **body,
            "id": number,
            "parent": {"id": parent or number},
            "is_published": False,
            "held": {},
        }
        return self.records[number]


class _Answers(http.server.BaseHTTPRequestHandler):
    server: Fake

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self) -> None:  # noqa: C901, PLR0912 - one branch an endpoint
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fake = self.server
        if fake.moves_to:
            self.send_response(302)
            self.send_header("Location", fake.moves_to)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self._say(403, {"message": "Permission denied."})
            return
        match [self.command, *unquote(urlsplit(self.path).path).strip("/").split("/")[1:]]:
            case ["GET", "user", "records"]:
                # One a page, so that the caller has to turn pages.
                page = int(self.path.rpartition("page=")[2])
                newest = list(reversed(fake.records.values()))
                self._say(200, {"hits": {"hits": newest[page - 1 : page], "total": len(newest)}})
            case ["POST", "records"]:
                self._say(201, fake.begin(json.loads(body), ""))
            case ["POST", "records", number, "versions"]:
                old = fake.records[number]
                self._say(201, fake.begin({"metadata": {"title": old["metadata"]["title"]}}, old["parent"]["id"]))
            case ["PUT", "records", number, "draft"]:
                fake.records[number].update(json.loads(body))
                wrong = [] if fake.records[number]["metadata"]["title"] else [{"field": "metadata.title"}]
                self._say(200, {**fake.records[number], "errors": wrong})
            case ["GET", "records", number, "draft", "files"]:
                self._say(200, {"entries": list(fake.records[number]["held"].values())})
            case ["POST", "records", number, "draft", "files"]:
                key = json.loads(body)[0]["key"]
                fake.records[number]["held"][key] = {"key": key, "status": "pending"}
                self._say(201, {"entries": []})
            case ["PUT", "records", number, "draft", "files", key, "content"]:
                if key == fake.drops_at:
                    self.close_connection = True
                    return
                fake.contents[number, key] = body
                self._say(200, {"key": key})
            case ["POST", "records", number, "draft", "files", key, "commit"]:
                content = fake.contents[number, key] + (b"?" if key == fake.alters else b"")
                checksum = f"md5:{hashlib.md5(content, usedforsecurity=False).hexdigest()}"
                entry = {"key": key, "status": "completed", "checksum": checksum}
                fake.records[number]["held"][key] = entry
                self._say(200, entry)
            case ["DELETE", "records", number, "draft", "files", key]:
                del fake.records[number]["held"][key]
                self._say(204, None)
            case ["POST", "records", number, "draft", "actions", "publish"]:
                fake.records[number]["is_published"] = True
                self._say(202, fake.records[number])
            case _:
                self._say(404, {"message": "Not found."})

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815

    def _say(self, code: int, body: Any) -> None:
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def fake() -> Iterator[Fake]:
    with Fake() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_draft_holds_all_metadata_and_the_whole_release(two: tuple[Path, Path], fake: Fake) -> None:
    done = deposit_release(two[0], Repository(fake.address, TOKEN), publish=False)
    assert (done.is_published, done.page) == (False, f"{fake.address}/uploads/r1")
    metadata = fake.records["r1"]["metadata"]
    assert (metadata["version"], metadata["publication_date"]) == ("2026.11.0", "2026-11-22")
    assert metadata["rights"] == [{"id": "cc-by-4.0"}]
    assert {"title", "creators", "description", "subjects", "languages", "resource_type"} <= metadata.keys()
    assert metadata["related_identifiers"] == []
    assert fake.records["r1"]["held"].keys() == {"fazhi-2026.11.0.zip", "README.md", "README.zh.md", "SHA256SUMS"}
    with zipfile.ZipFile(io.BytesIO(fake.contents["r1", "fazhi-2026.11.0.zip"])) as archive:
        for path in [*file_paths(two[0]), "SHA256SUMS"]:
            assert archive.read(f"fazhi-2026.11.0/{path}") == (two[0] / path).read_bytes()


def test_only_web_addresses_are_sources(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/source_documents.csv").write_text("id,origin\n1,https://b\n2,a.txt\n3,\n4,http://a\n5,http://a\n")
    assert _sources(tmp_path) == ["http://a", "https://b"]


def test_the_reports_that_it_was_read_from_are_related_unless_they_are_too_many(two: tuple[Path, Path]) -> None:
    manifest = read_manifest(two[0])
    addresses = [f"https://example.org/{n}" for n in range(101)]
    related = _record(manifest, addresses[:100])["metadata"]["related_identifiers"]
    assert related[0] == {
        "identifier": "https://example.org/0",
        "scheme": "url",
        "relation_type": {"id": "isderivedfrom"},
        "resource_type": {"id": "publication-report"},
    }
    assert len(related) == 100
    assert _record(manifest, addresses)["metadata"]["related_identifiers"] == []


def test_repeating_goes_on_with_the_draft_and_yes_publishes_it_once(two: tuple[Path, Path], fake: Fake) -> None:
    repository = Repository(fake.address, TOKEN)
    fake.drops_at = "README.zh.md"
    with pytest.raises(ReleaseError, match=r"the connection failed .*Publish again: it goes on with the draft"):
        deposit_release(two[0], repository, publish=True)
    assert not fake.records["r1"]["is_published"]
    fake.drops_at = ""
    fake.records["r1"]["held"]["old.txt"] = {"key": "old.txt", "status": "completed", "checksum": "md5:0"}
    done = deposit_release(two[0], repository, publish=True)
    assert (done.record_id, done.uploaded, done.page) == ("r1", 2, f"{fake.address}/records/r1")
    assert "old.txt" not in fake.records["r1"]["held"]
    assert fake.records["r1"]["is_published"]
    with pytest.raises(ReleaseError, match=r"release 2026.11.0 is published there already, as r1"):
        deposit_release(two[0], repository, publish=True)
    assert len(fake.records) == 1


def test_a_later_release_is_a_new_version_of_the_same_record(two: tuple[Path, Path], fake: Fake) -> None:
    repository = Repository(fake.address, TOKEN)
    deposit_release(two[0], repository, publish=True)
    assert deposit_release(two[1], repository, publish=False).record_id == "r2"
    assert fake.records["r2"]["parent"] == fake.records["r1"]["parent"]
    assert fake.records["r2"]["metadata"]["version"] == "2026.11.1"
    assert deposit_release(two[1], repository, publish=False).uploaded == 0


def test_a_file_that_came_in_otherwise_is_not_published(two: tuple[Path, Path], fake: Fake) -> None:
    fake.alters = "README.md"
    with pytest.raises(ReleaseError, match=r"README.md did not come in whole"):
        deposit_release(two[0], Repository(fake.address, TOKEN), publish=True)
    assert not fake.records["r1"]["is_published"]


def test_what_the_repository_refuses_is_one_line_without_the_token(two: tuple[Path, Path], fake: Fake) -> None:
    with pytest.raises(InputError, match=r"it refuses the token \(403\). Set FAZHI_DEPOSIT_TOKEN") as refused:
        deposit_release(two[0], Repository(fake.address, "wrong-token"), publish=True)
    assert "wrong-token" not in str(refused.value)
    with pytest.raises(InputError, match="needs the token of an account"):
        Repository(fake.address, None)
    for address in ("http://example.org", "https://example.org/path", "ftp://example.org", "https://me@example.org"):
        with pytest.raises(InputError, match="this is no address of a repository"):
            Repository(address, TOKEN)
    with pytest.raises(ReleaseError, match=r"it does not take this: .*metadata.title"):
        Repository(fake.address, TOKEN).describe(fake.begin({}, "")["id"], {"metadata": {"title": ""}})
    with pytest.raises(ReleaseError, match="it does not take this: 404"):
        Repository(fake.address, TOKEN)._json("GET", "/api/nothing")


def test_the_token_follows_no_redirect(fake: Fake) -> None:
    with Fake() as other:
        fake.moves_to = f"{other.address}/api/user/records?page=1"
        with pytest.raises(ReleaseError, match="302"):
            list(Repository(fake.address, TOKEN).records())


def test_the_command_makes_a_draft_and_says_how_to_go_on(
    two: tuple[Path, Path],
    fake: Fake,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("FAZHI_DEPOSIT_TOKEN", TOKEN)
    arguments = ["publish", f"invenio+{fake.address}", "--release", str(two[0])]
    assert exit_code(arguments) == 0
    said = capsys.readouterr()
    assert f"{fake.address}/uploads/r1: a draft, not published; 4 files put" in said.out
    assert "publish again with --yes" in said.err
    assert exit_code([*arguments, "--yes"]) == 0
    assert f"{fake.address}/records/r1: published; 0 files put" in capsys.readouterr().out
    assert exit_code(["publish", str(tmp_path / "site"), "--yes", "--release", str(two[0])]) == 1
    assert "--yes is for repositories" in capsys.readouterr().err
