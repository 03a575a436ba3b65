"""The files at the root of all releases that follow from ``index.json``: its page, its feed, and itself as a script.

Here belongs the page: which releases there are, newest first, and the way into each. It is made anew with
``index.json`` and says nothing that is not in it; it needs no script. Not here: the feed (``feed``), the pages of one
release (``files``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from assets.publish.site.feed import MEDIA_TYPE, feed
from assets.publish.site.script import script
from contracts import release
from contracts.release import WITHDRAWN

_POLICY = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"


def root_files(entries: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the texts of all files that follow from the ``entries`` of ``index.json``, oldest first, by path."""
    return {
        release.INDEX_SCRIPT: script("releases", {"releases": list(entries)}),
        release.FEED: feed(entries),
        release.INDEX_PAGE: _page(entries),
    }


def _page(entries: Sequence[Mapping[str, Any]]) -> str:
    """Return the page; it borrows its looks from the newest site."""
    newest_first = list(reversed(entries))
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
<link rel="alternate" type="{MEDIA_TYPE}" href="{release.FEED}" title="{escape(release.TITLE_ZH)}">
{style}</head>
<body>
<main>
<h1>{escape(release.TITLE_ZH)}</h1>
<p>{escape(release.DESCRIPTION_ZH)}</p>
<p lang="en">{escape(release.TITLE_EN)}. {escape(release.DESCRIPTION_EN)}</p>
<h2>全部版本 · <span lang="en">All releases</span></h2>
<div class="scroll" tabindex="0" role="region" aria-label="全部版本 All releases">
<table>
<thead><tr><th>版本 Release</th><th>截至 As of</th><th>结构 Schema</th><th>方法 Method</th><th>指标值 Facts</th><th>报告 Documents</th><th>变动 Changes</th><th>说明 Readme</th></tr></thead>
<tbody>
{rows}</tbody>
</table>
</div>
<p><a href="{release.INDEX}">{release.INDEX}</a> · <a href="{release.LATEST}">{release.LATEST}</a> ·
<a href="{release.FEED}" type="{MEDIA_TYPE}">订阅 Atom feed</a></p>
</main>
</body>
</html>
"""


def _row(entry: Mapping[str, Any]) -> str:
    version, path = escape(entry["version"]), escape(entry["path"])
    facts = "".join(
        f'<td class="day">{escape(entry[name])}</td>' for name in ("as_of", "schema_version", "method_version")
    )
    errata = "".join(f"<br>勘误 Erratum {escape(one['on'])}: {escape(one['note'])}" for one in entry.get("errata", ()))
    if WITHDRAWN in entry:
        why = f"{escape(entry[WITHDRAWN]['on'])}: {escape(entry[WITHDRAWN]['reason'])}"
        return f'<tr><th scope="row">{version}</th>{facts}<td colspan="4">已撤回 Withdrawn {why}{errata}</td></tr>\n'
    entered = f'<a href="{escape(entry["site"])}index.html">{version}</a>' if "site" in entry else version
    counts = (entry["counts"]["observations"], entry["counts"]["documents"], entry["changes"])
    figures = "".join(f'<td class="number">{"—" if n is None else f"{n:,}"}</td>' for n in counts)
    return (
        f'<tr><th scope="row">{entered}</th>{facts}{figures}<td><a href="{path}README.zh.md">中文</a> '
        f'<a href="{path}README.md" lang="en">English</a>{errata}</td></tr>\n'
    )
