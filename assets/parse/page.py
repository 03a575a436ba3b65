"""A report as one page to look at: every numeral coloured by its class, with what is known of it on click or focus.

The page is one file that loads nothing and runs nothing: no script, and a policy that forbids both. Whatever the text
holds, it stays text. Not here: reading the report (``assets.parse.extract``).
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from html import escape

from assets.parse.facts import Extraction, Numeral, Observation
from contracts.codelists import CODELISTS, NUMERAL_CLASS
from contracts.indicators import Catalogue


def page(title: str, text: str, found: Extraction, catalogue: Catalogue) -> str:
    """Return the page of a report as HTML; ``found`` must come from this very ``text``."""
    policy = f"default-src 'none'; style-src 'sha256-{_digest(_STYLE)}'; base-uri 'none'; form-action 'none'"
    counts = Counter(numeral.class_ for numeral in found.numerals)
    legend = "".join(
        f'<li><span class="n {code}">{escape(_label("class", code))}</span> {counts[code]}</li>'
        for code in NUMERAL_CLASS.codes
    )
    implied = sum(fact.value_start is None for fact in found.observations)
    body = "".join(_body(text, found, catalogue))
    return (
        '<!doctype html>\n<html lang="zh-Hans">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_safe(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<header><h1>{_safe(title)}</h1>\n<ul>{legend}"
        f'<li><span class="n implied">◆</span> {escape(_label("qualifier", "implied"))} {implied}</li></ul>\n'
        f"<p>{len(found.observations)} facts, {len(found.numerals)} numerals, catalogue {escape(catalogue.version)}. "
        "Click a numeral, or reach it with the Tab key.</p></header>\n"
        f"<main>{body}</main>\n</body>\n</html>\n"
    )


def _body(text: str, found: Extraction, catalogue: Catalogue) -> Iterator[str]:
    """Yield the text piece by piece, numerals and the marks of implied facts with their cards."""
    stated: dict[int, list[Observation]] = {}
    implied: list[tuple[int, Observation]] = []
    for fact in found.observations:
        if fact.value_start is None:
            implied.append((fact.char_end, fact))
        else:
            stated.setdefault(fact.value_start, []).append(fact)
    implied.sort(key=lambda mark: mark[0])
    at = 0
    for numeral in found.numerals:
        while implied and implied[0][0] <= numeral.char_start:
            end, fact = implied.pop(0)
            yield _safe(text[at:end])
            yield _mark(fact, catalogue)
            at = max(at, end)
        yield _safe(text[at : numeral.char_start])
        yield _numeral(numeral, stated.get(numeral.char_start, []), catalogue)
        at = numeral.char_end
    for end, fact in implied:
        yield _safe(text[at:end])
        yield _mark(fact, catalogue)
        at = max(at, end)
    yield _safe(text[at:])


def _numeral(numeral: Numeral, facts: list[Observation], catalogue: Catalogue) -> str:
    why = _label("kind", numeral.kind) if numeral.kind else ""
    rows = [row for fact in facts for row in _rows(fact, catalogue)] or [
        ("class", f"{_label('class', numeral.class_)} {why}"),
        ("position", f"{numeral.char_start}-{numeral.char_end}"),
    ]
    return _card(_safe(numeral.text), numeral.class_, rows)


def _mark(fact: Observation, catalogue: Catalogue) -> str:
    return _card("◆", "implied", _rows(fact, catalogue))


def _rows(fact: Observation, catalogue: Catalogue) -> list[tuple[str, str]]:
    """Return what is shown of a fact: the name of each line and its content."""
    indicator = catalogue.indicators[fact.indicator_id]
    value = "" if fact.value is None else f"{fact.value:,.15g}"
    rows = [
        ("indicator", f"{indicator.zh} / {indicator.en} ({indicator.id})"),
        ("value", f"{value} {_label('unit', fact.unit)}"),
        ("qualifier", _label("qualifier", fact.qualifier)),
        ("scope", _label("scope", fact.scope)),
        ("period", _label("period", fact.period)),
        ("dimension", fact.dimension or ""),
        ("rule", fact.rule_id),
        ("evidence", fact.evidence),
        ("section", fact.section),
        ("flags", ", ".join(fact.flags)),
        ("position", f"{fact.char_start}-{fact.char_end}"),
    ]
    return [(name, content) for name, content in rows if content]


def _card(shown: str, class_: str, rows: list[tuple[str, str]]) -> str:
    lines = "".join(f"<dt>{name}</dt><dd>{_safe(content)}</dd>" for name, content in rows)
    return f'<span class="n {class_}" tabindex="0" role="button">{shown}<dl role="note">{lines}</dl></span>'


def _label(codelist: str, code: str) -> str:
    """Return a code's Chinese label, and the code itself where it says something else."""
    entry = next(entry for entry in CODELISTS[codelist].entries if entry.code == code)
    return entry.zh if entry.zh == code else f"{entry.zh} ({code})"


# Controls, marks that turn the direction of writing and halves of pairs could change what a reader sees.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def _safe(text: str) -> str:
    return escape(_UNSAFE.sub("\ufffd", text.replace("\r\n", "\n")))


def _digest(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


_STYLE = """
:root{color-scheme:light dark;--ink:#1d1d1f;--paper:#fdfdfb;--card:#fff;--line:#c9c9c4;--soft:#6a6a6a;
--observation:#cdeccf;--explained:#e6e6e2;--queued:#ffe2ad;--unexplained:#ffc4c0;--implied:#d3e3fd}
@media(prefers-color-scheme:dark){:root{--ink:#e8e8e4;--paper:#17181a;--card:#232427;--line:#4a4b50;--soft:#a0a0a0;
--observation:#1f5a2c;--explained:#3a3b3f;--queued:#6d4a08;--unexplained:#7d2520;--implied:#254a80}}
body{margin:0 auto;padding:1.5rem;max-width:46rem;background:var(--paper);color:var(--ink);
font:1.05rem/1.9 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif}
header{border-bottom:1px solid var(--line);margin-bottom:1.5rem}h1{font-size:1.3rem;line-height:1.4}
header ul{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;padding:0;margin:.5rem 0;font-size:.9rem}
header p{font-size:.85rem;color:var(--soft)}
main{white-space:pre-wrap;overflow-wrap:anywhere;padding-bottom:45vh}
.n{border-radius:.25em;padding:0 .15em;cursor:pointer}header .n{cursor:default}
.observation{background:var(--observation)}.explained{background:var(--explained)}.queued{background:var(--queued)}
.unexplained{background:var(--unexplained)}.implied{background:var(--implied)}
.n:focus{outline:2px solid currentColor;outline-offset:1px}
.n dl{display:none;position:fixed;z-index:1;left:0;right:0;bottom:0;max-width:46rem;max-height:45vh;overflow:auto;
margin:0 auto;padding:.9rem 1.5rem;box-sizing:border-box;background:var(--card);border:1px solid var(--line);
border-radius:.7rem .7rem 0 0;box-shadow:0 -4px 16px #0003;
font-size:.9rem;line-height:1.5;white-space:normal;cursor:auto;text-align:left}
.n:focus dl,.n:focus-within dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem .8rem}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
"""
