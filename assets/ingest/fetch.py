"""Fetching an address: politely, within bounds, and never from where it should not be.

Belongs here: one address to bytes over http(s). Not here: what becomes of the bytes (`addresses`, `raw`).

Polite: robots.txt is heeded, one request at a time a host with a pause between, conditional requests, retries that wait longer each time.
Safe: http(s) only, TLS certificates are checked, a redirect is judged like an address of its own, no private address unless its host
is allowed by name (and the address that was judged is the one connected to), limits on bytes, time, redirects and attempts.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

from assets.ingest.readers import MAX_BYTES
from assets.ingest.refusals import ForbiddenAddressError, TooLargeError, UnreachableFileError

USER_AGENT = "fazhi (reads published government reports)"


class Policy(NamedTuple):
    """What a fetch may do."""

    allowed_hosts: frozenset[str] = frozenset()
    """Hosts that may be at a private or local address."""
    max_bytes: int = MAX_BYTES
    seconds: float = 120
    """For one address with all its redirects; waiting between attempts comes on top."""
    stall_seconds: float = 20
    pause_seconds: float = 1
    """Between two requests to one host; more where its robots.txt asks for more."""
    redirects: int = 5
    attempts: int = 3
    longest_wait: float = 30
    """The longest that is waited before an attempt, whatever a host asks for."""


class Fetched(NamedTuple):
    """What an address answered."""

    data: bytes | None
    """None: not changed since the fetch that `etag` or `last_modified` are of."""
    etag: str | None
    last_modified: str | None


class Fetcher:
    """Fetches one address after the other; knows when it last asked each host, and what its robots.txt says."""

    def __init__(self, policy: Policy, *, sleep: Callable[[float], None] = time.sleep) -> None:
        """Keeps to `policy`; `sleep` waits (tests need not)."""
        self._policy = policy
        self._sleep = sleep
        self._asked: dict[str, float] = {}
        self._robots: dict[str, RobotFileParser] = {}

    def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """The bytes at `url`, or the word that they are still those of the last fetch.

        Raises:
            ForbiddenAddressError: for an address that may not be fetched, by its form, its place or robots.txt.
            UnreachableFileError: when it is gone, closed, or does not answer in whole within the limits.
            TooLargeError: past `max_bytes`.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        for attempt in range(1, self._policy.attempts + 1):
            is_last = attempt == self._policy.attempts
            try:
                answer = self._followed(url, headers)
            except (OSError, http.client.HTTPException) as error:
                if is_last or isinstance(error, ssl.SSLCertVerificationError):
                    raise _unreachable(url, f"does not answer ({_reason(error)})") from error
                wait = 2.0**attempt
            else:
                if answer.status not in _TRY_AGAIN:
                    return _fetched(url, answer, is_conditional=bool(headers))
                if is_last:
                    raise _unreachable(url, f"answers with status {answer.status}")
                wait = _asked_for(answer) or 2.0**attempt
            self._sleep(min(wait, self._policy.longest_wait))
        raise AssertionError("the last attempt returns or raises")

    def _followed(self, url: str, headers: Mapping[str, str]) -> "_Answer":
        """The answer at the end of the redirects."""
        deadline = time.monotonic() + self._policy.seconds
        here = _checked(url)
        for _ in range(self._policy.redirects + 1):
            robots = self._robots_of(here, deadline)
            if not robots.can_fetch(USER_AGENT, urlunsplit(here)):
                raise ForbiddenAddressError(
                    "robots.txt asks not to fetch it", culprit=url, remedy="Save the page by hand"
                )
            self._pause(here, robots)
            answer = self._ask(here, headers, deadline, self._policy.max_bytes)
            if answer.status not in _REDIRECTS:
                return answer
            here = _next_hop(here, answer, url)
        raise _unreachable(url, f"redirects more than {self._policy.redirects} times")

    def _robots_of(self, where: SplitResult, deadline: float) -> RobotFileParser:
        """What the host lets be fetched (RFC 9309): everything without a robots.txt, nothing where it may not be read."""
        site = f"{where.scheme}://{where.netloc}"
        if site not in self._robots:
            robots = RobotFileParser()
            hop = _checked(f"{site}/robots.txt")
            answer = self._ask(hop, {}, deadline, _MAX_ROBOTS)
            for _ in range(self._policy.redirects):
                if answer.status not in _REDIRECTS:
                    break
                hop = _next_hop(hop, answer, urlunsplit(hop))
                answer = self._ask(hop, {}, deadline, _MAX_ROBOTS)
            if answer.status in _TRY_AGAIN:
                raise http.client.HTTPException(f"robots.txt: status {answer.status}")
            if answer.status in _CLOSED:
                robots.parse(["User-agent: *", "Disallow: /"])
            else:
                said = answer.data if answer.status == http.HTTPStatus.OK else b""
                robots.parse(said.decode("utf-8", errors="replace").splitlines())
            self._robots[site] = robots
        return self._robots[site]

    def _pause(self, where: SplitResult, robots: RobotFileParser) -> None:
        wanted = max(self._policy.pause_seconds, float(robots.crawl_delay(USER_AGENT) or 0))
        since = time.monotonic() - self._asked.get(where.netloc, -wanted)
        if since < wanted:
            self._sleep(min(wanted - since, self._policy.longest_wait))

    def _ask(self, where: SplitResult, headers: Mapping[str, str], deadline: float, max_bytes: int) -> "_Answer":
        """One request; its socket is shut at the deadline, so that no server holds on to it by trickling."""
        connection = _Connection(where, self._address_of(where), self._policy.stall_seconds)
        watch = threading.Timer(max(deadline - time.monotonic(), 0), connection.shut)
        watch.daemon = True
        watch.start()
        try:
            target = urlunsplit(("", "", where.path or "/", where.query, ""))
            sent = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity", "Accept": "*/*", **headers}
            connection.request("GET", target, headers=sent)
            response = connection.getresponse()
            data = _body(response, urlunsplit(where), max_bytes)
            if time.monotonic() > deadline:
                raise TimeoutError(f"more than {self._policy.seconds:g} seconds")
            return _Answer(response.status, response.headers, data)
        finally:
            watch.cancel()
            connection.close()
            self._asked[where.netloc] = time.monotonic()

    def _address_of(self, where: SplitResult) -> str:
        """The address of the host; refused when any of its addresses is not public and the host is not allowed."""
        host = where.hostname or ""
        found = socket.getaddrinfo(host, _port(where), type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
        if host not in self._policy.allowed_hosts and not all(map(_is_public, addresses)):
            raise ForbiddenAddressError(
                "is at a private or local address",
                culprit=urlunsplit(where),
                remedy=f"Allow the host by name if that is meant: --allow-host {host}",
            )
        return addresses[0]


class _Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    data: bytes


_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_CLOSED = frozenset({401, 403})
_MAX_ROBOTS = 512 * 1024
_CHUNK = 64 * 1024
_PATH_SAFE = "/%:@!$&'()*+,;=~-._"
_PORTS = {"http": 80, "https": 443}


class _Connection(http.client.HTTPConnection):
    """A connection to the address that was judged, with TLS for the name that was asked for."""

    def __init__(self, where: SplitResult, address: str, timeout: float) -> None:
        self.default_port = _PORTS[where.scheme]
        super().__init__(where.hostname or "", _port(where), timeout=timeout)
        self._address = address
        self._tls = ssl.create_default_context() if where.scheme == "https" else None
        self._plain: socket.socket | None = None

    def connect(self) -> None:
        self._plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._plain if self._tls is None else self._tls.wrap_socket(self._plain, server_hostname=self.host)

    def shut(self) -> None:
        """Ends whatever is being waited for."""
        for open_socket in (self._plain, self.sock):
            if open_socket is not None:
                try:
                    open_socket.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue


def _checked(url: str) -> SplitResult:
    """The parts of an address of the web, percent-encoded where it must be."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        _ = parts.port
    except (ValueError, UnicodeError) as error:
        raise _forbidden(url, "is no address") from error
    if parts.scheme not in _PORTS or not host:
        raise _forbidden(url, "is no http(s) address")
    if parts.username is not None or parts.password is not None:
        raise _forbidden(url, "carries a user name or password")
    named = f"[{host}]" if ":" in host else host
    netloc = named if parts.port in {None, _PORTS[parts.scheme]} else f"{named}:{parts.port}"
    path, query = quote(parts.path, safe=_PATH_SAFE), quote(parts.query, safe=_PATH_SAFE + "?")
    return SplitResult(parts.scheme, netloc, path, query, "")


def _next_hop(here: SplitResult, answer: _Answer, url: str) -> SplitResult:
    location = answer.headers.get("Location")
    if not location:
        raise _unreachable(url, "redirects to nowhere")
    there = _checked(urljoin(urlunsplit(here), location))
    if (here.scheme, there.scheme) == ("https", "http"):
        raise _forbidden(url, f"redirects from https to {urlunsplit(there)}")
    return there


def _body(response: http.client.HTTPResponse, url: str, max_bytes: int) -> bytes:
    """The whole body, never more than `max_bytes` of it."""
    if (response.length or 0) > max_bytes:
        raise _too_large(url, max_bytes)
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise http.client.HTTPException("it is compressed, which was not asked for")
    chunks: list[bytes] = []
    size = 0
    while chunk := response.read1(_CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        if size > max_bytes:
            raise _too_large(url, max_bytes)
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)
    return b"".join(chunks)


def _fetched(url: str, answer: _Answer, *, is_conditional: bool) -> Fetched:
    etag, last_modified = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
    if answer.status == http.HTTPStatus.NOT_MODIFIED and is_conditional:
        return Fetched(None, etag, last_modified)
    if answer.status == http.HTTPStatus.OK:
        return Fetched(answer.data, etag, last_modified)
    raise _unreachable(url, f"answers with status {answer.status}")


def _asked_for(answer: _Answer) -> float | None:
    """How long the host asks to wait, where it says so in seconds."""
    value = answer.headers.get("Retry-After", "")
    return float(value) if value.isascii() and value.isdigit() else None


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address.split("%", 1)[0])
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    place = mapped or parsed
    return place.is_global and not place.is_multicast


def _port(where: SplitResult) -> int:
    return where.port or _PORTS[where.scheme]


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _forbidden(url: str, message: str) -> ForbiddenAddressError:
    return ForbiddenAddressError(message, culprit=url, remedy="Give an address as https://host/page")


def _unreachable(url: str, message: str) -> UnreachableFileError:
    return UnreachableFileError(message, culprit=url, remedy="Look whether the page has moved, or try again later")


def _too_large(url: str, max_bytes: int) -> TooLargeError:
    return TooLargeError(f"has more than {max_bytes:,} bytes", culprit=url, remedy="Fetch and split it by hand")
