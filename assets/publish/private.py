"""Private people in a release: the tables with names masked, the list of the masks, and the proof that none was missed.

Here belongs what masking means for the tables of a release. Not here: how a name is told in a text (``masking``). The
warehouse keeps every text as it was read; what is released is made from the tables below and nothing else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from assets.publish.canonical import read_spelled
from assets.publish.derive import Tables, released_sources, released_texts
from assets.publish.masking import Mask, cover, find_names, is_covered, masking_version
from contracts.errors import ReleaseError
from contracts.projections.arrow import table_from_rows
from contracts.release import MASKED_COLUMNS, MASKS, MASKS_FILE, PRIVATE_NAMES, Manifest, csv_path, release_tables


class MaskedPlace(NamedTuple):
    """One row of ``quality/masks.csv``."""

    table_name: str
    row_key: str
    column_name: str
    char_start: int
    char_end: int
    rule: str


class PrivateTables(Mapping[str, pa.Table]):
    """The tables of the warehouse as a release may show them, each masked when it is asked for."""

    def __init__(self, tables: Tables) -> None:
        """Find all names in the released rows of ``tables``: once, as the texts are large."""
        self._tables = tables
        self._found: dict[tuple[str, str], dict[str, list[Mask]]] = {}
        """By table and column: the masks of each different text in it that names somebody."""
        released = {"texts": released_texts, "source_documents": released_sources}
        self._places: list[MaskedPlace] = []
        for name, columns in MASKED_COLUMNS.items():
            rows = released[name](tables) if name in released else tables[name]
            for column in columns:
                self._look_through(name, column, rows)

    @property
    def masks(self) -> list[MaskedPlace]:
        """Every mask, the ones in ``observations.evidence`` not among them: they follow from the text."""
        return sorted(self._places)

    def summary(self) -> dict[str, Any]:
        """Return what the quality report says of masking: counts alone."""
        return {
            "version": masking_version(),
            "places": len(self._places),
            "texts": len({place.row_key for place in self._places if place.table_name == "texts"}),
            "by_rule": dict(sorted(Counter(place.rule for place in self._places).items())),
        }

    def __getitem__(self, name: str) -> pa.Table:
        """Return the table, its names masked."""
        rows = self._tables[name]
        for column in MASKED_COLUMNS.get(name, ()):
            found = self._found[name, column]
            if found:
                rows = _mapped(rows, column, {text: cover(text, masks) for text, masks in found.items()})
        if name == "texts" and self._masked_texts:
            return self._with_loss(rows)
        if name == "observations" and self._masked_texts:
            return self._with_masked_evidence(rows)
        return rows

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._tables)

    def __len__(self) -> int:
        """Return how many tables there are."""
        return len(self._tables)

    @property
    def _masked_texts(self) -> dict[str, list[Mask]]:
        return self._found["texts", "text"]

    def _look_through(self, name: str, column: str, rows: pa.Table) -> None:
        words = pc.unique(rows[column]).drop_null().to_pylist()
        found = {text: masks for text in words if (masks := find_names(text))}
        self._found[name, column] = found
        if not found:
            return
        key = release_tables([])[name].key[0]
        named = rows.filter(pc.is_in(rows[column], pa.array(list(found), pa.string())))
        for row_key, text in zip(named[key].to_pylist(), named[column].to_pylist(), strict=True):
            self._places += (MaskedPlace(name, row_key, column, *mask) for mask in found[text])

    def _with_loss(self, rows: pa.Table) -> pa.Table:
        masked = {place.row_key for place in self._places if place.table_name == "texts"}
        losses = [
            ";".join(filter(None, (lost, PRIVATE_NAMES))) if key in masked else lost
            for key, lost in zip(rows["text_sha256"].to_pylist(), rows["losses"].to_pylist(), strict=True)
        ]
        return _put(rows, "losses", losses)

    def _with_masked_evidence(self, rows: pa.Table) -> pa.Table:
        masks: dict[str, list[MaskedPlace]] = defaultdict(list)
        for place in self._places:
            if place.table_name == "texts":
                masks[f"D{place.row_key[:16]}"].append(place)
        concerned = pc.is_in(rows["document_id"], pa.array(list(masks), pa.string()))
        columns = ("document_id", "char_start", "char_end", "evidence")
        named = zip(*(rows[name].filter(concerned).to_pylist() for name in columns), strict=True)
        covered = [cover(words, _within(masks[document], start, end)) for document, start, end, words in named]
        evidence = rows["evidence"].combine_chunks()
        whole = pc.replace_with_mask(evidence, concerned.combine_chunks(), pa.array(covered, evidence.type))
        return rows.set_column(rows.schema.get_field_index("evidence"), rows.schema.field("evidence"), whole)


def _within(places: Iterable[MaskedPlace], start: int, end: int) -> list[Mask]:
    """Return the masks of a text that fall between two of its characters, counted from the first of them."""
    return [
        Mask(max(place.char_start, start) - start, min(place.char_end, end) - start, place.rule)
        for place in places
        if place.char_start < end and start < place.char_end
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


def unmasked(folder: Path, manifest: Manifest, tables: Tables) -> Iterator[tuple[str, str]]:
    """Yield file and message for each mask that covers nothing, and for each name that the rules know and see.

    The names themselves are never part of a message. A release that was masked in another way is held to its own list.
    """
    words = {
        (name, column): dict(
            zip(tables[name][_key_of(name)].to_pylist(), tables[name][column].to_pylist(), strict=True)
        )
        for name, columns in MASKED_COLUMNS.items()
        if name in tables
        for column in columns
    }
    for place in read_masks(folder):
        text = words.get((place.table_name, place.column_name), {}).get(place.row_key)
        if text is None or not is_covered(text, place.char_start, place.char_end):
            yield (
                MASKS_FILE,
                f"it lists {place.table_name} {place.row_key} at {place.char_start}, where nothing is masked",
            )
    if manifest.masking_version == masking_version():
        for (name, column), rows in words.items():
            for key, text in rows.items():
                if text and (names := find_names(text)):
                    yield csv_path(name), f"{column} of {key} names a private person at {names[0].start}"


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


def _mapped(rows: pa.Table, column: str, masked: Mapping[str, str]) -> pa.Table:
    return _put(rows, column, [masked.get(text, text) for text in rows[column].to_pylist()])


def _put(rows: pa.Table, column: str, values: list[str | None]) -> pa.Table:
    place = rows.schema.get_field_index(column)
    return rows.set_column(place, rows.schema.field(place), pa.array(values, rows.schema.field(place).type))
