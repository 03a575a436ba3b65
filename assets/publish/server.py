"""Show releases in a browser of this machine: a static server on the loopback address.

Here belongs that server. It gives files and nothing else: no listing of folders, nothing that begins with a dot, no
answer to a page of another host that borrowed this address. Not here: the pages (``site``).
"""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from contracts.errors import ReleaseError
from contracts.release import INDEX_PAGE

LOOPBACK = "127.0.0.1"


def loopback_server(releases: Path, port: int) -> ThreadingHTTPServer:
    """Return a server of the folder ``releases``, bound and not yet serving; port 0 takes a free one.

    Raises:
        ReleaseError: there is no page of releases in the folder.
        OSError: the port is taken.
    """
    if not (releases / INDEX_PAGE).is_file():
        raise ReleaseError(
            f"there is no {INDEX_PAGE} in it", culprit=str(releases), remedy="Build a release first: fazhi run"
        )
    return ThreadingHTTPServer((LOOPBACK, port), partial(_Files, directory=str(releases)))


class _Files(SimpleHTTPRequestHandler):
    extensions_map = {  # noqa: RUF012 - as its base class declares it
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".csv": "text/csv; charset=utf-8",
        ".json": "application/json",
        ".md": "text/plain; charset=utf-8",
        "": "text/plain; charset=utf-8",
    }

    def send_head(self) -> Any:
        host = self.headers.get("Host", "").partition(":")[0]
        if host not in {LOOPBACK, "localhost"} or any(part.startswith(".") for part in unquote(self.path).split("/")):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()

    def list_directory(self, path: Any) -> None:  # noqa: ARG002 - every folder gets the same answer
        self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing: who looks at what is nobody's business."""
