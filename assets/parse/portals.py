"""Addresses of portals -> which of several places of one name a report was published by.

Belongs here: the forms in which the hosts of county and prefecture governments spell their names. Not here: which places are in
question and what else speaks for one of them (`identity`).
"""

import re
from collections.abc import Iterable

from contracts.divisions import Division, spellings


def spelled_by(url: str | None, candidates: Iterable[Division]) -> tuple[Division, ...]:
    """Those of `candidates` that the host of `url` spells, in pinyin or its initials; none where it says nothing.

    `www.xzgl.gov.cn` is 徐州市鼓楼区, `gulou.fuzhou.gov.cn` that of 福州市, `www.xuzhou.gov.cn` speaks for any of its counties.
    """
    host = _HOST.match((url or "").lower())
    labels = set(host[1].split(".")) if host else set()
    return tuple(division for division in candidates if labels & _hosts(division))


_HOST = re.compile(r"https?://([a-z0-9.-]+)\.gov\.cn(?=[:/?#]|\Z)")
_KIND = re.compile(r"(?<=..)(?:自治州|自治县|地区|省|市|区|县|旗|盟|州)$")


def _hosts(division: Division) -> set[str]:
    parent, name = _forms(division.prefecture or division.province or ""), _forms(division.name)
    return {f"{above}{own}" for above in parent for own in name} | set(parent[:1])


def _forms(name: str) -> list[str]:
    """`gulou` and `gl`; none for a name that no other place shares."""
    spelling = spellings().get(_KIND.sub("", name))
    return [] if spelling is None else ["".join(spelling), "".join(syllable[0] for syllable in spelling)]
