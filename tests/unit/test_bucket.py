"""A bucket: creating never replaces, swapping replaces only what was seen, and every failure is one clear line."""

from __future__ import annotations

import http.server
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.errors import InputError, WarehouseError
from pipelines.buckets import is_bucket, open_bucket
from warehouse.bucket import Bucket


@pytest.fixture
def bucket(bucket_address: str) -> Bucket:
    return Bucket(bucket_address)


@pytest.fixture
def answers(request: pytest.FixtureRequest, bucket_keys: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:  # noqa: ARG001
    """A server that gives the parametrised status to everything."""

    class Answers(http.server.BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(request.param)
            self.send_header("ETag", '"same"')
            self.send_header("Last-Modified", "Mon, 23 Nov 2026 01:00:00 GMT")
            removed = (
                b"<DeleteResult><Deleted><Key>probe</Key></Deleted></DeleteResult>" if self.command == "POST" else b""
            )
            self.send_header("Content-Length", str(len(removed)))
            self.end_headers()
            self.wfile.write(removed)

        do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = _answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        yield "s3://a-bucket"
        server.shutdown()
        thread.join()


def test_creating_never_replaces(bucket: Bucket, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"first")
    assert bucket.create("a/b", tmp_path / "file")
    assert not bucket.create("a/b", b"second")
    held = bucket.read("a/b")
    assert held is not None
    assert held.content == b"first"
    assert bucket.keeps_conditions("probe")
    assert bucket.paths() == {"a/b"}


def test_a_browser_is_told_what_a_page_is(bucket: Bucket) -> None:
    bucket.create("index.html", b"<p>")
    attributes = bucket._store.get("index.html").attributes
    assert attributes["Content-Type"] == "text/html; charset=utf-8"


def test_swapping_replaces_only_what_was_seen(bucket: Bucket) -> None:
    assert bucket.swap("latest", None, b"1")
    assert not bucket.swap("latest", None, b"2")
    assert not bucket.swap("latest", b"0", b"2")
    assert bucket.swap("latest", b"1", b"2")
    assert not bucket.swap("gone", b"1", b"2")
    bucket.remove("latest")
    bucket.remove("latest")
    assert bucket.read("latest") is None
    assert bucket.paths("a") == frozenset()


def test_a_writer_between_seeing_and_swapping_wins(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket.create("latest", b"1")
    seen = bucket.read("latest")
    other = Bucket(bucket.name)
    assert other.swap("latest", b"1", b"2")
    monkeypatch.setattr(bucket, "read", lambda _: seen)
    assert not bucket.swap("latest", b"1", b"3")


@pytest.mark.parametrize("answers", [200], indirect=True)
def test_a_bucket_that_always_says_yes_is_seen_through(answers: str) -> None:
    assert not Bucket(answers).keeps_conditions("probe")


@pytest.mark.parametrize("answers", [403], indirect=True)
def test_refused_keys_are_said(answers: str) -> None:
    with pytest.raises(InputError, match=r"s3://a-bucket: the bucket refuses these credentials. Set AWS_ACCESS_KEY_ID"):
        Bucket(answers).read("x")


@pytest.mark.parametrize("answers", [400], indirect=True)
def test_a_server_that_is_no_bucket_is_said_in_one_line(answers: str) -> None:
    with pytest.raises(WarehouseError, match=r"^s3://a-bucket: the bucket does not answer as it should for x .*safe$"):
        Bucket(answers).create("x", b"1")


def test_a_network_that_is_gone_is_said(bucket_keys: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setattr("warehouse.bucket._RETRIES", 0)
    with pytest.raises(WarehouseError, match="Look at the connection"):
        Bucket("s3://a-bucket").read("x")


def test_a_bucket_that_is_not_there_is_said(bucket: Bucket) -> None:
    missing = Bucket("s3://no-such-bucket")
    for attempt in (lambda: missing.read("x"), lambda: missing.create("x", b"1"), missing.paths):
        with pytest.raises(InputError, match="there is no such bucket"):
            attempt()
    assert bucket.read("x") is None


@pytest.mark.parametrize("address", ["s3://", "http://example.org", "s3://key@bucket", "s3://bucket?x=1", "bucket"])
@pytest.mark.usefixtures("bucket_keys")
def test_what_names_no_bucket_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="this names no bucket"):
        Bucket(address)
    assert is_bucket(address) == address.startswith("s3:")


@pytest.mark.usefixtures("bucket_keys")
def test_keys_are_not_sent_in_the_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://example.org")
    with pytest.raises(InputError, match="plain http would send the keys"):
        Bucket("s3://bucket")


def test_missing_keys_and_a_missing_library_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with pytest.raises(InputError, match="AWS_ACCESS_KEY_ID not set"):
        Bucket("s3://bucket")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    assert open_bucket("s3://bucket").name == "s3://bucket"
    monkeypatch.setitem(sys.modules, "warehouse.bucket", None)
    with pytest.raises(InputError, match="needs the extra s3"):
        open_bucket("s3://bucket")
