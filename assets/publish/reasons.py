"""Why a row or cell differs between two releases: told from the causes that both releases record.

Here belongs the order in which causes are asked, for each table. Not here: finding the differences (``diff``). A
difference for which no cause is on record gets none, and ``diff`` refuses it: then a version was not raised.

The causes, as releases record them: which documents they hold, which document supersedes which, the file that a text
was read from, the flag ``corrected``, the versions of method and catalogue, the rows of divisions and codelists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from contracts.release import MASKED_COLUMNS, Manifest

Row = Mapping[str, str | None]
"""One row, its values spelled as in the canonical CSV."""

CORRECTED = "corrected"
_OF_THE_DIVISION = frozenset({"division_id", "division_code", "division_name", "prefecture", "province", "level"})
_KEYS = {
    "texts": "text_sha256",
    "documents": "document_id",
    "source_documents": "document_sha256",
    "observations": "observation_id",
}
_FOLLOWS_FROM_MASKS = {"texts": ("losses",), "observations": ("evidence",)}
_CODED = frozenset({"scope", "period", "qualifier", "obs_status", "unit", "kind", "level"})


class Reason(NamedTuple):
    """A code of ``contracts.changes.REASON`` and what it goes back to."""

    code: str
    cause: str


Masks = Mapping[tuple[str, str], tuple[tuple[str, str, str], ...]]
"""By table and key of a row: column, start and end of each mask in it."""


class Side(NamedTuple):
    """One of the two releases: its manifest, and its rows of the tables in which causes are recorded."""

    manifest: Manifest
    documents: dict[str, Row]
    """By document_id."""
    files: dict[str, str | None]
    """text_sha256 -> document_sha256 of the released texts."""
    codes: frozenset[str]
    rules: frozenset[str]
    """Every rule_id that observations name."""
    masks: Masks


class Reasons:
    """Finds the reason of each difference between an ``old`` and a ``new`` release."""

    def __init__(self, old: Side, new: Side, divisions: Iterable[str]) -> None:
        """``divisions`` are the ids of the divisions whose rows differ."""
        self._old = old
        self._new = new
        self._divisions = frozenset(divisions)

    def of(self, table: str, column: str, old: Row | None, new: Row | None) -> Reason | None:
        """Return why the cell, or with ``*`` the whole row, differs; None where no cause is on record."""
        if old is not None and new is not None and (masking := self._masking(table, column, new)):
            return masking
        if table == "observations":
            return self._of_observation(column, old, new)
        row = new or old
        assert row is not None  # noqa: S101 - a difference has at least one side
        asked: dict[str, Callable[[], Reason | None]] = {
            "indicators": lambda: self._catalogue,
            "codelists": lambda: Reason("codelist", f"{row['codelist']}: {row['code']}"),
            "divisions": lambda: Reason("division", str(row["division_id"])),
            "documents": lambda: self._of_document(column, row),
            "texts": lambda: self._of_text(column, str(row["text_sha256"])),
            "source_documents": lambda: self._of_source(str(row["document_sha256"])),
        }
        return asked[table]()

    def of_county(self, division: str, year: str) -> Reason | None:
        """Return why a county's metrics of a year are settled differently though no statement of theirs changed.

        Another report then stands for the county, or the method or catalogue settles otherwise.
        """
        for side in (self._new, self._old):
            for name in sorted(side.documents):
                row = side.documents[name]
                if name in self.came_and_went and (row["division_id"], row["report_year"]) == (division, year):
                    return self.came_and_went[name]
        return self._method or self._catalogue

    @cached_property
    def came_and_went(self) -> dict[str, Reason]:
        """The reason of every document that only one of the releases holds, by document_id."""
        old, new = self._old, self._new
        added, removed = new.documents.keys() - old.documents.keys(), old.documents.keys() - new.documents.keys()
        reasons: dict[str, Reason] = {}
        for name in sorted(added):
            before = new.documents[name]["supersedes"]
            if before in old.documents:
                reasons[name] = Reason("document_restated", f"{name} supersedes {before}")
                if before in removed:
                    reasons[str(before)] = reasons[name]
        reread = {file: text for text, file in old.files.items() if text not in new.files}
        for name in sorted(added - reasons.keys()):
            text = str(new.documents[name]["text_sha256"])
            before_text = reread.get(new.files.get(text))
            if before_text is None:
                reasons[name] = Reason("document_added", name)
            else:
                before = f"D{before_text[:16]}"
                reasons[name] = reasons[before] = Reason("reader", f"{before} was read anew as {name}")
        for name in sorted(removed - reasons.keys()):
            reasons[name] = Reason("retraction", name)
        return reasons

    @cached_property
    def _method(self) -> Reason | None:
        before, after = self._old.manifest.method_version, self._new.manifest.method_version
        return Reason("extractor", f"method {before} to {after}") if before != after else None

    @cached_property
    def _catalogue(self) -> Reason | None:
        before, after = self._old.manifest.catalogue_version, self._new.manifest.catalogue_version
        return Reason("catalogue", f"catalogue {before} to {after}") if before != after else None

    def _masking(self, table: str, column: str, row: Row) -> Reason | None:
        """A cell in the words of a report differs where the masks laid over them do."""
        if column not in {*MASKED_COLUMNS.get(table, ()), *_FOLLOWS_FROM_MASKS.get(table, ())}:
            return None
        at, key = table, str(row[_KEYS[table]])
        if (table, column) == ("observations", "evidence"):
            at, key = "texts", str(self._new.documents[str(row["document_id"])]["text_sha256"])
        if self._old.masks.get((at, key)) == self._new.masks.get((at, key)):
            return None
        return Reason("masking", f"masks of {at} {key}")

    def _of_document(self, column: str, row: Row) -> Reason | None:
        name = str(row["document_id"])
        if name in self.came_and_went:
            return self.came_and_went[name]
        if column == "supersedes":
            for side in (self._new, self._old):
                before = side.documents[name]["supersedes"]
                if before in self.came_and_went:
                    return self.came_and_went[before]
        if column in _OF_THE_DIVISION and (found := self._division(name)):
            return found
        # What is left to change a document's own fields: identification, and the record of its source.
        return self._method or Reason("source_record", name)

    def _division(self, document: str) -> Reason | None:
        sides = (self._old, self._new)
        changed = sorted({str(side.documents[document]["division_id"]) for side in sides} & self._divisions)
        return Reason("division", changed[0]) if changed else None

    def _of_text(self, column: str, text: str) -> Reason | None:
        document = f"D{text[:16]}"
        if document in self.came_and_went:
            return self.came_and_went[document]
        return Reason("source_record" if column == "document_sha256" else "reader", document)

    def _of_source(self, file: str) -> Reason | None:
        texts = (text for side in (self._new, self._old) for text, source in side.files.items() if source == file)
        documents = [f"D{text[:16]}" for text in texts]
        came_or_went = next((self.came_and_went[name] for name in documents if name in self.came_and_went), None)
        return came_or_went or Reason("source_record", file)

    def _of_observation(self, column: str, old: Row | None, new: Row | None) -> Reason | None:
        rows = [row for row in (old, new) if row is not None]
        document = str(rows[-1]["document_id"])
        if document in self.came_and_went:
            return self.came_and_went[document]
        if any(CORRECTED in str(row["flags"]).split(";") for row in rows):
            return Reason("correction", str(rows[-1]["observation_id"]))
        if column in {"division_id", "report_year"}:
            return self._of_document(column, self._new.documents[document])
        if column in _CODED and (found := self._code(column, old, new)):
            return found
        return self._rule(old, new) if self._method and self._catalogue else self._method or self._catalogue

    def _code(self, column: str, old: Row | None, new: Row | None) -> Reason | None:
        """A code that the other release does not know was renamed, added or dropped."""
        for row, other in ((old, self._new), (new, self._old)):
            if row is not None and row[column] is not None and f"{column}:{row[column]}" not in other.codes:
                return Reason("codelist", f"{column}: {row[column]}")
        return None

    def _rule(self, old: Row | None, new: Row | None) -> Reason | None:
        """Where method and catalogue both have new versions: was the rule's wording there before, and is it still?"""
        for row, other in ((new, self._old), (old, self._new)):
            if row is not None and row["rule_id"] not in other.rules:
                return Reason("catalogue", f"rule {row['rule_id']}")
        return self._method
