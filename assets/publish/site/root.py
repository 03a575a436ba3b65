"""The page at the root of all releases: which there are, newest first, and the way into each.

Here belongs that page. It is made anew with ``index.json`` and says nothing that is not in it; it needs no script. Not
here: the pages of one release (``files``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from contracts import release

_POLICY = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"


WITHDRAWN = "withdrawn"
"""The entry of a withdrawn release says under this name when and why."""


def root_page(entries: Iterable[Mapping[str, Any]]) -> str:
    """Return the page for the ``entries`` of ``index.json``, oldest first; it borrows its looks from the newest site."""
    newest_first = list(reversed(list(entries)))
    sites = [entry["site"] for entry in newest_first if "site" in entry]
    style = f'<link rel="stylesheet" href="{escape(sites[0])}style.css">\n' if sites else ""
    rows = "".join(_row(entry) for entry in newest_first)
    return f"""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{escape(release.TITLE_ZH)}</title>
<link rel="icon" href="data:,">
{style}</head>
<body>
<main>
<h1>{escape(release.TITLE_ZH)}</h1>
<p>{escape(release.DESCRIPTION_ZH)}</p>
<p lang="en">{escape(release.TITLE_EN)}. {escape(release.DESCRIPTION_EN)}</p>
<h2>全部版本 · <span lang="en">All releases</span></h2>
<table>
<thead><tr><th>版本 Release</th><th>截至 As of</th><th>结构 Schema</th><th>方法 Method</th><th>说明 Readme</th></tr></thead>
<tbody>
{rows}</tbody>
</table>
<p><a href="{release.INDEX}">{release.INDEX}</a> · <a href="{release.LATEST}">{release.LATEST}</a></p>
</main>
</body>
</html>
"""


def _row(entry: Mapping[str, Any]) -> str:
    version, path = escape(entry["version"]), escape(entry["path"])
    facts = "".join(f"<td>{escape(entry[name])}</td>" for name in ("as_of", "schema_version", "method_version"))
    if WITHDRAWN in entry:
        why = f"{escape(entry[WITHDRAWN]['on'])}: {escape(entry[WITHDRAWN]['reason'])}"
        return f'<tr><th scope="row">{version}</th>{facts}<td>已撤回 Withdrawn {why}</td></tr>\n'
    entered = f'<a href="{escape(entry["site"])}index.html">{version}</a>' if "site" in entry else version
    errata = "".join(f"<br>勘误 Erratum {escape(one['on'])}: {escape(one['note'])}" for one in entry.get("errata", ()))
    return (
        f'<tr><th scope="row">{entered}</th>{facts}<td><a href="{path}README.zh.md">中文</a> '
        f'<a href="{path}README.md" lang="en">English</a>{errata}</td></tr>\n'
    )
