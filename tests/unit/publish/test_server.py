"""What `fazhi serve` gives away, and what not."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assets.publish.server import LOOPBACK, loopback_server
from contracts.errors import ReleaseError
from pipelines.cli import exit_code


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "index.html").write_text("<!doctype html><title>releases</title>")
    (tmp_path / ".lock").write_text("")
    (tmp_path / "2026.11.0").mkdir()
    (tmp_path / "2026.11.0" / "app.js").write_text("1;")
    with loopback_server(tmp_path, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()


def ask(port: int, path: str, host: str | None = None, method: str = "GET") -> tuple[int, dict[str, str]]:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=10)
    connection.request(method, path, headers={"Host": host or f"{LOOPBACK}:{port}"})
    answer = connection.getresponse()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}


def test_files_are_given_with_their_type(port: int) -> None:
    assert ask(port, "/")[0] == 200
    status, headers = ask(port, "/2026.11.0/app.js")
    assert (status, headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/2026.11.0/", "/.lock", "/%2elock", "/../../etc/passwd", "/none"])
def test_nothing_else_is_given(port: int, path: str) -> None:
    assert ask(port, path)[0] == 404


def test_a_page_of_another_host_gets_nothing(port: int) -> None:
    assert ask(port, "/", host="example.org")[0] == 404
    assert ask(port, "/", host=f"localhost:{port}")[0] == 200


def test_nothing_can_be_written(port: int) -> None:
    assert ask(port, "/index.html", method="PUT")[0] == 501


def test_a_folder_without_releases_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ReleaseError, match="fazhi run"):
        loopback_server(tmp_path, 0)
    assert exit_code(["serve", str(tmp_path)]) == 1
    assert "no index.html in it" in " ".join(capfd.readouterr().err.split())
