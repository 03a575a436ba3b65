"""Every kind of damage to a release is found, and the finding says where."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assets.publish.sums import write_sums
from assets.publish.verify import verify_release
from contracts.errors import ReleaseError

from .conftest import edit_json, put, reseal, rewrite


class Damage(NamedTuple):
    name: str
    do: Callable[[Path], object]
    check: str
    where: str


def _replace(folder: Path, path: str, old: str, new: str) -> None:
    text = (folder / path).read_bytes().decode()
    assert old in text
    (folder / path).write_bytes(text.replace(old, new, 1).encode())


def _resealed(change: Callable[[Path], object]) -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        change(folder)
        reseal(folder)

    return do


def _rows(name: str, change: Callable[[pa.Table], pa.Table]) -> Callable[[Path], None]:
    return lambda folder: rewrite(folder, name, change)


def _observation(folder: Path) -> dict[str, object]:
    return dict(pq.read_table(folder / "parquet/observations.parquet").to_pylist()[0])


def _manifest(change: Callable[[dict[str, object]], object]) -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        edit_json(folder / "release.json", change)
        write_sums(folder)

    return do


def _of_an_older_schema(folder: Path) -> None:
    """Turn it into a release of another schema version, which only its own description and the proofs judge."""
    edit_json(folder / "release.json", lambda data: data.update(schema_version="0.9.0"))
    reseal(folder)


def _older_with_wrong_evidence(folder: Path) -> None:
    _of_an_older_schema(folder)
    rewrite(folder, "observations", put("evidence", "并无此句"))


def _without_a_column(folder: Path) -> None:
    def drop(data: dict[str, object]) -> None:
        resource = next(resource for resource in data["resources"] if resource["name"] == "divisions")
        resource["schema"]["fields"] = [field for field in resource["schema"]["fields"] if field["name"] != "type"]

    edit_json(folder / "datapackage.json", drop)
    rewrite(folder, "divisions", lambda rows: rows.drop_columns("type"))


def _retyped(folder: Path) -> None:
    path = folder / "parquet/divisions.parquet"
    rows = pq.read_table(path)
    place = rows.schema.get_field_index("first_year")
    pq.write_table(rows.set_column(place, "first_year", rows["first_year"].cast(pa.string())), path)
    reseal(folder)


def _csv(old: str, new: str) -> Callable[[Path], None]:
    return lambda folder: _replace(folder, "data/county_year.csv", old, new)


def _append_bytes(path: str, content: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / path).write_bytes((folder / path).read_bytes() + content)


OBSERVATIONS = "data/observations.csv"

DAMAGES = (
    # the files are not the ones that were released
    Damage("missing file", lambda f: (f / "data/divisions.csv").unlink(), "missing_file", "data/divisions.csv"),
    Damage("missing readme", lambda f: (f / "README.md").unlink(), "missing_file", "README.md"),
    Damage("missing manifest", lambda f: (f / "release.json").unlink(), "missing_file", "release.json"),
    Damage("extra file", lambda f: (f / "data/more.csv").write_text("a\n"), "extra_file", "data/more.csv"),
    Damage("changed digit", _csv(",51,", ",52,"), "csv_is_parquet", "row 1 (division_id=CN-990101"),
    Damage("changed file", _append_bytes("README.md", b" "), "checksum", "README.md"),
    Damage("changed parquet", _append_bytes("parquet/texts.parquet", b"x"), "checksum", "parquet/texts.parquet"),
    Damage("truncated csv", lambda f: (f / OBSERVATIONS).write_bytes((f / OBSERVATIONS).read_bytes()[:-40]), "checksum", OBSERVATIONS),
    Damage("empty csv", lambda f: (f / OBSERVATIONS).write_bytes(b""), "csv", OBSERVATIONS),
    Damage(
        "link for a file",
        lambda f: (shutil.move(f / "LICENSE", f.parent / "L"), (f / "LICENSE").symlink_to(f.parent / "L")),
        "no_plain_file",
        "LICENSE",
    ),
    Damage("broken sums", _append_bytes("SHA256SUMS", b"nonsense\n"), "sums", "is not a hash"),
    Damage("sums that lead out", _append_bytes("SHA256SUMS", b"0" * 64 + b"  ../x\n"), "sums", "leads out of the release"),
    Damage("sums list a file twice", _append_bytes("SHA256SUMS", b"0" * 64 + b"  LICENSE\n"), "sums", "lists LICENSE again"),
    Damage("empty sums", lambda f: (f / "SHA256SUMS").write_text(""), "sums", "lists no file"),
    # they do not say the same thing in all places; the sums agree
    Damage("other folder", _manifest(lambda d: d.update(version="2026.11.7")), "version", "2026.11.7"),
    Damage("wrong count", _manifest(lambda d: d["counts"].update(documents=9)), "counts", "counts 9 documents"),
    Damage("wrong rows", _manifest(lambda d: d["tables"][0].update(rows=9)), "counts", "observations has 9 rows"),
    Damage("wrong licence", _manifest(lambda d: d["licence"].update(spdx="CC0-1.0")), "statements", "/licenses/0/name"),
    Damage("wrong content hash", _manifest(lambda d: d.update(content_sha256="0" * 64)), "content", "release.json"),
    Damage("table missing in manifest", _manifest(lambda d: d["tables"].pop()), "statements", "codelists"),
    Damage("manifest of another shape", _manifest(lambda d: d.pop("tables")), "shape", "release.json"),
    Damage("manifest of another format", _manifest(lambda d: d.update(format="x/2")), "shape", "its format is x/2"),
    Damage("package no JSON", lambda f: (f / "datapackage.json").write_text("{"), "shape", "datapackage.json"),
    Damage(
        "package with a query for a name",
        lambda f: edit_json(f / "datapackage.json", lambda d: d["resources"][0].update(name="a; DROP")),
        "shape",
        "cannot be the name",
    ),
    Damage("croissant with another hash", lambda f: (edit_json(f / "croissant.json", lambda d: d["distribution"][0].update(sha256="0")), write_sums(f)), "statements", "/distribution/0/sha256"),
    Damage("citation of another version", lambda f: (_replace(f, "CITATION.cff", "2026.11.0", "2026.11.1"), write_sums(f)), "statements", "CITATION.cff"),
    Damage("readme of another version", lambda f: (_replace(f, "README.zh.md", "**2026", "**2025"), write_sums(f)), "statements", "README.zh.md"),
    # the two files of a table differ in rows or in form
    Damage("digit, all sealed", _resealed(_csv(",51,", ",52,")), "csv_is_parquet", "column value: expected '51', found '52'"),
    Damage("decimal point", _resealed(_csv(",51,", ",51.0,")), "csv_is_parquet", "expected '51', found '51.0'"),
    Damage("zero for null", _resealed(lambda f: _replace(f, "data/texts.csv", ",layout", ",")), "csv_is_parquet", "found empty"),
    Damage("byte-order mark", _resealed(lambda f: _replace(f, OBSERVATIONS, "obs", "\ufeffobs")), "canonical", "from byte 0 on"),
    Damage("carriage returns", _resealed(lambda f: _replace(f, "data/divisions.csv", "\n", "\r\n")), "canonical", "data/divisions.csv"),
    Damage("needless quotes", _resealed(lambda f: _replace(f, OBSERVATIONS, ",year,", ',"year",')), "canonical", OBSERVATIONS),
    Damage("missing row", _resealed(lambda f: _replace(f, "data/divisions.csv", _second_line(f, "data/divisions.csv"), "")), "csv_is_parquet", "is missing"),
    Damage("renamed column", _resealed(lambda f: _replace(f, OBSERVATIONS, "qualifier", "qualifyer")), "schema", OBSERVATIONS),
    Damage("unsorted rows", _rows("indicators", lambda t: t.take([1, 0])), "canonical", "not sorted by indicator_id"),
    Damage("missing column", _without_a_column, "schema", "divisions has the columns"),
    Damage("column of another type", _retyped, "schema", "parquet/divisions.parquet"),
    # the rows break a rule; both files and all sums agree
    Damage("evidence not in the text", _rows("observations", put("evidence", "并无此句")), "observations.evidence_is_the_text", OBSERVATIONS),
    Damage("offset shifted", _rows("observations", lambda t: put("char_start", t["char_start"][0].as_py() - 1)(t)), "observations.evidence_is_the_text", "row 1"),
    Damage("numeral outside", _rows("observations", put("value_end", 10**6)), "observations.numeral_within_evidence", OBSERVATIONS),
    Damage("text changed", _rows("texts", lambda t: put("text", t["text"][0].as_py() + "。")(t)), "texts.hash_is_of_the_text", "data/texts.csv"),
    Damage("same key twice", _rows("divisions", lambda t: pa.concat_tables([t, t])), "key", "parquet/divisions.parquet, row 2"),
    Damage("dangling reference", _rows("observations", put("indicator_id", "nobody")), "observations.indicator_id.reference", "found 'nobody'"),
    Damage("null in a required column", _rows("documents", put("title", None)), "required", "data/documents.csv"),
    Damage("unknown code", _rows("observations", put("scope", "everybody")), "observations.scope.codelist", "column scope"),
    Damage("below the minimum", _rows("documents", put("report_year", 1800)), "documents.report_year.minimum", "column report_year"),
    Damage("malformed id", _rows("divisions", put("division_id", "411725")), "divisions.division_id.pattern", "found '411725'"),
    Damage("value without status", _rows("county_year", put("value", None)), "county_year.value_or_reason", "data/county_year.csv"),
    Damage("coverage overstated", _rows("coverage", put("observations", 9)), "derived", "column observations: expected '2', found '9'"),
    Damage("another value in the wide table", _rows("county_year_wide", put("received", 9.0)), "derived", "column received: expected '51', found '9'"),
    Damage("older schema, wrong evidence", _older_with_wrong_evidence, "observations.evidence_is_the_text", OBSERVATIONS),
)  # fmt: skip


def _second_line(folder: Path, path: str) -> str:
    return (folder / path).read_text().splitlines(keepends=True)[1]


def test_an_undamaged_copy_has_no_findings(folder: Path) -> None:
    verification = verify_release(folder)
    assert verification.findings == ()
    listed = (folder / "SHA256SUMS").read_text().count("\n")
    assert (verification.version, verification.files, verification.rows) == ("2026.11.0", listed, 14)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_damage_is_found_and_placed(damage: Damage, folder: Path) -> None:
    damage.do(folder)
    findings = verify_release(folder).findings
    assert any(finding.check == damage.check and damage.where in str(finding) for finding in findings), findings


def test_a_release_of_an_older_schema_is_judged_by_its_own_description(folder: Path) -> None:
    _of_an_older_schema(folder)
    _without_a_column(folder)
    assert verify_release(folder).findings == ()


def test_many_findings_of_one_kind_are_counted(folder: Path) -> None:
    rewrite(folder, "codelists", lambda rows: _many(rows, 50))
    findings = [str(finding) for finding in verify_release(folder).findings]
    assert sum("codelists.codelist.pattern" in line for line in findings) == 21
    assert any("and 30 more" in line for line in findings)


def _many(rows: pa.Table, n: int) -> pa.Table:
    row = rows.to_pylist()[0]
    return pa.Table.from_pylist([{**row, "codelist": "No", "code": f"{i:03d}"} for i in range(n)], schema=rows.schema)


def test_what_is_no_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="no SHA256SUMS"):
        verify_release(tmp_path)


def test_a_finding_reads_as_one_line_with_the_place_first(folder: Path) -> None:
    _csv(",51,", ",52,")(folder)
    line = next(str(finding) for finding in verify_release(folder).findings if finding.row)
    assert line.startswith("data/county_year.csv, row 1 (division_id=CN-990101, report_year=2022, ")
    assert line.endswith("column value: expected '51', found '52' [csv_is_parquet]")
    assert json.dumps(line)
