"""Fetching from a real server on the loopback: polite, bounded, and never from where it should not be."""

import datetime as dt
import ssl
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from assets.ingest.addresses import ingest_addresses, is_address
from assets.ingest.fetch import USER_AGENT, Fetched, Fetcher
from assets.ingest.files import Outcome
from assets.ingest.raw import RawStore
from assets.ingest.refusals import ForbiddenAddressError, TooLargeError, UnreachableFileError
from assets.ingest.sources import Source
from contracts.origin import Origin

from .server import HERE, Site, answer, in_turn

NOW = dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)
REPORT = "确山县人民政府关于2022年度法治政府建设工作情况的报告\n收到行政复议申请51件。\n".encode()


@pytest.fixture
def waited() -> list[float]:
    return []


@pytest.fixture
def fetcher(waited: list[float]) -> Fetcher:
    return Fetcher(HERE, sleep=waited.append)


def test_a_page_comes_with_what_the_host_says_of_its_state(site: Site, fetcher: Fetcher) -> None:
    site.pages["/a%20%E5%8E%BF.html?x=1"] = answer(
        200, REPORT, ETag='"1"', Last_Modified="Mon, 30 Jan 2023 00:00:00 GMT"
    )
    fetched = fetcher.fetch(f"{site.url}/a 县.html?x=1#part")
    assert fetched == Fetched(REPORT, '"1"', "Mon, 30 Jan 2023 00:00:00 GMT")
    assert site.asked[-1][1]["User-Agent"] == USER_AGENT


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(site: Site, fetcher: Fetcher, status: int) -> None:
    site.pages |= {"/old": answer(status, Location="/new"), "/new": answer(200, REPORT)}
    assert fetcher.fetch(f"{site.url}/old").data == REPORT


def test_redirects_end_somewhere(site: Site, fetcher: Fetcher) -> None:
    site.pages |= {"/round": answer(302, Location="/round"), "/off": answer(302)}
    with pytest.raises(UnreachableFileError, match="more than 5 times"):
        fetcher.fetch(f"{site.url}/round")
    with pytest.raises(UnreachableFileError, match="to nowhere"):
        fetcher.fetch(f"{site.url}/off")


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/a", "http://localhost/a", "http://[::1]/a", "http://10.0.0.1/a"]
)
def test_a_redirect_is_judged_like_an_address_of_its_own(site: Site, fetcher: Fetcher, target: str) -> None:
    site.pages["/a"] = answer(302, Location=target)
    with pytest.raises(ForbiddenAddressError):
        fetcher.fetch(f"{site.url}/a")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/", "http://169.254.169.254/latest",
        "http://10.1.2.3/", "http://192.168.0.1/", "http://100.64.0.1/", "http://224.0.0.1/", "http://2130706433/",
        "ftp://192.0.2.1/", "file:///etc/passwd", "gopher://x/", "http:///a", "http://user:secret@127.0.0.1/",
        "http://127.0.0.1:99999/", "http://[::1/",
    ],
)  # fmt: skip
def test_what_is_not_public_or_not_of_the_web_is_not_asked_for(url: str) -> None:
    with pytest.raises(ForbiddenAddressError) as caught:
        Fetcher(HERE._replace(allowed_hosts=frozenset())).fetch(url)
    assert caught.value.culprit == url or url.startswith("http://")


def test_robots_txt_is_heeded_and_read_once(site: Site, fetcher: Fetcher) -> None:
    site.pages |= {
        "/robots.txt": answer(200, b"User-agent: *\nDisallow: /private\n"),
        "/open": answer(200, REPORT),
        "/private/a": answer(200, REPORT),
    }
    with pytest.raises(ForbiddenAddressError, match=r"robots\.txt asks not to"):
        fetcher.fetch(f"{site.url}/private/a")
    assert fetcher.fetch(f"{site.url}/open").data == REPORT
    assert [path for path, _ in site.asked] == ["/robots.txt", "/open"]


@pytest.mark.parametrize(("status", "is_open"), [(404, True), (403, False), (401, False)])
def test_without_a_readable_robots_txt(site: Site, fetcher: Fetcher, status: int, *, is_open: bool) -> None:
    site.pages |= {"/robots.txt": answer(status), "/a": answer(200, REPORT)}
    if is_open:
        assert fetcher.fetch(f"{site.url}/a").data == REPORT
    else:
        with pytest.raises(ForbiddenAddressError):
            fetcher.fetch(f"{site.url}/a")


def test_a_host_that_cannot_say_its_robots_txt_is_not_asked_further(site: Site, fetcher: Fetcher) -> None:
    site.pages |= {"/robots.txt": answer(500), "/a": answer(200, REPORT)}
    with pytest.raises(UnreachableFileError, match=r"robots\.txt: status 500"):
        fetcher.fetch(f"{site.url}/a")
    assert site.paths() == []


def test_requests_to_one_host_have_a_pause_between_them(site: Site, waited: list[float]) -> None:
    site.pages |= {"/robots.txt": answer(200, b"User-agent: *\nCrawl-delay: 7\n"), "/a": answer(200, REPORT)}
    polite = Fetcher(HERE._replace(pause_seconds=3), sleep=waited.append)
    polite.fetch(f"{site.url}/a")
    polite.fetch(f"{site.url}/a")
    assert len(waited) == 2
    assert all(6 < pause <= 7 for pause in waited)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_host_is_asked_again_later_each_time(
    site: Site, fetcher: Fetcher, waited: list[float], status: int
) -> None:
    site.pages["/a"] = in_turn(answer(status), answer(status, Retry_After="9"), answer(200, REPORT))
    assert fetcher.fetch(f"{site.url}/a").data == REPORT
    assert waited == [2.0, 9.0]


def test_patience_ends(site: Site, fetcher: Fetcher, waited: list[float]) -> None:
    site.pages["/a"] = answer(503, Retry_After="100000")
    with pytest.raises(UnreachableFileError, match="status 503"):
        fetcher.fetch(f"{site.url}/a")
    assert waited == [30, 30]
    assert site.paths() == ["/a"] * 3


@pytest.mark.parametrize("status", [403, 404, 410, 204, 304])
def test_what_is_closed_or_gone_is_not_asked_for_again(site: Site, fetcher: Fetcher, status: int) -> None:
    site.pages["/a"] = answer(status)
    with pytest.raises(UnreachableFileError, match=f"status {status}"):
        fetcher.fetch(f"{site.url}/a")
    assert site.paths() == ["/a"]


def test_a_body_cut_short_is_not_taken_for_the_whole(site: Site, fetcher: Fetcher) -> None:
    site.pages["/a"] = answer(200, REPORT, Content_Length=str(len(REPORT) + 10))
    with pytest.raises(UnreachableFileError, match="does not answer"):
        fetcher.fetch(f"{site.url}/a")


def test_large_bodies_are_refused_whether_they_say_so_or_not(site: Site) -> None:
    small = Fetcher(HERE._replace(max_bytes=1000), sleep=lambda _: None)

    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        for _ in range(100):
            request.wfile.write(b"x" * 1000)

    site.pages |= {"/said": answer(200, b"x" * 2000), "/unsaid": endless}
    for path in ("/said", "/unsaid"):
        with pytest.raises(TooLargeError, match="more than 1,000 bytes"):
            small.fetch(site.url + path)


def test_a_compressed_body_that_was_not_asked_for_is_refused(site: Site, fetcher: Fetcher) -> None:
    site.pages["/a"] = answer(200, b"\x1f\x8b", Content_Encoding="gzip")
    with pytest.raises(UnreachableFileError, match="compressed"):
        fetcher.fetch(f"{site.url}/a")


def test_a_host_that_stalls_or_trickles_is_left_in_time(site: Site) -> None:
    def stall(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        time.sleep(3)

    def trickle(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "100000")
        request.end_headers()
        for _ in range(100):
            request.wfile.write(b"x")
            request.wfile.flush()
            time.sleep(0.1)

    site.pages |= {"/stall": stall, "/trickle": trickle}
    hasty = Fetcher(HERE._replace(seconds=1, stall_seconds=0.5, attempts=1))
    for path in ("/stall", "/trickle"):
        began = time.monotonic()
        with pytest.raises(UnreachableFileError, match="does not answer"):
            hasty.fetch(site.url + path)
        assert time.monotonic() - began < 5


def test_a_certificate_that_nobody_vouches_for_is_refused(site: Site, fetcher: Fetcher, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_own_certificate(tmp_path))
    site.server.socket = context.wrap_socket(site.server.socket, server_side=True)
    with pytest.raises(UnreachableFileError, match="certificate"):
        fetcher.fetch(site.url.replace("http:", "https:"))


def _own_certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    lasting = (
        builder.serial_number(1)
        .not_valid_before(NOW - dt.timedelta(days=9000))
        .not_valid_after(NOW + dt.timedelta(days=9000))
    )
    certificate = lasting.sign(key, hashes.SHA256())
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "own.pem"
    path.write_bytes(plain + certificate.public_bytes(serialization.Encoding.PEM))
    return path


# Into the raw store -------------------------------------------------------------------------------------------


def take(
    store: RawStore, fetcher: Fetcher, *urls: str, now: dt.datetime = NOW, settled: Origin | None = None
) -> list[Outcome]:
    return list(ingest_addresses([Source(url, settled) for url in urls], store, fetcher, now=now))


def test_a_page_is_kept_with_its_address_and_asked_for_only_if_it_changed(
    site: Site, fetcher: Fetcher, tmp_path: Path
) -> None:
    store = RawStore(tmp_path / "raw")
    changed = REPORT + b"2"
    site.pages["/a"] = in_turn(answer(200, REPORT, ETag='"1"'), answer(304), answer(200, changed, ETag='"2"'))
    url = f"{site.url}/a"
    (first,) = take(store, fetcher, url)
    assert (first.path, first.is_new) == (url, True)
    assert store.origin(first.sha256 or "") == Origin(url=url, retrieved_at="2026-11-22T08:00:00Z", etag='"1"')
    (second,) = take(store, fetcher, url, now=NOW + dt.timedelta(days=1))
    assert (second.sha256, second.is_new) == (first.sha256, False)
    assert site.asked[-1][1]["If-None-Match"] == '"1"'
    (third,) = take(store, fetcher, url, now=NOW + dt.timedelta(days=2))
    assert third.is_new
    assert {store.read(sha256) for sha256 in store.hashes()} == {REPORT, changed}
    take(store, fetcher, url, now=NOW + dt.timedelta(days=3))
    assert site.asked[-1][1]["If-None-Match"] == '"2"'


def test_one_bad_address_stops_nobody_else(site: Site, fetcher: Fetcher, tmp_path: Path) -> None:
    store = RawStore(tmp_path / "raw")
    site.pages["/a"] = answer(200, REPORT)
    outcomes = take(store, fetcher, f"{site.url}/gone", "http://localhost/x", f"{site.url}/a")
    rules = [outcome.refusal.rule if outcome.refusal else None for outcome in outcomes]
    assert rules == ["ingest.unreachable", "ingest.forbidden_address", None]
    assert len(list(store.hashes())) == 1


def test_what_is_settled_by_hand_is_said_of_pages_too(site: Site, fetcher: Fetcher, tmp_path: Path) -> None:
    store = RawStore(tmp_path / "raw")
    site.pages["/a"] = in_turn(answer(200, REPORT, ETag='"1"'), answer(304))
    take(store, fetcher, f"{site.url}/a")
    (again,) = take(store, fetcher, f"{site.url}/a", settled=Origin(division="CN-411725"))
    assert store.origin(again.sha256 or "").division == "CN-411725"
    assert store.origin(again.sha256 or "").etag == '"1"'


def test_addresses_are_told_from_paths() -> None:
    assert is_address("https://example.org/a")
    assert is_address("FILE:///etc/passwd")
    assert not is_address("reports/2022")
    assert not is_address("C:/reports")
