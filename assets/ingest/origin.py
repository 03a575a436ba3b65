"""Origin records beside input files.

Belongs here: finding and reading them. Not here: what a record may say (`contracts.origin`) and where it is kept (`raw`).
"""

import json
import os
import tomllib
from pathlib import Path

from assets.ingest.refusals import OriginRecordError
from contracts.origin import Origin, OriginError

SIDECAR_SUFFIXES = (".origin.toml", ".origin.json")
"""`report.txt` may have `report.txt.origin.toml` or `report.txt.origin.json` beside it."""


def read_sidecar(input_file: Path) -> Origin | None:
    """The origin record beside `input_file`, None when there is none.

    Raises:
        OriginRecordError: when it is there and cannot be used, or when there are two.
    """
    present = [Path(path) for path in _sidecars(input_file)]
    if len(present) > 1:
        raise OriginRecordError(
            f"{present[0].name} and {present[1].name} both describe it", culprit=input_file.name, remedy="Keep one"
        )
    return read_record(present[0]) if present else None


def has_sidecar(input_file: Path) -> bool:
    """Whether an origin record stands beside `input_file`."""
    return bool(_sidecars(input_file))


def is_sidecar(path: Path) -> bool:
    """Whether `path` is named as an origin record."""
    return path.name.endswith(SIDECAR_SUFFIXES)


def read_record(path: Path) -> Origin:
    """The origin record in the TOML or JSON file `path`.

    Raises:
        OriginRecordError: when it cannot be read, parsed or used.
    """
    try:
        text = path.read_text(encoding="utf-8")
        values = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise OriginRecordError(
            f"cannot be read as an origin record ({error})",
            culprit=path.name,
            remedy="Write it as UTF-8 TOML or JSON with the fields of docs/origin-records.md",
        ) from error
    try:
        return Origin.from_mapping(values, culprit=path.name)
    except OriginError as error:
        raise OriginRecordError(error.message, culprit=error.culprit, remedy=error.remedy) from error


def _sidecars(input_file: Path) -> list[str]:
    """The origin records that stand beside `input_file`; asked of every file in every run, so by name and not by `Path`."""
    named = (f"{input_file}{suffix}" for suffix in SIDECAR_SUFFIXES)
    return [path for path in named if os.path.isfile(path)]  # noqa: PTH113
