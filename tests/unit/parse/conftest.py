"""A small catalogue of its own, so that what the engine does is shown apart from what the project's catalogue says."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assets.parse.extract import extract
from assets.parse.facts import Extraction
from contracts.indicators import Catalogue, read_catalogue

LEXICON = """\
masks = ["不予受理"]

[units]
"件" = ["件", "宗", "起"]
"项" = ["项"]
"个" = ["个"]
"家" = ["家"]
"名" = ["名", "人"]
"人次" = ["人次"]
"次" = ["次"]
"场" = ["场", "场次"]
"条" = ["条"]
"%" = ["%"]
"万元" = ["万元", "元", "亿元"]

[signals]
comparison = ["同比", "较上年"]
change = ["增长", "下降", "增加"]
level = ["增至"]
share = ["占", "占比"]
target = ["力争", "拟"]
goal = ["目标"]
norm = ["每年", "每"]
none = ["无", "未发生", "没有"]
all = ["全部", "均"]
full = ["全覆盖"]
governs = ["审核"]
act = ["撤销"]
half_year = ["上半年"]
since = ["以来"]
this_year = ["全年", "今年"]
last_year = ["去年，"]
respectively = ["分别"]
jointly = ["均", "均达"]
plan = ["下一步", "工作打算"]
problem = ["存在的问题"]

[scopes]
reporter = ["县政府本级", "市政府"]
territory = ["全县", "全市"]
departments = ["县直部门", "市场监管局"]
subordinate_governments = ["各乡镇"]

[fixed]
plan_name = ["“八五”"]
idiom = ["统一", "进一步"]

[short]
"收" = ["收到"]
"撤" = ["撤销"]
"""

CASES = """\
[domain]
id = "D01"
zh = "复议"
en = "Reconsideration"

[topics]
"复议" = ["复议", "行政复议"]
"培训" = ["培训", "培训班", "集中培训"]

[concepts]
"收到" = ["收到", "新收", "接收"]
"受理" = ["受理", "立案"]
"审结" = ["审结", "办结"]
"维持" = ["维持"]
"撤销" = ["撤销"]
"举办" = ["举办", "开展"]
"合格率" = ["合格率"]
"参考率" = ["参考率", "培训到课率"]
"纠错" = ["纠错"]
"建成" = ["建成"]
"""


def _indicator(name: str, unit: str, topic: str, *lines: str) -> str:
    kind = {"percent": "rate", "%": "rate", "万元": "amount"}.get(unit, "count")
    return "\n".join(
        (
            "\n[[indicator]]",
            f'id = "{name}"\nzh = "{name}"\nen = "{name}"\ndefinition_zh = "{name}"\ndefinition_en = "{name}"',
            f'unit = "{unit}"\nkind = "{kind}"\ntopic = ["{topic}"]',
            'scopes = ["reporter", "territory", "departments", "subordinate_governments"]',
            *lines,
        )
    )


INDICATORS = (
    _indicator("received", "件", "复议", 'patterns = ["收到 -其中 #"]', 'none = ["收到"]'),
    _indicator("accepted", "件", "复议", 'patterns = ["受理 #"]'),
    _indicator("concluded", "件", "复议", 'patterns = ["审结 #"]', 'all = ["审结 => accepted"]'),
    _indicator("upheld", "件", "复议", 'patterns = ["维持 #"]', 'all = ["维持 => concluded accepted"]'),
    _indicator("revoked", "件", "复议", 'patterns = ["撤销 #"]'),
    _indicator("corrected", "件", "复议", 'patterns = ["纠错 #"]', 'none = ["纠错"]'),
    _indicator("sessions", "场", "培训", 'patterns = ["培训 #场|次"]'),
    _indicator("trained", "人次", "培训", 'patterns = ["培训 #人次|名"]'),
    _indicator("pass_rate", "%", "培训", 'patterns = ["合格率 #"]', 'full = ["合格率"]'),
    _indicator("attendance_rate", "%", "培训", 'patterns = ["参考率 #"]'),
    _indicator("spent", "万元", "培训", 'patterns = ["培训 经费 #"]'),
)


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder: Path = tmp_path_factory.mktemp("catalogue")
    (folder / "lexicon.toml").write_text(LEXICON, encoding="utf-8")
    (folder / "d01_cases.toml").write_text(CASES + "\n".join(INDICATORS), encoding="utf-8")
    return read_catalogue(folder)


@pytest.fixture
def catalogue_with(tmp_path: Path) -> Callable[..., Catalogue]:
    """Return a maker of the small catalogue with one indicator more: its id, its unit, its patterns' lines."""

    def make(name: str, unit: str, *lines: str) -> Catalogue:
        added = _indicator(name, unit, "复议", *lines).replace('topic = ["复议"]\n', "")
        (tmp_path / "lexicon.toml").write_text(LEXICON, encoding="utf-8")
        (tmp_path / "d01_cases.toml").write_text(CASES + "\n".join((*INDICATORS, added)), encoding="utf-8")
        return read_catalogue(tmp_path)

    return make


@pytest.fixture(scope="session")
def read(catalogue: Catalogue) -> Callable[[str], Extraction]:
    """Return the extractor with the small catalogue and the report year 2023."""
    return lambda text: extract(text, catalogue, year=2023)
