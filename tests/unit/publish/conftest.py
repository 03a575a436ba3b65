"""One release of the sample tables, built once; every test gets a copy of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assets.publish import deposit, publication
from assets.publish.build import Inputs, build_release
from assets.publish.canonical import write_csv, write_parquet
from assets.publish.croissant import croissant
from assets.publish.datapackage import datapackage, described_tables
from assets.publish.excel import write_excel
from assets.publish.staging import read_manifest
from assets.publish.sums import content_sha256, file_record, write_sums
from assets.publish.verify import Verification, verify_release
from contracts.release import dump_json

from .world import sample_inputs, two_releases


@pytest.fixture
def inputs() -> Inputs:
    return sample_inputs()


@pytest.fixture(scope="session")
def _built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_release(sample_inputs(), tmp_path_factory.mktemp("releases")).path


@pytest.fixture
def folder(_built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(_built, tmp_path / "releases" / _built.name))


@pytest.fixture
def releases(_built: Path, tmp_path: Path) -> Path:
    """A folder of releases that holds that one."""
    return Path(shutil.copytree(_built.parent, tmp_path / "releases"))


@pytest.fixture(scope="session")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two releases, one after the other, which nobody may touch."""
    return two_releases(tmp_path_factory.mktemp("home"))


@pytest.fixture
def proven_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Publishing proves a release each time; a test that publishes an untouched one over and over need not."""
    for module in (publication, deposit):
        monkeypatch.setattr(module, "verify_release", _proven)


@cache
def _proven(folder: Path) -> Verification:
    return verify_release(folder)


def reseal(folder: Path) -> None:
    """Make manifest, data package and sums of a damaged release agree again, so that only its rows are wrong."""
    manifest = read_manifest(folder)
    described = described_tables((folder / "datapackage.json").read_text(), culprit="")
    records = tuple(
        replace(
            record,
            rows=pq.read_metadata(folder / record.parquet.path).num_rows,
            columns=pq.read_metadata(folder / record.parquet.path).num_columns,
            csv=file_record(folder, record.csv.path),
            parquet=file_record(folder, record.parquet.path),
        )
        for record in manifest.tables
    )
    files = (*(record.csv for record in records), file_record(folder, "quality/report.json"))
    stated = (manifest.schema_version, manifest.method_version, manifest.catalogue_version)
    manifest = replace(manifest, tables=records, content_sha256=content_sha256(files, stated))
    (folder / "release.json").write_text(manifest.to_json())
    (folder / "datapackage.json").write_text(dump_json(datapackage(manifest, described)))
    (folder / "croissant.json").write_text(dump_json(croissant(manifest, described)))
    write_sums(folder)


def rewrite(folder: Path, name: str, change: Callable[[pa.Table], pa.Table]) -> None:
    """Change the rows of a table in both of its files and seal the release again."""
    table = described_tables((folder / "datapackage.json").read_text(), culprit="")[name]
    rows = change(pq.read_table(folder / f"parquet/{name}.parquet"))
    write_csv(rows, table, folder / f"data/{name}.csv")
    write_parquet([rows], table, folder / f"parquet/{name}.parquet")
    write_excel(folder / f"parquet/{name}.parquet", table, folder)
    reseal(folder)


def put(column: str, value: object, row: int = 0) -> Callable[[pa.Table], pa.Table]:
    """Return the change that puts one value into one row."""

    def change(rows: pa.Table) -> pa.Table:
        place = rows.schema.get_field_index(column)
        values = rows[column].to_pylist()
        values[row] = value
        return rows.set_column(place, rows.schema.field(place), pa.array(values, rows.schema.field(place).type))

    return change


def edit_json(path: Path, change: Callable[[dict[str, object]], object]) -> None:
    data = json.loads(path.read_text())
    change(data)
    path.write_text(dump_json(data))
