"""The page at the root of all releases: which there are, newest first, and the way into each.

Here belongs that page. It is made anew with ``index.json`` and says nothing that is not in it; it needs no script. Not
here: the pages of one release (``files``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from contracts import release

_POLICY = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"


def root_page(entries: Iterable[Mapping[str, str]]) -> str:
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


def _row(entry: Mapping[str, str]) -> str:
    version, path = escape(entry["version"]), escape(entry["path"])
    entered = f'<a href="{escape(entry["site"])}index.html">{version}</a>' if "site" in entry else version
    return (
        f'<tr><th scope="row">{entered}</th><td>{escape(entry["as_of"])}</td><td>{escape(entry["schema_version"])}</td>'
        f'<td>{escape(entry["method_version"])}</td><td><a href="{path}README.zh.md">中文</a> '
        f'<a href="{path}README.md" lang="en">English</a></td></tr>\n'
    )
