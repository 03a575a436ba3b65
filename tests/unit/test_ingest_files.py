"""Files and folders into the raw store: stored once, each with its origin, and nothing stops the others."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assets.ingest import files, readers
from assets.ingest.files import Outcome, count_inputs, ingest
from assets.ingest.raw import RawStore
from assets.ingest.rows import read_batch, refused_rows, without_duplicates
from contracts.errors import WarehouseError
from contracts.origin import Origin

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
REPORT = "样例县人民政府关于2022年度法治政府建设工作情况的报告\n收到行政复议申请51件。\n"


@pytest.fixture
def store(tmp_path: Path) -> RawStore:
    return RawStore(tmp_path / "home" / "raw")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def take(store: RawStore, *inputs: Path, now: datetime = NOW, settled: Origin | None = None) -> dict[str, Outcome]:
    return {outcome.path: outcome for outcome in ingest(inputs, store, now=now, settled=settled)}


def test_a_file_is_stored_by_its_hash_with_an_origin_record_beside_it(inbox: Path, store: RawStore) -> None:
    (inbox / "2022").mkdir()
    (inbox / "2022" / "a.txt").write_text(REPORT, encoding="utf-8")
    outcome = take(store, inbox)["2022/a.txt"]
    assert outcome.is_new
    assert outcome.sha256 is not None
    assert store.read(outcome.sha256) == REPORT.encode()
    assert store.origin(outcome.sha256) == Origin(path="2022/a.txt", retrieved_at="2026-11-22T08:00:00Z")


def test_the_same_bytes_are_stored_once_and_said_to_be_known(inbox: Path, store: RawStore) -> None:
    (inbox / "a.txt").write_text(REPORT, encoding="utf-8")
    (inbox / "b.txt").write_text(REPORT, encoding="utf-8")
    outcomes = take(store, inbox)
    assert [outcomes["a.txt"].is_new, outcomes["b.txt"].is_new] == [True, False]
    assert len(list(store.hashes())) == 1
    record = store.origin(outcomes["a.txt"].sha256 or "")
    take(store, inbox, now=NOW + timedelta(days=9))
    assert store.origin(outcomes["a.txt"].sha256 or "") == record


def age(*paths: Path) -> None:
    """Make the files look as if they had lain there for a while."""
    for path in paths:
        os.utime(path, ns=(1, 1))


def test_a_file_that_looks_as_it_did_is_not_read_again(
    inbox: Path, store: RawStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inbox / "a.txt").write_text(REPORT, encoding="utf-8")
    (inbox / "new.txt").write_text("刚到", encoding="utf-8")
    age(inbox / "a.txt")
    first = take(store, inbox)
    read: list[str] = []
    monkeypatch.setattr(files, "load", lambda path: read.append(path.name) or path.read_bytes())
    again = take(store, inbox)
    assert read == ["new.txt"]
    assert again["a.txt"] == first["a.txt"]._replace(is_new=False)


@pytest.mark.parametrize("change", ["content", "record", "store", "memory"])
def test_whatever_may_have_changed_is_read(inbox: Path, store: RawStore, change: str) -> None:
    path = inbox / "a.txt"
    path.write_text(REPORT, encoding="utf-8")
    age(path)
    sha256 = take(store, inbox)["a.txt"].sha256 or ""
    match change:
        case "content":
            path.write_text(REPORT.replace("51", "52"), encoding="utf-8")
            assert take(store, inbox)["a.txt"].sha256 not in {sha256, None}
        case "record":
            (inbox / "a.txt.origin.toml").write_text('publisher = "样例县人民政府"\n')
            take(store, inbox)
            assert store.origin(sha256).publisher == "样例县人民政府"
        case "store":
            (store.root / sha256[:2] / sha256).unlink()
            assert take(store, inbox)["a.txt"].is_new
        case _:
            (store.root / "seen.json").write_text("[")
            assert not take(store, inbox)["a.txt"].is_new


def test_a_file_that_a_power_cut_emptied_is_stored_again(inbox: Path, store: RawStore) -> None:
    (inbox / "a.txt").write_text(REPORT, encoding="utf-8")
    sha256 = take(store, inbox)["a.txt"].sha256 or ""
    (store.root / sha256[:2] / sha256).write_bytes(b"")
    take(store, inbox)
    assert store.read(sha256) == REPORT.encode()


def test_a_record_beside_the_file_is_kept_and_a_later_one_settles(inbox: Path, store: RawStore) -> None:
    (inbox / "a.txt").write_text(REPORT, encoding="utf-8")
    (inbox / "a.txt.origin.toml").write_text('publisher = "样例县人民政府"\nretrieved_at = 2024-01-02T03:04:05Z\n')
    sha256 = take(store, inbox)["a.txt"].sha256 or ""
    assert store.origin(sha256).publisher == "样例县人民政府"
    assert store.origin(sha256).retrieved_at == "2024-01-02T03:04:05Z"
    (inbox / "a.txt.origin.toml").write_text('division = "CN-411725"\nretrieved_at = 2025-01-01T00:00:00Z\n')
    take(store, inbox)
    assert store.origin(sha256) == Origin(
        path="a.txt", publisher="样例县人民政府", division="CN-411725", retrieved_at="2024-01-02T03:04:05Z"
    )


def test_what_is_settled_for_all_gives_way_to_the_record_beside_a_file(inbox: Path, store: RawStore) -> None:
    (inbox / "a.txt").write_text(REPORT, encoding="utf-8")
    (inbox / "b.txt").write_text(REPORT + "b", encoding="utf-8")
    (inbox / "b.txt.origin.json").write_text(json.dumps({"division": "CN-411722"}))
    outcomes = take(store, inbox, settled=Origin(division="CN-411725"))
    assert store.origin(outcomes["a.txt"].sha256 or "").division == "CN-411725"
    assert store.origin(outcomes["b.txt"].sha256 or "").division == "CN-411722"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("publisher = ", "cannot be read as an origin record"),
        ('publicher = "x"', "unknown field 'publicher'"),
        ('division = "411725"', "not of the form CN-411725"),
        ("report_year = 22", "not between"),
        ('kind = "novel"', "not one of"),
        ("publisher = 7", "not str"),
    ],
)
def test_a_broken_record_keeps_its_file_out_and_says_why(inbox: Path, store: RawStore, content: str, said: str) -> None:
    (inbox / "a.txt").write_text(REPORT, encoding="utf-8")
    (inbox / "a.txt.origin.toml").write_text(content)
    (inbox / "b.txt").write_text(REPORT, encoding="utf-8")
    outcomes = take(store, inbox)
    assert said in str(outcomes["a.txt"].refusal)
    assert "a.txt.origin.toml" in str(outcomes["a.txt"].refusal)
    assert outcomes["b.txt"].is_new


def test_awkward_inputs_are_filed_and_stop_nobody_else(
    inbox: Path, store: RawStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inbox / "good.txt").write_text(REPORT, encoding="utf-8")
    (inbox / "big.txt").write_bytes(b"x" * 2000)
    (inbox / "dangling.txt").symlink_to(tmp_path / "nowhere")
    (inbox / "loop.txt").symlink_to(inbox / "loop.txt")
    (inbox / "loop").symlink_to(inbox, target_is_directory=True)
    (inbox / "orphan.txt.origin.toml").write_text("")
    os.mkfifo(inbox / "pipe")
    (inbox / ".hidden").write_text("x")
    monkeypatch.setattr(readers, "MAX_BYTES", 1000)
    given = [inbox, tmp_path / "absent.txt"]
    outcomes = take(store, *given)
    refused = {path: outcome.refusal.rule for path, outcome in outcomes.items() if outcome.refusal}
    assert refused == {
        "big.txt": "ingest.too_large",
        "dangling.txt": "ingest.unreachable",
        "loop.txt": "ingest.unreachable",
        "loop": "ingest.unreachable",
        "orphan.txt.origin.toml": "ingest.origin_record",
        "pipe": "ingest.unreachable",
        "absent.txt": "ingest.unreachable",
    }
    assert outcomes["good.txt"].is_new
    assert count_inputs(given) == len(outcomes)
    assert len({row["row_hash"] for row in refused_rows(outcomes.values())}) == len(refused)


def test_a_file_that_changes_while_it_is_read_is_filed(
    inbox: Path, store: RawStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = inbox / "a.txt"
    path.write_text(REPORT, encoding="utf-8")
    real = Path.open

    def open_late(self: Path, *args: str, **rest: str) -> object:
        if self == path:
            os.truncate(path, 3)
        return real(self, *args, **rest)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", open_late)
    assert "changed while it was read" in str(take(store, path)["a.txt"].refusal)


def test_a_file_that_vanishes_between_listing_and_reading_is_filed(
    inbox: Path, store: RawStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = inbox / "a.txt"
    path.write_text(REPORT, encoding="utf-8")
    (inbox / "b.txt").write_text(REPORT, encoding="utf-8")
    real = files.load

    def load(which: Path) -> bytes:
        path.unlink(missing_ok=True)
        return real(which)

    monkeypatch.setattr(files, "load", load)
    outcomes = take(store, inbox)
    assert "No such file" in str(outcomes["a.txt"].refusal)
    assert outcomes["b.txt"].is_new


def test_no_name_leads_out_of_the_store(inbox: Path, store: RawStore) -> None:
    (inbox / "a").mkdir()
    (inbox / "secret.txt").write_text(REPORT, encoding="utf-8")
    outcomes = take(store, inbox / "a" / ".." / "secret.txt")
    assert list(outcomes) == ["secret.txt"]
    odd = os.fsencode(inbox) + b"/\xff\xfe.txt"
    Path(os.fsdecode(odd)).write_text(REPORT + "2", encoding="utf-8")
    assert "\\xff\\xfe.txt" in take(store, inbox)


def test_a_full_disk_leaves_no_half_file(inbox: Path, store: RawStore, monkeypatch: pytest.MonkeyPatch) -> None:
    (inbox / "a.txt").write_text(REPORT, encoding="utf-8")
    real = Path.write_bytes

    def write_bytes(self: Path, data: bytes) -> int:
        real(self, data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", write_bytes)
    with pytest.raises(WarehouseError, match="the disk is full"):
        take(store, inbox)
    monkeypatch.undo()
    assert list(store.hashes()) == []
    assert take(store, inbox)["a.txt"].is_new


def test_bytes_harmed_in_the_store_are_noticed_and_filed(inbox: Path, store: RawStore) -> None:
    (inbox / "a.txt").write_text(REPORT, encoding="utf-8")
    (inbox / "b.txt").write_text(REPORT + "b", encoding="utf-8")
    sha256 = take(store, inbox)["a.txt"].sha256 or ""
    (store.root / sha256[:2] / sha256).write_bytes(b"else")
    batch = read_batch(store.hashes(), store)
    assert len(batch.texts) == 1
    assert [row["rule"] for row in batch.rejected] == ["ingest.raw_store"]
    with pytest.raises(WarehouseError, match="no longer has the hash"):
        store.read(sha256)


def test_rows_of_good_bad_and_doubled_files(inbox: Path, store: RawStore) -> None:
    (inbox / "a.txt").write_bytes(REPORT.encode("utf-8"))
    (inbox / "b.txt").write_bytes(REPORT.encode("gb18030"))
    (inbox / "empty.txt").write_bytes(b"")
    (inbox / "blank.txt").write_bytes(b" \r\n")
    (inbox / "rubbish.bin").write_bytes(bytes(range(256)) * 9)
    take(store, inbox)
    batch = read_batch(store.hashes(), store)
    assert sorted(row["rule"] for row in batch.rejected) == ["ingest.empty", "ingest.empty", "ingest.unknown_format"]
    kept, doubled = without_duplicates(batch.texts)
    assert [row["text"] for row in kept] == [REPORT]
    assert kept[0]["document_sha256"] == min(row["document_sha256"] for row in batch.texts)
    assert [row["rule"] for row in doubled] == ["ingest.same_text"]
    media_types = {row["origin"]: row["media_type"] for row in batch.source_documents}
    assert media_types == {
        "a.txt": "text/plain",
        "b.txt": "text/plain",
        "blank.txt": "text/plain",
        "empty.txt": "application/octet-stream",
        "rubbish.bin": "application/octet-stream",
    }
