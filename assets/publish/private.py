"""Private people in a release: the tables with names masked, the list of the masks, and the proof that none was missed.

Here belongs what masking means for the tables of a release. Not here: how a name is told in a text (``masking``). The
warehouse keeps every text as it was read; what is released is made from the tables below and nothing else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assets.publish.canonical import read_spelled
from assets.publish.derive import LazyTables, Tables, columns_of, released_sources, released_texts
from assets.publish.masking import Mask, cover, find_names, is_covered, masking_version
from assets.publish.predecessor import Predecessor
from assets.publish.staging import read_manifest
from contracts.errors import ReleaseError
from contracts.projections.arrow import table_from_rows
from contracts.release import (
    MASKED_COLUMNS,
    MASKS,
    MASKS_FILE,
    PRIVATE_NAMES,
    Manifest,
    csv_path,
    parquet_path,
    release_tables,
)


class MaskedPlace(NamedTuple):
    """One row of ``quality/masks.csv``."""

    table_name: str
    row_key: str
    column_name: str
    char_start: int
    char_end: int
    rule: str


class Search(NamedTuple):
    """Where names are looked for: the released rows of a table, or of a part of it; of texts those ``before`` has not."""

    tables: Tables
    name: str
    part: str | None
    before: Path | None


def searches(tables: Tables, before: Predecessor | None) -> list[Search]:
    """Return what must be looked through before ``tables`` may be shown, where the texts of the release ``before`` were."""
    texts = before.folder / parquet_path("texts") if before else None
    return [
        Search(tables, name, part, texts if name == "texts" else None)
        for name in MASKED_COLUMNS
        for part in (tables.parts(name) if isinstance(tables, LazyTables) and name in _BY_PART else [None])
    ]


_BY_PART = frozenset({"texts"})
"""The tables that are large in words; of the others a text comes again and again and is looked through once."""


def find_masks(search: Search) -> list[MaskedPlace]:
    """Return every mask that the rows need."""
    name = search.name
    match name:
        case "texts":
            rows = released_texts(search.tables, search.part)
            if search.before:
                known = pq.ParquetFile(search.before).read(columns=["text_sha256"])["text_sha256"]
                rows = rows.filter(pc.invert(pc.is_in(rows["text_sha256"], value_set=known.combine_chunks())))
        case "source_documents":
            rows = released_sources(search.tables)
        case _:
            rows = columns_of(search.tables, name, [_key_of(name), *MASKED_COLUMNS[name]])
    return [
        MaskedPlace(name, key, column, *mask)
        for column in MASKED_COLUMNS[name]
        for key, masks in _found_in(rows, _key_of(name), column)
        for mask in masks
    ]


def known_masks(tables: Tables, before: Predecessor) -> list[MaskedPlace]:
    """Return the masks of the texts that the release ``before`` has too: a text has the hash that it is known by."""
    released = set(columns_of(tables, "documents", ["text_sha256"])[0].to_pylist())
    return [place for place in read_masks(before.folder) if place.table_name == "texts" and place.row_key in released]


def _found_in(rows: pa.Table, key: str, column: str) -> Iterator[tuple[str, list[Mask]]]:
    """Yield key and masks of each row that names somebody; a text that comes again is looked through once."""
    words = pc.unique(rows[column]).drop_null().to_pylist()
    found = {text: masks for text in words if (masks := find_names(text))}
    named = rows.filter(pc.is_in(rows[column], pa.array(list(found), pa.string())))
    for row_key, text in zip(named[key].to_pylist(), named[column].to_pylist(), strict=True):
        yield row_key, found[text]


class PrivateTables(LazyTables):
    """The tables of the warehouse as a release may show them, each masked when it is asked for."""

    def __init__(self, tables: Tables, masks: Iterable[MaskedPlace]) -> None:
        """Lay the ``masks`` over the ``tables``."""
        self._tables = tables
        self.masks = sorted(masks)
        """Every mask, the ones in ``observations.evidence`` not among them: they follow from the text."""
        super().__init__(tables, self._masked)

    def summary(self) -> dict[str, Any]:
        """Return what the quality report says of masking: counts alone."""
        return {
            "version": masking_version(),
            "places": len(self.masks),
            "texts": len({place.row_key for place in self.masks if place.table_name == "texts"}),
            "by_rule": dict(sorted(Counter(place.rule for place in self.masks).items())),
        }

    def parts(self, name: str) -> Sequence[str | None]:
        """Return what names the parts of a table; None stands for all of it."""
        return self._tables.parts(name) if isinstance(self._tables, LazyTables) else [None]

    def _masked(self, name: str, columns: list[str] | None, part: str | None) -> pa.Table:
        # What a mask changes depends on other columns; who asks for none that may be masked reads only those.
        plain = columns is not None and not _MAY_CHANGE.get(name, frozenset()) & {*columns}
        if isinstance(self._tables, LazyTables):
            rows = self._tables.some(name, columns if plain else None, part)
        else:
            rows = self._tables[name]
        if plain:
            return rows.select(columns)
        for column in MASKED_COLUMNS.get(name, ()):
            rows = _covered(rows, _key_of(name), column, self._of(name, column))
        texts = self._of("texts", "text")
        if name == "texts" and texts:
            rows = _with_loss(rows, texts)
        if name == "observations" and texts:
            rows = _with_masked_evidence(rows, texts)
        return rows.select(columns) if columns is not None else rows

    def _of(self, name: str, column: str) -> dict[str, list[Mask]]:
        """Return the masks of a column by the key of the row."""
        masks: dict[str, list[Mask]] = defaultdict(list)
        for place in self.masks:
            if (place.table_name, place.column_name) == (name, column):
                masks[place.row_key].append(Mask(place.char_start, place.char_end, place.rule))
        return masks


_MAY_CHANGE = {
    **{name: frozenset(columns) for name, columns in MASKED_COLUMNS.items()},
    "texts": frozenset({*MASKED_COLUMNS["texts"], "losses"}),
    "observations": frozenset({*MASKED_COLUMNS["observations"], "evidence"}),
}


def _covered(rows: pa.Table, key: str, column: str, masks: Mapping[str, list[Mask]]) -> pa.Table:
    """Return the rows with the masks laid over a column."""
    named = pc.is_in(rows[key], pa.array(list(masks), pa.string()))
    pairs = zip(*(rows[name].filter(named).to_pylist() for name in (key, column)), strict=True)
    return _put(rows, column, named, [cover(text, masks[row_key]) for row_key, text in pairs])


def _with_loss(rows: pa.Table, masks: Mapping[str, list[Mask]]) -> pa.Table:
    named = pc.is_in(rows["text_sha256"], pa.array(list(masks), pa.string()))
    losses = rows["losses"].filter(named).to_pylist()
    return _put(rows, "losses", named, [";".join(filter(None, (lost, PRIVATE_NAMES))) for lost in losses])


def _with_masked_evidence(rows: pa.Table, masks: Mapping[str, list[Mask]]) -> pa.Table:
    by_document = {f"D{key[:16]}": found for key, found in masks.items()}
    named = pc.is_in(rows["document_id"], pa.array(list(by_document), pa.string()))
    columns = ("document_id", "char_start", "char_end", "evidence")
    cut = zip(*(rows[name].filter(named).to_pylist() for name in columns), strict=True)
    covered = [cover(words, _within(by_document[document], start, end)) for document, start, end, words in cut]
    return _put(rows, "evidence", named, covered)


def _within(places: Iterable[Mask], start: int, end: int) -> list[Mask]:
    """Return the masks of a text that fall between two of its characters, counted from the first of them."""
    return [
        Mask(max(place.start, start) - start, min(place.end, end) - start, place.rule)
        for place in places
        if place.start < end and start < place.end
    ]


def masked_rows(places: Iterable[MaskedPlace]) -> pa.Table:
    """Return the rows of ``quality/masks.csv``, as ``MASKS`` declares them."""
    return table_from_rows(MASKS, [place._asdict() for place in places])


def read_masks(folder: Path) -> list[MaskedPlace]:
    """Return the masks of the release in ``folder``; none where it was made before there were any.

    Raises ReleaseError where the list cannot be read.
    """
    path = folder / MASKS_FILE
    if not path.is_file():
        return []
    try:
        rows = read_spelled(path).to_pylist()
        return [
            MaskedPlace(**{**row, "char_start": int(row["char_start"]), "char_end": int(row["char_end"])})
            for row in rows
        ]
    except (pa.ArrowInvalid, TypeError, ValueError, KeyError) as error:
        raise ReleaseError("it cannot be read", culprit=MASKS_FILE, remedy="Fetch the release again") from error


def masks_by_row(folder: Path) -> dict[tuple[str, str], tuple[tuple[str, str, str], ...]]:
    """Return the masks of a release by table and key: column, start and end of each."""
    found: dict[tuple[str, str], tuple[tuple[str, str, str], ...]] = {}
    for place in sorted(read_masks(folder)):
        at = (place.table_name, place.row_key)
        spot = (place.column_name, str(place.char_start), str(place.char_end))
        found[at] = (*found.get(at, ()), spot)
    return found


class Showing(NamedTuple):
    """Rows of a release that may show names: those of a row group of the Parquet file of a table, or some of them by key."""

    folder: Path
    name: str
    group: int
    only: pa.Array | None


def showings(folder: Path, names: Iterable[str], changed: Mapping[str, pa.Array] | None = None) -> list[Showing]:
    """Return what must be looked through of the tables that a release has; where it is known what ``changed``, that alone."""
    none = pa.array([], pa.string())
    return [
        Showing(folder, name, group, None if changed is None else changed.get(name, none))
        for name in MASKED_COLUMNS
        if name in names
        for group in range(pq.read_metadata(folder / parquet_path(name)).num_row_groups)
    ]


def unmasked(showing: Showing) -> list[tuple[str, str]]:
    """Return file and message for each mask that covers nothing, and for each name that the rules know and see.

    The names themselves are never part of a message. A release that was masked in another way is held to its own list.
    """
    folder, name, group, only = showing
    key, columns = _key_of(name), list(MASKED_COLUMNS[name])
    rows = pq.ParquetFile(folder / parquet_path(name)).read_row_group(group, columns=[key, *columns])
    asked = rows if only is None else rows.filter(pc.is_in(rows[key], value_set=only))
    found = []
    for column in columns:
        masks = [place for place in read_masks(folder) if (place.table_name, place.column_name) == (name, column)]
        masked = rows.filter(pc.is_in(rows[key], pa.array([place.row_key for place in masks], pa.string())))
        words = dict(zip(masked[key].to_pylist(), masked[column].to_pylist(), strict=True))
        found += [
            (MASKS_FILE, f"it lists {name} {place.row_key} at {place.char_start}, where nothing is masked")
            for place in masks
            if place.row_key in words and not is_covered(words[place.row_key] or "", place.char_start, place.char_end)
        ]
        if read_manifest(folder).masking_version == masking_version():
            found += [
                (csv_path(name), f"{column} of {row_key} names a private person at {names[0].start}")
                for row_key, names in _found_in(asked, key, column)
            ]
    return found


def masks_of_nothing(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield file and message for each mask of a row that is not in the release."""
    listed: dict[str, list[MaskedPlace]] = defaultdict(list)
    for place in read_masks(folder):
        listed[place.table_name].append(place)
    for name, places in listed.items():
        path, known = folder / parquet_path(name), set()
        if name in MASKED_COLUMNS and path.is_file():
            known = set(pq.ParquetFile(path).read(columns=[_key_of(name)])[0].to_pylist())
        for place in places:
            if place.row_key not in known:
                yield MASKS_FILE, f"it lists {name} {place.row_key}, which is not in the release"


def refuse_named(previous: Manifest, tables: Tables) -> None:
    """Raise ReleaseError where the release before, masked in another way, shows a name that is masked by now.

    The diff against it would have to quote the name.
    """
    if previous.masking_version == masking_version():
        return
    for name, columns in MASKED_COLUMNS.items():
        for column in columns:
            for text in pc.unique(tables[name][column]).drop_null().to_pylist():
                if find_names(text):
                    raise ReleaseError(
                        f"its {name} show the name of a private person, which is masked by now",
                        culprit=f"release {previous.version}",
                        remedy=f"Withdraw it: fazhi withdraw {previous.version} --reason WHY; then release again",
                    )


def _key_of(name: str) -> str:
    return release_tables([])[name].key[0]


def _put(rows: pa.Table, column: str, where: pa.ChunkedArray, values: Sequence[str | None]) -> pa.Table:
    """Return the rows with other values of a column where ``where`` is true."""
    if not values:
        return rows
    place, old = rows.schema.get_field_index(column), rows[column].combine_chunks()
    new = pc.replace_with_mask(old, where.combine_chunks(), pa.array(values, old.type))
    return rows.set_column(place, rows.schema.field(place), new)
