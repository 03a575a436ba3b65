"""What tests of several folders share: buckets of an S3-compatible server on loopback, and patience with slow machines."""

from __future__ import annotations

import itertools
import logging
import urllib.request
from collections.abc import Iterator

import hypothesis
import pytest
from moto.server import ThreadedMotoServer

hypothesis.settings.register_profile("patient", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("patient")

_names = itertools.count(1)


@pytest.fixture(scope="session")
def bucket_server() -> Iterator[str]:
    """An S3-compatible server in a thread of its own."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that say nothing: the server on loopback takes any."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


@pytest.fixture
def bucket_address(bucket_server: str, bucket_keys: None, monkeypatch: pytest.MonkeyPatch) -> str:  # noqa: ARG001
    """The address of a folder in an empty bucket of that server."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", bucket_server)
    name = f"fazhi-{next(_names)}"
    with urllib.request.urlopen(urllib.request.Request(f"{bucket_server}/{name}", method="PUT")) as answer:  # noqa: S310
        answer.read()
    return f"s3://{name}/open/data"
