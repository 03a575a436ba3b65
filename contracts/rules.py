"""The rules of every table: what must hold of a column, of a row, of a table and between tables.

Here belong the rules as data: a stable id, what it promises in Chinese and English, the tables it needs to be
judged, the judgement itself and the smallest change of good data that breaks it, so that a test can prove of
each that it can fail. Rules about one column follow from its declaration. Not here: what happens to a row that
breaks a rule (the table's quarantine says that) and who runs them (``contracts.projections.frames`` makes
pandera schemas of them).

A judgement takes all tables at hand by name and returns one boolean a row of the rule's own table, True where
the rule holds; or one for the whole table, where no row of it is to blame. A null is left to the rule that asks
whether nulls may be.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from contracts import ids
from contracts.lookup import is_among, looked_up
from contracts.schema import Field, Table, Type
from contracts.tables import TABLES

Frames = Mapping[str, pd.DataFrame]
Judgement = Callable[[Frames], "pd.Series[bool] | bool"]
Breakage = Callable[[Frames], dict[str, pd.DataFrame]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One promise of one table."""

    id: str
    table: str
    zh: str
    en: str
    breaks: Breakage
    """Takes good tables and returns them with the smallest change that breaks this rule."""
    holds: Judgement | None = None
    """Judges each row; None where the schema's own type, null or uniqueness check does."""
    needs: tuple[str, ...] = ()
    """The other tables that the judgement reads."""
    column: str | None = None
    """The one column it is about, if it is about one."""


BEFORE = "before"
"""Under this name a judgement finds how many rows the same reports gave before: columns ``table`` and ``rows``."""


def rules_of(table: Table) -> tuple[Rule, ...]:
    """Return every rule of the table: of its columns in their order, of its key, of its rows and between tables."""
    columns = tuple(rule for field in table.fields for rule in _column_rules(table, field))
    return (*columns, _key_rule(table), *(rule for rule in _ROW_RULES if rule.table == table.name))


def all_rules() -> dict[str, Rule]:
    """Return every rule of every table by its id."""
    return {rule.id: rule for table in TABLES.values() for rule in rules_of(table)}


def _column_rules(table: Table, field: Field) -> list[Rule]:
    """Derive what the declaration of one column promises."""
    at = f"{table.name}.{field.name}"

    def rule(name: str, zh: str, en: str, bad: Any, **rest: Any) -> Rule:
        breaks = _putting(table.name, field.name, bad)
        return Rule(
            f"{at}.{name}", table.name, f"{field.zh}{zh}", f"{field.name} {en}", breaks, column=field.name, **rest
        )

    wrong = 7 if field.type is Type.TEXT else "七"
    found = [
        Rule(
            f"{at}.type",
            table.name,
            f"{field.zh}的类型是 {field.type}",
            f"{field.name} is of type {field.type}",
            _retyping(table.name, field.name, wrong),
            column=field.name,
        )
    ]
    if not field.nullable:
        found.append(rule("required", "不得为空", "is never null", None))
    if field.codelist:
        allowed = field.codelist.codes
        found.append(
            rule(
                "codelist",
                f"取自代码表 {field.codelist.name}",
                f"is a code of {field.codelist.name}",
                "no_such_code",
                holds=_on(table, field, lambda values: values.isin(allowed)),
            )
        )
    if field.minimum is not None:
        least = field.minimum
        found.append(
            rule(
                "minimum",
                f"不小于 {least:g}",
                f"is at least {least:g}",
                int(least) - 1,
                holds=_on(table, field, lambda v: v >= least),
            )
        )
    if field.maximum is not None:
        most = field.maximum
        found.append(
            rule(
                "maximum",
                f"不大于 {most:g}",
                f"is at most {most:g}",
                int(most) + 1,
                holds=_on(table, field, lambda v: v <= most),
            )
        )
    if field.pattern is not None:
        pattern = field.pattern
        found.append(
            rule(
                "pattern",
                f"符合 {pattern}",
                f"matches {pattern}",
                "¿",
                holds=_on(table, field, lambda values: values.str.fullmatch(pattern)),
            )
        )
    if field.references:
        parent, column = field.references
        found.append(
            rule(
                "reference",
                f"见于 {parent}.{column}",
                f"is found in {parent}.{column}",
                _A_STRANGER,
                holds=_in_parent(table.name, field.name, parent, column),
                needs=() if parent == table.name else (parent,),
            )
        )
    return found


def _key_rule(table: Table) -> Rule:
    key = ", ".join(table.key)

    def breaks(frames: Frames) -> dict[str, pd.DataFrame]:
        frame = frames[table.name]
        return {**frames, table.name: pd.concat([frame, frame.head(1)], ignore_index=True)}

    return Rule(f"{table.name}.key", table.name, f"{key} 不重复", f"{key} is unique", breaks)


_A_STRANGER = "D0000000000000000"


def _on(table: Table, field: Field, judge: Callable[[Any], pd.Series[bool]]) -> Judgement:
    """Judge one column, leaving its nulls to the rule about nulls."""

    def holds(frames: Frames) -> pd.Series[bool]:
        values = frames[table.name][field.name]
        return judge(values).fillna(value=False).astype(bool) | values.isna()

    return holds


def _in_parent(table: str, column: str, parent: str, parent_column: str) -> Judgement:
    def holds(frames: Frames) -> pd.Series[bool]:
        values = frames[table][column]
        return is_among(values, frames[parent][parent_column]) | values.isna()

    return holds


def _putting(table: str, column: str, value: Any, where: str | None = None) -> Breakage:
    """Break a table by one value: in its first row that has one in ``where`` (or there), else in its first row."""

    def breaks(frames: Frames) -> dict[str, pd.DataFrame]:
        frame = frames[table].copy()
        filled = frame.index[frame[where or column].notna()]
        frame.loc[filled[0] if len(filled) else frame.index[0], column] = value
        return {**frames, table: frame}

    return breaks


def _retyping(table: str, column: str, value: Any) -> Breakage:
    """Break a table by a column of another type."""

    def breaks(frames: Frames) -> dict[str, pd.DataFrame]:
        frame = frames[table].copy()
        frame[column] = pd.Series([value] * len(frame), index=frame.index)
        return {**frames, table: frame}

    return breaks


# Rules of rows and between tables -----------------------------------------------------------------------------


def _same_null(left: pd.Series[Any], right: pd.Series[Any]) -> pd.Series[bool]:
    return left.isna() == right.isna()


def _from_parent(frames: Frames, table: str, parent: str, column: str, by: str) -> pd.Series[Any]:
    """Return, for each row of the table, the parent's ``column`` found by ``by``; null where there is no parent."""
    return looked_up(frames[table][by], frames[parent][by], frames[parent][column])


def _agrees(values: pd.Series[Any], expected: pd.Series[Any]) -> pd.Series[bool]:
    """Return whether the two are equal; a missing parent is left to the rule about references."""
    return (values == expected).fillna(value=False).astype(bool) | expected.isna() | values.isna()


def _texts_of(frames: Frames) -> dict[str, str]:
    """Return the whole text of each document; texts are long, so rows look them up and never hold them."""
    texts = dict(zip(frames["texts"]["text_sha256"], frames["texts"]["text"], strict=True))
    documents = zip(frames["documents"]["document_id"], frames["documents"]["text_sha256"], strict=True)
    return {document: texts[sha256] for document, sha256 in documents if isinstance(texts.get(sha256), str)}


def _slice_is(table: str, column: str) -> Judgement:
    """Judge whether ``text[char_start:char_end]`` is what the column says."""

    def holds(frames: Frames) -> pd.Series[bool]:
        frame, texts = frames[table], _texts_of(frames)
        told: list[bool] = []
        # As objects: a column of texts takes many times as long to walk. Not all at once: there they take much more room.
        for part in (frame.iloc[begin : begin + _AT_ONCE] for begin in range(0, len(frame), _AT_ONCE)):
            start, end = (
                part[name].to_numpy(dtype="int64", na_value=0).tolist() for name in ("char_start", "char_end")
            )
            documents, said = (part[name].to_numpy(dtype=object).tolist() for name in ("document_id", column))
            rows = zip(documents, start, end, said, strict=True)
            told += [document not in texts or texts[document][a:b] == words for document, a, b, words in rows]
        unknown = frame[["char_start", "char_end"]].isna().any(axis=1)
        return pd.Series(told, index=frame.index, dtype=bool) | unknown

    return holds


_AT_ONCE = 20_000


def _span_is_forward(table: str) -> Judgement:
    def holds(frames: Frames) -> pd.Series[bool]:
        frame = frames[table]
        return (frame["char_start"] < frame["char_end"]).fillna(value=True).astype(bool)

    return holds


_LOSS = 0.1
_SPARE = 20


def _keeps_its_rows(table: str) -> Rule:
    """Expect of reports that were parsed again about as many rows as they gave before."""

    def holds(frames: Frames) -> bool:
        before = frames[BEFORE]
        rows = int(before.loc[before["table"] == table, "rows"].sum())
        return rows - len(frames[table]) <= max(_SPARE, _LOSS * rows)

    return Rule(
        f"{table}.keeps_its_rows",
        table,
        f"重新解析的报告不失去超过{_LOSS:.0%}的行（如属有意，删除 parquet 文件夹后重新运行）",
        f"reports parsed again keep {1 - _LOSS:.0%} of their rows (if the loss is meant, delete the folder parquet "
        "and run again)",
        lambda frames: {**frames, BEFORE: pd.DataFrame({"table": [table], "rows": [10**6]})},
        holds,
        needs=(BEFORE,),
    )


def _numeral_within_evidence(frames: Frames) -> pd.Series[bool]:
    rows = frames["observations"]
    start, end = rows["value_start"], rows["value_end"]
    inside = (rows["char_start"] <= start) & (start < end) & (end <= rows["char_end"])
    return inside.fillna(value=False).astype(bool) | (start.isna() & end.isna())


def _implied_has_no_numeral(frames: Frames) -> pd.Series[bool]:
    rows = frames["observations"]
    return (rows["qualifier"] == "implied") == rows["value_start"].isna()


def _value_or_reason(table: str) -> Judgement:
    def holds(frames: Frames) -> pd.Series[bool]:
        rows = frames[table]
        return rows["value"].isna() == (rows["obs_status"] != "A")

    return holds


def _is_the_documents(table: str, column: str) -> Judgement:
    def holds(frames: Frames) -> pd.Series[bool]:
        return _agrees(frames[table][column], _from_parent(frames, table, "documents", column, "document_id"))

    return holds


def _unit_of_the_indicator(table: str) -> Judgement:
    def holds(frames: Frames) -> pd.Series[bool]:
        return _agrees(frames[table]["unit"], _from_parent(frames, table, "indicators", "unit", "indicator_id"))

    return holds


def _value_in_bounds(frames: Frames) -> pd.Series[bool]:
    value = frames["observations"]["value"]
    least = _from_parent(frames, "observations", "indicators", "minimum", "indicator_id").astype(float)
    most = _from_parent(frames, "observations", "indicators", "maximum", "indicator_id").astype(float)
    return ~((value < least) | (value > most))


def _counts_are_whole(frames: Frames) -> pd.Series[bool]:
    value = frames["observations"]["value"]
    kind = _from_parent(frames, "observations", "indicators", "kind", "indicator_id")
    return (kind != "count") | value.isna() | (value.mod(1) == 0)


def _in_the_ledger(frames: Frames) -> pd.Series[bool]:
    rows, numerals = frames["observations"], frames["numerals"]
    listed = pd.MultiIndex.from_frame(numerals.loc[numerals["class"] == "observation", ["document_id", "char_start"]])
    stated = pd.MultiIndex.from_frame(rows[["document_id", "value_start"]])
    return pd.Series(stated.isin(listed), index=rows.index) | rows["value_start"].isna()


def _no_overlap(frames: Frames) -> pd.Series[bool]:
    rows = frames["numerals"].sort_values(["document_id", "char_start", "char_end"], kind="stable")
    before = rows.groupby("document_id", sort=False)["char_end"].shift()
    apart = (before <= rows["char_start"]).fillna(value=True).astype(bool)
    return apart.reindex(frames["numerals"].index)


def _claimed_has_observation(frames: Frames) -> pd.Series[bool]:
    rows = frames["numerals"]
    return (rows["class"] == "observation") == rows["observation_id"].notna()


def _explained_has_kind(frames: Frames) -> pd.Series[bool]:
    rows = frames["numerals"]
    return (rows["class"] != "explained") | rows["kind"].notna()


def _claimed_by_its_document(frames: Frames) -> pd.Series[bool]:
    theirs = _from_parent(frames, "numerals", "observations", "document_id", "observation_id")
    return _agrees(frames["numerals"]["document_id"], theirs)


def _hash_of_the_text(frames: Frames) -> pd.Series[bool]:
    rows = frames["texts"]
    hashes = [ids.text_sha256(text) if isinstance(text, str) else None for text in rows["text"]]
    return _agrees(rows["text_sha256"], pd.Series(hashes, index=rows.index, dtype="str"))


def _id_of_the_text(frames: Frames) -> pd.Series[bool]:
    rows = frames["documents"]
    return _agrees(rows["document_id"], "D" + rows["text_sha256"].str.slice(0, 16))


def _characters_of_the_text(frames: Frames) -> pd.Series[bool]:
    rows = frames["documents"]
    texts = frames["texts"]
    return _agrees(rows["characters"], looked_up(rows["text_sha256"], texts["text_sha256"], texts["text"].str.len()))


def _division_of_its_year(frames: Frames) -> pd.Series[bool]:
    rows = frames["documents"]
    keyed = rows[["division_code", "division_id", "report_year"]].assign(row=rows.index)
    spans = frames["divisions"][["division_code", "division_id", "first_year", "last_year"]]
    pairs = keyed.merge(spans, on=["division_code", "division_id"])
    within = (pairs["first_year"] <= pairs["report_year"]) & (pairs["report_year"] <= pairs["last_year"].fillna(9999))
    standing = pairs.loc[within.fillna(value=False), "row"]
    return pd.Series(rows.index.isin(standing), index=rows.index)


def _issued_after_its_year_began(frames: Frames) -> pd.Series[bool]:
    rows = frames["documents"]
    early: pd.Series[bool] = rows["issued_on"].dt.year < rows["report_year"]
    return ~early.fillna(value=False).astype(bool)


def _supersedes_another(frames: Frames) -> pd.Series[bool]:
    rows = frames["documents"]
    return ~(rows["supersedes"] == rows["document_id"])


def _bounds_in_order(frames: Frames) -> pd.Series[bool]:
    rows = frames["indicators"]
    return ~(rows["minimum"] > rows["maximum"])


def _span_in_order(frames: Frames) -> pd.Series[bool]:
    rows = frames["divisions"]
    return ~(rows["last_year"] < rows["first_year"]).fillna(value=False).astype(bool)


def _row_is_json(frames: Frames) -> pd.Series[bool]:
    def is_object(words: object) -> bool:
        try:
            return isinstance(json.loads(str(words)), dict)
        except json.JSONDecodeError:
            return False

    rows = frames["rejected"]
    return pd.Series([is_object(words) for words in rows["row_json"]], index=rows.index, dtype=bool)


def _residual_is_the_difference(frames: Frames) -> pd.Series[bool]:
    rows = frames["identity_results"]
    apart = (rows["left"] - rows["right"] - rows["residual"]).abs() <= _ROUNDING
    return apart | (
        _same_null(rows["left"], rows["residual"]) & _same_null(rows["right"], rows["residual"]) & rows["left"].isna()
    )


_ROUNDING = 1e-6


def _applicable_has_sides(frames: Frames) -> pd.Series[bool]:
    rows = frames["identity_results"]
    return (rows["outcome"] == "not_applicable") == rows["residual"].isna()


def _conflict_shows_no_winner(frames: Frames) -> pd.Series[bool]:
    rows = frames["county_year"]
    withheld = rows["obs_status"] == "Q"
    return (withheld == rows["observation_id"].isna()) & (~withheld | (rows["n_observations"] > 1))


def _qualified_like_its_value(frames: Frames) -> pd.Series[bool]:
    rows = frames["county_year"]
    return rows["qualifier"].notna() == rows["observation_id"].notna()


def _is_the_observations(frames: Frames) -> pd.Series[bool]:
    rows = frames["county_year"]
    good = pd.Series(data=True, index=rows.index)
    for column in ("division_id", "report_year", "indicator_id", "scope", "value"):
        good &= _agrees(rows[column], _from_parent(frames, "county_year", "observations", column, "observation_id"))
    return good


def _own_report_only(frames: Frames) -> pd.Series[bool]:
    document = _from_parent(frames, "county_year", "observations", "document_id", "observation_id")
    kind = looked_up(document, frames["documents"]["document_id"], frames["documents"]["kind"])
    return (kind == "county_government") | kind.isna()


_ROW_RULES = (
    Rule(
        "divisions.span_in_order",
        "divisions",
        "终止年不早于起始年",
        "last_year is not before first_year",
        _putting("divisions", "last_year", 1900),
        _span_in_order,
    ),
    Rule(
        "indicators.bounds_in_order",
        "indicators",
        "下限不高于上限",
        "minimum is not above maximum",
        _putting("indicators", "minimum", 1e12),
        _bounds_in_order,
    ),
    Rule(
        "texts.hash_is_of_the_text",
        "texts",
        "哈希与正文相符",
        "text_sha256 is the hash of text",
        _putting("texts", "text", "另一篇"),
        _hash_of_the_text,
    ),
    Rule(
        "documents.id_is_of_the_text",
        "documents",
        "标识取自正文哈希",
        "document_id is made from text_sha256",
        _putting("documents", "document_id", _A_STRANGER),
        _id_of_the_text,
    ),
    Rule(
        "documents.characters_of_the_text",
        "documents",
        "字符数与正文相符",
        "characters is the length of the text",
        _putting("documents", "characters", 1),
        _characters_of_the_text,
        needs=("texts",),
    ),
    Rule(
        "documents.division_of_its_year",
        "documents",
        "区划代码在报告年度有效",
        "division_code is valid in report_year and belongs to division_id",
        _putting("documents", "division_code", "999999"),
        _division_of_its_year,
        needs=("divisions",),
    ),
    Rule(
        "documents.issued_after_its_year_began",
        "documents",
        "成文日期不早于报告年度",
        "issued_on is not before report_year",
        _putting("documents", "issued_on", pd.Timestamp("1991-01-01")),
        _issued_after_its_year_began,
    ),
    Rule(
        "documents.supersedes_another",
        "documents",
        "不取代自身",
        "a document does not supersede itself",
        lambda frames: {
            **frames,
            "documents": frames["documents"].assign(supersedes=frames["documents"]["document_id"]),
        },
        _supersedes_another,
    ),
    _keeps_its_rows("documents"),
    _keeps_its_rows("observations"),
    _keeps_its_rows("numerals"),
    Rule(
        "observations.span_is_forward",
        "observations",
        "起点在终点之前",
        "char_start is before char_end",
        _putting("observations", "char_start", 10**9),
        _span_is_forward("observations"),
    ),
    Rule(
        "observations.evidence_is_the_text",
        "observations",
        "原文与正文相应位置逐字相同",
        "evidence equals the text from char_start to char_end",
        _putting("observations", "evidence", "并无此句"),
        _slice_is("observations", "evidence"),
        needs=("documents", "texts"),
    ),
    Rule(
        "observations.numeral_within_evidence",
        "observations",
        "数字位于原文之内",
        "value_start to value_end lies within the evidence",
        _putting("observations", "value_end", 10**9),
        _numeral_within_evidence,
    ),
    Rule(
        "observations.implied_has_no_numeral",
        "observations",
        "隐含值无数字，其余皆有数字",
        "no numeral states an implied value, and one states every other",
        _putting("observations", "qualifier", "implied"),
        _implied_has_no_numeral,
    ),
    Rule(
        "observations.numeral_in_ledger",
        "observations",
        "其数字在台账中归为指标",
        "its numeral is in the ledger as an observation",
        lambda frames: {**frames, "numerals": frames["numerals"].assign(**{"class": "queued"})},
        _in_the_ledger,
        needs=("numerals",),
    ),
    Rule(
        "observations.value_or_reason",
        "observations",
        "数值为空当且仅当状态说明原因",
        "value is null exactly when obs_status says why",
        _putting("observations", "value", float("nan")),
        _value_or_reason("observations"),
    ),
    Rule(
        "observations.division_of_its_document",
        "observations",
        "区划与报告一致",
        "division_id is that of its document",
        _putting("observations", "division_id", "CN-999999"),
        _is_the_documents("observations", "division_id"),
        needs=("documents",),
    ),
    Rule(
        "observations.year_of_its_document",
        "observations",
        "年度与报告一致",
        "report_year is that of its document",
        _putting("observations", "report_year", 1999),
        _is_the_documents("observations", "report_year"),
        needs=("documents",),
    ),
    Rule(
        "observations.unit_of_the_indicator",
        "observations",
        "单位即指标单位",
        "unit is that of the indicator",
        _putting("observations", "unit", "篇"),
        _unit_of_the_indicator("observations"),
        needs=("indicators",),
    ),
    Rule(
        "observations.value_in_bounds",
        "observations",
        "数值在指标范围之内",
        "value lies within the indicator's bounds",
        _putting("observations", "value", -1.0),
        _value_in_bounds,
        needs=("indicators",),
    ),
    Rule(
        "observations.counts_are_whole",
        "observations",
        "计数为整数",
        "a count is a whole number",
        _putting("observations", "value", 1.5),
        _counts_are_whole,
        needs=("indicators",),
    ),
    Rule(
        "numerals.span_is_forward",
        "numerals",
        "起点在终点之前",
        "char_start is before char_end",
        _putting("numerals", "char_end", 1),
        _span_is_forward("numerals"),
    ),
    Rule(
        "numerals.text_is_the_text",
        "numerals",
        "数字与正文相应位置逐字相同",
        "text equals the document's text from char_start to char_end",
        _putting("numerals", "text", "〇"),
        _slice_is("numerals", "text"),
        needs=("documents", "texts"),
    ),
    Rule(
        "numerals.no_overlap",
        "numerals",
        "同一报告的数字互不重叠",
        "numerals of one document do not overlap",
        _putting("numerals", "char_end", 10**6),
        _no_overlap,
    ),
    Rule(
        "numerals.claimed_has_observation",
        "numerals",
        "归为指标者有指标值，其余没有",
        "an observation_id stands exactly where the class is observation",
        _putting("numerals", "observation_id", None),
        _claimed_has_observation,
    ),
    Rule(
        "numerals.explained_has_kind",
        "numerals",
        "已解释者有种类",
        "an explained numeral has a kind",
        _putting("numerals", "kind", None),
        _explained_has_kind,
    ),
    Rule(
        "numerals.claimed_by_its_document",
        "numerals",
        "指标值属于同一报告",
        "its observation is of the same document",
        _putting("numerals", "document_id", _A_STRANGER, where="observation_id"),
        _claimed_by_its_document,
        needs=("observations",),
    ),
    Rule(
        "numerals.year_of_its_document",
        "numerals",
        "年度与报告一致",
        "report_year is that of its document",
        _putting("numerals", "report_year", 1999),
        _is_the_documents("numerals", "report_year"),
        needs=("documents",),
    ),
    Rule(
        "rejected.row_is_json",
        "rejected",
        "行内容是 JSON 对象",
        "row_json is a JSON object",
        _putting("rejected", "row_json", "{"),
        _row_is_json,
    ),
    Rule(
        "identity_results.residual_is_the_difference",
        "identity_results",
        "差额等于左边减右边",
        "residual is left minus right",
        _putting("identity_results", "residual", 1e9),
        _residual_is_the_difference,
    ),
    Rule(
        "identity_results.applicable_has_sides",
        "identity_results",
        "不适用者无差额，其余皆有",
        "a residual stands exactly where the identity applies",
        _putting("identity_results", "outcome", "not_applicable"),
        _applicable_has_sides,
    ),
    Rule(
        "identity_results.year_of_its_document",
        "identity_results",
        "年度与报告一致",
        "report_year is that of its document",
        _putting("identity_results", "report_year", 1999),
        _is_the_documents("identity_results", "report_year"),
        needs=("documents",),
    ),
    Rule(
        "county_year.value_or_reason",
        "county_year",
        "数值为空当且仅当状态说明原因",
        "value is null exactly when obs_status says why",
        _putting("county_year", "value", float("nan")),
        _value_or_reason("county_year"),
    ),
    Rule(
        "county_year.conflict_shows_no_winner",
        "county_year",
        "相互矛盾者不取其一",
        "where statements conflict none is taken for the truth",
        _putting("county_year", "obs_status", "Q"),
        _conflict_shows_no_winner,
    ),
    Rule(
        "county_year.qualified_like_its_value",
        "county_year",
        "取自指标值者带其限定",
        "a qualifier stands exactly where an observation was taken",
        _putting("county_year", "qualifier", None),
        _qualified_like_its_value,
    ),
    Rule(
        "county_year.is_its_observation",
        "county_year",
        "与所取指标值一致",
        "it says what its observation says",
        _putting("county_year", "value", 123456.0),
        _is_the_observations,
        needs=("observations",),
    ),
    Rule(
        "county_year.unit_of_the_indicator",
        "county_year",
        "单位即指标单位",
        "unit is that of the indicator",
        _putting("county_year", "unit", "篇"),
        _unit_of_the_indicator("county_year"),
        needs=("indicators",),
    ),
    Rule(
        "county_year.own_report_only",
        "county_year",
        "只取县级政府自己的报告",
        "only a county-level government's own report feeds it",
        lambda frames: {**frames, "documents": frames["documents"].assign(kind="department")},
        _own_report_only,
        needs=("observations", "documents"),
    ),
)
