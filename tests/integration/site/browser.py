"""A browser for tests: Debian's Chromium without a window, driven over its own DevTools protocol.

It keeps every request, every error on the console and every exception of the page, so that a test can say there was
none.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

WAIT_SECONDS = 30

_AXE = files("axe_playwright_python").joinpath("axe.min.js")
_STANDS = f"""new Promise((resolve, reject) => {{
  const look = () => document.body.dataset.ready === location.hash && resolve();
  new MutationObserver(look).observe(document.body, {{ attributeFilter: ["data-ready"] }});
  setTimeout(() => reject(new Error(`${{location.hash}} does not stand`)), {WAIT_SECONDS * 1000});
  look();
}})"""


def installed() -> str | None:
    """The path of Chromium; where it is missing and we may, it is installed from Debian first."""
    found = shutil.which("chromium")
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update"], check=False, capture_output=True)
        command = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium", "fonts-noto-cjk"]
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(command, check=False, capture_output=True, env=environment)
        found = shutil.which("chromium")
    return found


class Page:
    """One tab."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._session: str | None = None
        self.requests: list[str] = []
        self.errors: list[str] = []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        session = {"sessionId": self._session} if self._session else {}
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters, **session}))
        while True:
            message = json.loads(self._socket.recv(timeout=WAIT_SECONDS))
            if message.get("id") == number:
                assert "error" not in message, f"{method}: {message['error']}"
                return dict(message["result"])
            self._note(message)

    def _note(self, message: dict[str, Any]) -> None:
        parameters = message.get("params", {})
        match message.get("method"):
            case "Network.requestWillBeSent":
                self.requests.append(parameters["request"]["url"])
            case "Runtime.exceptionThrown":
                self.errors.append(json.dumps(parameters["exceptionDetails"], ensure_ascii=False)[:500])
            case "Runtime.consoleAPICalled" if parameters["type"] in {"error", "warning"}:
                self.errors.append(json.dumps(parameters["args"], ensure_ascii=False)[:500])
            case "Log.entryAdded" if parameters["entry"]["level"] in {"error", "warning"}:
                self.errors.append(f"{parameters['entry']['text']} {parameters['entry'].get('url', '')}")

    def run(self, script: str) -> Any:
        """What the expression is in the page; a promise is waited for."""
        answer = self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def open(self, address: str) -> None:
        """Load the page anew at that address and wait until it stands."""
        self.send("Page.navigate", url="about:blank")
        self.send("Page.navigate", url=address)
        self.wait("document.body?.dataset.ready === location.hash")

    def go(self, fragment: str) -> None:
        """Go to another address of the same page and wait until it stands."""
        self.run(f"location.hash = {json.dumps(fragment)}; {_STANDS}")

    def visit(self, fragments: list[str], look: str) -> list[Any]:
        """Go to one address after the other and return what ``look``, a function, finds at each."""
        return list(
            self.run(
                f"""(async () => {{
                  const found = [];
                  for (const fragment of {json.dumps(fragments)}) {{
                    location.hash = fragment;
                    await {_STANDS};
                    found.push(await ({look})());
                  }}
                  return found;
                }})()"""
            )
        )

    def press(self, key: str, code: int) -> None:
        """Press a key and let it go; ``code`` is its virtual key code."""
        for kind in ("rawKeyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    def wait(self, condition: str) -> None:
        until = time.monotonic() + WAIT_SECONDS
        while not self.run(condition):
            assert time.monotonic() < until, f"not within {WAIT_SECONDS} s: {condition}; {self.errors}"
            time.sleep(0.02)

    def barriers(self, *, colours: bool = True) -> list[str]:
        """What axe finds in the way of a reader, whatever its impact; ``colours`` may be left out."""
        if not self.run("'axe' in window"):
            self.run(f"{_AXE.read_text(encoding='utf-8')}; 0")
        rules = json.dumps({} if colours else {"color-contrast": {"enabled": False}})
        return list(
            self.run(
                f"axe.run(document, {{rules: {rules}, preload: false, resultTypes: ['violations']}}).then((found) =>"
                " found.violations.map((rule) => `${rule.impact} ${rule.id}: ${rule.nodes[0].html}`))"
            )
        )

    def text(self, selector: str = "main") -> str:
        return str(self.run(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''"))

    def resize(self, width: int, height: int, *, dark: bool = False) -> None:
        self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = "dark" if dark else "light"
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def picture(self, path: Path) -> None:
        path.write_bytes(b64decode(self.send("Page.captureScreenshot", format="png")["data"]))


@contextmanager
def browser(chromium: str, profile: Path) -> Iterator[Page]:
    command = [
        chromium,
        "--headless=new",
        "--remote-debugging-port=0",
        f"--user-data-dir={profile}",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--lang=zh-CN",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
        "about:blank",
    ]
    log = profile / "chromium.log"
    with log.open("w") as said, subprocess.Popen(command, stdout=said, stderr=said) as process:
        try:
            with connect(_address(log), max_size=None, open_timeout=WAIT_SECONDS) as socket:
                yield Page(socket)
        finally:
            process.terminate()
            process.wait(timeout=WAIT_SECONDS)


def _address(log: Path) -> str:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        found = re.search(r"DevTools listening on (ws://\S+)", log.read_text(errors="replace"))
        if found:
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"Chromium does not start: {log.read_text(errors='replace')[-500:]}")
