"""The constructions of a sentence, each with the smallest wording that shows it, read with the small catalogue."""

from collections.abc import Callable

import pytest

from assets.parse.extract import extract
from assets.parse.facts import Extraction

Read = Callable[[str], Extraction]


def values(found: Extraction) -> list[tuple[str, float | None]]:
    return [(o.indicator_id, o.value) for o in found.observations]


def kinds(found: Extraction) -> list[str]:
    return [n.kind for n in found.numerals if n.class_ == "explained"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the words around a number
        ("收到行政复议申请51件。", [("received", 51)]),
        ("行政复议申请收到51件。", [("received", 51)]),
        ("51件行政复议申请全部收到。", [("received", 51)]),
        ("收到行政复议申请（含网上申请）51件。", [("received", 51)]),
        # the topic is carried on: through the clauses, from the sentence before, from the heading
        ("收到行政复议申请51件，受理42件，审结38件。", [("received", 51), ("accepted", 42), ("concluded", 38)]),
        ("认真办理行政复议案件。受理42件。", [("accepted", 42)]),
        ("一、行政复议\n受理42件。", [("accepted", 42)]),
        ("受理42件。", []),
        # verbs in a row, children, brackets
        ("审结行政复议案件38件，其中维持20件、撤销3件。", [("concluded", 38), ("upheld", 20), ("revoked", 3)]),
        ("审结行政复议案件38件（维持20件，撤销3件）。", [("concluded", 38), ("upheld", 20), ("revoked", 3)]),
        ("审结行政复议案件38件，维持、撤销分别为20件和3件。", [("concluded", 38), ("upheld", 20), ("revoked", 3)]),
        # one number for two nouns
        ("培训参考率和合格率均达100%。", [("attendance_rate", 100), ("pass_rate", 100)]),
        # 分别 after the nouns, after their clause, before them; over several years only the last is this year's
        ("县直部门、各乡镇认真应诉行政复议，全年分别收到3件和4件。", [("received", 3), ("received", 4)]),
        ("分别收到、受理行政复议案件9件、7件。", [("received", 9), ("accepted", 7)]),
        ("2021年至2023年，分别收到行政复议申请62件、111件、146件。", [("received", 146)]),
        ("近三年，行政复议申请收到数分别为62件、111件和146件。", [("received", 146)]),
        ("2022年、2023年、2024年，行政复议申请收到数分别为62件、111件、146件。", [("received", 111)]),
        ("行政复议案件逐年增加，2022年42件、2023年51件；培训合格率分别为91%、96%。", [("pass_rate", 96)]),
        # 分别 for several of one noun, and nothing handed out beyond its clause
        ("全县2个单位分别收到行政复议申请9件、7件。", [("received", 9), ("received", 7)]),
        ("分别作了部署；收到行政复议申请9件。", [("received", 9)]),
        # a label takes a bare number
        ("行政复议收到：258件；受理：42件。", [("received", 258), ("accepted", 42)]),
        # thresholds in a list of parts
        ("培训经费50万元以上项目经过审核。", []),
        # a clause that holds only its verb takes the words of the comparison before it
        ("培训合格率同比提高3.4个百分点，为96.1%。", [("pass_rate", 96.1)]),
        ("收到行政复议申请较上年增长12%，达到146件。", [("received", 146)]),
        # each of two nouns
        ("培训参考率、合格率各95%。", [("attendance_rate", 95), ("pass_rate", 95)]),
        # parts that add up to what a sum tells
        ("行政复议案件网上受理12件、窗口受理30件，合计受理42件。", [("accepted", 42)]),
        (
            "行政复议案件网上受理12件、窗口受理30件，合计受理51件。",
            [("accepted", 12), ("accepted", 30), ("accepted", 51)],
        ),
        # what did not happen to what was counted
        ("行政复议案件受理42件没有撤销。", [("accepted", 42)]),
        # nouns quoted side by side are a list
        ("培训“参考率”“合格率”分别为95%、91%。", [("attendance_rate", 95), ("pass_rate", 91)]),
        # what was counted before and what came over from last year add up to neither
        ("受理行政复议案件42件，其中行政处罚受理31件、信息公开受理6件。", [("accepted", 42)]),
        ("受理行政复议案件42件，其中今年受理31件。", [("accepted", 42), ("accepted", 31)]),
        ("受理行政复议案件42件，其中第三季度受理31件。", [("accepted", 42), ("accepted", 31)]),
        # what a list shares stands behind its last number
        ("行政复议申请51件、行政复议案件42件收到。", [("received", 51), ("received", 42)]),
        # 其中 holds for every item of its list
        ("收到行政复议申请51件，其中网上收到12件、窗口收到30件，邮寄收到9件。", [("received", 51)]),
        # a clause with nothing but a word of sum takes the words of the clause before it
        ("认真收到每件行政复议申请，全年共146件。", [("received", 146)]),
        ("行政复议申请收到51件，共146名群众。", [("received", 51)]),
        # what a part is taken of has no words on its right
        ("行政复议案件47件中受理29件。", [("accepted", 29)]),
        # what was not done is not counted
        ("没有举办培训的12场。", []),
        # two numbers for one noun
        ("举办培训班5场900人次。", [("sessions", 5), ("trained", 900)]),
        # one character stands for its word where nothing else is said before a number
        ("行政复议收51件，撤3件；回收7件。", [("received", 51), ("revoked", 3)]),
        # a word goes on where another ends: 集中培训 and 培训到课率
        ("集中培训到课率95%。", [("attendance_rate", 95)]),
        # a number that fills a bracket counts what stands before it
        ("公布撤销的行政复议案件（3件）、维持的（20件）。", [("revoked", 3), ("upheld", 20)]),
        # what a clause without a number says its number was for
        ("开课4场，集中推进复议培训。", [("sessions", 4)]),
        ("开课4场、2场，集中推进复议培训。", [("sessions", 4), ("sessions", 2)]),
        ("开课4场，不断丰富复议培训。", []),
        # who took part in what the clause before tells of
        ("举办培训班5场，900人次参加。", [("sessions", 5), ("trained", 900)]),
        ("参加抢险，900人次参加。", []),
        # a bare sum behind numbers of another unit
        ("3个部门均收到行政复议申请，共计68件。", [("received", 68)]),
        # 由 is no change where it says who makes up a body
        ("参加培训的由11名专家、律师组成。", [("trained", 11)]),
        # a body's part of its own figure is no second one
        ("县政府本级收到行政复议申请12件（县政府本级9件）。", [("received", 12)]),
        ("全县收到行政复议申请12件（县政府本级9件）。", [("received", 12), ("received", 9)]),
        # what is listed behind 审核 was reviewed, not done
        ("行政复议：撤销3件、维持20件。", [("revoked", 3), ("upheld", 20)]),
        ("行政复议：审核合同20件、撤销3件。", []),
        ("行政复议：审核合同20件，撤销3件。", [("revoked", 3)]),
        # how far what was counted has come is no second count
        ("受理行政复议案件42件，受理的已完成38件，其余4件正在受理。", [("accepted", 42)]),
        # a topic holds for the whole sentence
        ("复议：一是收到51件，二是培训5场，三是受理42件。", [("received", 51), ("sessions", 5), ("accepted", 42)]),
        # a longer word hides a shorter one
        ("不予受理行政复议案件2件。", []),
    ],
)
def test_which_number_is_what(read: Read, text: str, expected: list[tuple[str, float]]) -> None:
    assert values(read(text)) == expected


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        # 分别 hands out bodies with their figures
        ("县直部门、各乡镇分别收到行政复议申请3件、4件。", ["departments", "subordinate_governments"]),
        # a body singled out for the clauses that follow
        ("全县收到行政复议申请58件。各乡镇方面，收到9件，受理7件。", ["territory", *["subordinate_governments"] * 2]),
        # the figure of one body within one of all is a part, and holds up to the next semicolon
        (
            "全县收到行政复议申请58件，县政府本级收到9件、审结7件；审结49件。",
            ["territory", "reporter", "reporter", "territory"],
        ),
        # a department by name that opens the sentence has what follows, one of a kind has its clause
        ("市场监管局开展行动，收到行政复议申请9件，受理7件；审结3件。", ["departments", "departments", "reporter"]),
        ("县直部门收到行政复议申请9件，受理7件；审结3件。", ["departments", "departments", "reporter"]),
        ("县直部门开展行动，收到行政复议申请9件。", ["reporter"]),
        # parts by kind are no parts by body
        ("全县收到行政复议申请58件，其中网络31件、各乡镇15件。", ["territory"]),
        # a part that a body has is that body's
        ("全县受理行政复议案件58件，其中县直部门受理9件、审结7件。", ["territory", "departments", "departments"]),
        # places below the writer: towns, and counties where the report is a city's
        ("全县受理行政复议案件58件。青禾镇受理9件，审结7件。", ["territory", *["subordinate_governments"] * 2]),
        ("全市受理行政复议案件58件。折桂县受理9件；审结49件。", ["territory", "subordinate_governments", "territory"]),
        ("全县受理行政复议案件58件。折桂县受理9件。", ["territory", "territory"]),
        ("全县受理行政复议案件58件。城乡受理9件，辖区受理7件。", ["territory"] * 3),
        # 市政府 is a city's own government and a county's superior
        ("全市受理行政复议案件58件。市政府受理9件。", ["territory", "reporter"]),
        ("全县受理行政复议案件58件。市政府受理9件。", ["territory", "territory"]),
        ("市政府受理行政复议案件9件。", ["reporter"]),
    ],
)
def test_whose_figures_they_are(read: Read, text: str, scopes: list[str]) -> None:
    assert [o.scope for o in read(text).observations] == scopes


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("近三年共收到行政复议申请145件。", "cumulative"),
        ("2021年至2023年，共收到行政复议申请145件。", "cumulative"),
        ("落实2021-2025年规划，收到行政复议申请145件。", "year"),
    ],
)
def test_years_in_a_row(read: Read, text: str, period: str) -> None:
    assert [(o.value, o.period) for o in read(text).observations] == [(145, period)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全年未发生行政复议纠错案件。", ("corrected", 0)),
        ("全年没有收到行政复议申请。", ("received", 0)),
        ("受理行政复议案件42件，全部审结。", ("concluded", 42)),
        ("受理行政复议案件42件，审结38件，全部维持。", ("upheld", 38)),
        ("培训合格率实现全覆盖。", ("pass_rate", 100)),
    ],
)
def test_facts_that_no_numeral_states(read: Read, text: str, expected: tuple[str, float]) -> None:
    implied = [o for o in read(text).observations if o.qualifier == "implied"]
    assert [(o.indicator_id, o.value) for o in implied] == [expected]
    assert all(o.value_start is None and o.evidence in text for o in implied)


def test_all_of_nothing_counted_is_no_fact(read: Read) -> None:
    assert values(read("行政复议案件全部审结。")) == []
    assert values(read("受理行政复议案件42件，16家均审结。")) == [("accepted", 42)]


def test_all_of_a_count_is_told_once_and_what_persons_won_is_no_units() -> None:
    filed = ["normative_documents_issued", "normative_documents_filed_for_record"]
    assert [o.indicator_id for o in extract("制定行政规范性文件6件，均报市政府备案。").observations] == filed
    assert values(extract("2人获评全省行政执法标兵。")) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("受理行政复议案件同比增长42件。", "comparison"),
        ("受理行政复议案件较上年增加42件。", "comparison"),
        ("受理行政复议案件占比42%。", "comparison"),
        ("2022年受理行政复议案件42件。", "comparison"),
        ("力争受理行政复议案件42件。", "target"),
        ("受理行政复议案件目标42件。", "target"),
        ("2024年将受理行政复议案件42件。", "target"),
        ("四、工作打算\n受理行政复议案件42件。", "target"),
        ("下一步，受理行政复议案件42件。", "target"),
        ("三、存在的问题\n受理行政复议案件仅42件。", "other"),
        ("每年举办培训42场。", "norm"),
        ("受理42件以上的行政复议案件。", "threshold"),
    ],
)
def test_numbers_that_are_no_result_of_the_year(read: Read, text: str, kind: str) -> None:
    found = read(text)
    assert values(found) == []
    assert [n.kind for n in found.numerals if n.text == "42"] == [kind]


def test_a_comparison_ends_with_its_clause(read: Read) -> None:
    assert values(read("受理行政复议案件42件，同比增长5%，审结38件。")) == [("accepted", 42), ("concluded", 38)]


def test_a_level_reached_is_a_result(read: Read) -> None:
    assert values(read("受理行政复议案件增至42件。")) == [("accepted", 42)]


def test_another_year_ends_with_this_year(read: Read) -> None:
    found = read("2022年受理行政复议案件40件，今年受理行政复议案件42件。")
    assert values(found) == [("accepted", 42)]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("受理行政复议案件42件。", "year"),
        ("全年受理行政复议案件42件。", "year"),
        ("2023年受理行政复议案件42件。", "year"),
        ("上半年受理行政复议案件42件。", "half_year"),
        ("1-6月受理行政复议案件42件。", "half_year"),
        ("1-9月受理行政复议案件42件。", "quarter"),
        ("截至11月底受理行政复议案件42件。", "quarter"),
        ("截至12月底受理行政复议案件42件。", "year"),
        ("三季度受理行政复议案件42件。", "quarter"),
        ("2019年以来受理行政复议案件42件。", "cumulative"),
        ("五年来受理行政复议案件42件。", "cumulative"),
    ],
)
def test_the_time_that_a_number_covers(read: Read, text: str, period: str) -> None:
    assert [(o.value, o.period) for o in read(text).observations] == [(42, period)]


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("受理行政复议案件42件。", "reporter"),
        ("全县受理行政复议案件42件。", "territory"),
        ("县直部门受理行政复议案件42件。", "departments"),
        ("各乡镇举办培训42场。", "subordinate_governments"),
        ("全县加强行政复议，受理行政复议案件42件。", "territory"),
    ],
)
def test_whose_figure_it_is(read: Read, text: str, scope: str) -> None:
    assert [(o.value, o.scope) for o in read(text).observations] == [(42, scope)]


def test_the_number_of_a_table_counts_nothing(read: Read) -> None:
    found = read("行政复议工作\n表2 行政复议案件受理情况\n")
    assert (values(found), kinds(found)) == ([], ["table_label"])


def test_an_instance_of_court_is_no_review() -> None:
    assert values(extract("以县政府为被告的案件13件，一审10件、二审3件。")) == [("administrative_litigation_cases", 13)]


def test_what_is_planned_for_next_year_holds_to_the_end_of_the_sentence(read: Read) -> None:
    assert values(read("计划2024年受理行政复议案件42件，培训9场。")) == []


def test_what_last_year_had_and_what_was_demanded_are_no_results(read: Read) -> None:
    assert values(read("行政复议案件受理数由去年的42件增至51件。")) == [("accepted", 51)]
    assert values(read("行政复议案件受理数由年初的42件增至51件。")) == [("accepted", 51)]
    assert values(read("去年，受理行政复议案件42件；今年51件，审结38件。")) == [("accepted", 51), ("concluded", 38)]
    assert values(read("培训合格率要求不低于95%，实际98.4%。")) == [("pass_rate", 98.4)]


def test_a_norm_reaches_as_far_as_its_limit(read: Read) -> None:
    assert kinds(read("每年开展行政复议和行政应诉专题培训不少于4场。")) == ["norm"]


@pytest.mark.parametrize("who", ["本单位", "本镇", "我局"])
def test_a_body_that_calls_itself_so_means_its_own_figures(who: str) -> None:
    assert [o.scope for o in extract(f"{who}全年作出行政处罚决定9件，罚款1.35万元。").observations] == ["reporter"] * 2


def test_a_bureau_is_known_by_the_title_of_its_statistics() -> None:
    found = extract(
        "2020年度云砥市城市管理行政执法局执法情况\n本局（含3个直属大队）全年作出行政处罚决定3417宗，罚款1422宗。"
    )
    assert {o.scope for o in found.observations} == {"reporter"}


def test_what_a_part_is_of_does_not_become_the_parts() -> None:
    found = extract("全县主动公开政府信息46.8万条，其中县政府网站2.9万条；收到依申请公开138件。")
    assert [o.scope for o in found.observations] == ["territory", "reporter", "territory"]


def test_a_list_of_bodies_parts_the_figure_before_it(read: Read) -> None:
    found = read("受理行政复议案件279件，其中折桂县148件、松筠县131件。")
    assert [(o.value, o.scope, o.dimension) for o in found.observations] == [
        (279, "reporter", None),
        (148, "subordinate_governments", "折桂县"),
        (131, "subordinate_governments", "松筠县"),
    ]


@pytest.mark.parametrize(
    ("number", "value", "qualifier"),
    [
        ("42件", 42, "exact"),
        ("两件", 2, "exact"),
        ("0件", 0, "exact"),
        ("40余件", 40, "at_least"),
        ("40多件", 40, "at_least"),
        ("逾40件", 40, "at_least"),
        ("超40件", 40, "at_least"),
        ("40件以上", 40, "at_least"),
        ("近40件", 40, "approximately"),
        ("约40件", 40, "approximately"),
        ("40件左右", 40, "approximately"),
        ("不足40件", 40, "at_most"),
        ("40件以内", 40, "at_most"),
    ],
)
def test_how_a_number_is_qualified(read: Read, number: str, value: float, qualifier: str) -> None:
    (fact,) = read(f"受理行政复议案件{number}。").observations
    assert (fact.value, fact.qualifier) == (value, qualifier)


def test_a_quantity_that_no_rule_claims_is_queued(read: Read) -> None:
    found = read("修建公园12个。")
    assert [(n.text, n.class_, n.kind) for n in found.numerals] == [("12", "queued", "uncatalogued")]


def test_a_unit_that_does_not_fit_is_no_fact(read: Read) -> None:
    found = read("收到行政复议申请51万元。")
    assert values(found) == []
    assert [n.class_ for n in found.numerals] == ["queued"]


def test_a_repaired_digit_carries_a_flag(read: Read) -> None:
    (fact,) = read("受理行政复议案件4O件。").observations
    assert (fact.value, fact.flags) == (40, ("digits_repaired",))


def test_the_section_is_the_path_of_headings(read: Read) -> None:
    (fact,) = read("一、主要工作\n（一）行政复议\n受理42件。").observations
    assert fact.section == "一、主要工作 > （一）行政复议"


def test_the_rule_is_named(read: Read) -> None:
    (fact,) = read("受理行政复议案件42件。").observations
    assert fact.rule_id == "accepted: 受理 #"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "。" * 5000,
        "，" * 5000,
        "（" * 5000,
        "）" * 5000,
        "（" * 2000 + "受理行政复议案件42件" + "）" * 2000,
        "《" * 5000,
        "“" * 5000,
        "分别" * 2000,
        "全部" * 2000,
        "其中" * 2000 + "42件",
    ],
)
def test_unbalanced_and_endless_marks_are_read(read: Read, text: str) -> None:
    found = read(text)
    assert all(text[n.char_start : n.char_end] == n.text for n in found.numerals)


@pytest.mark.parametrize(
    "text",
    [
        "一、2024年打算。收到行政复议申请146件。",
        "二、2024年重点\n收到行政复议申请146件。",
        "2024年工作目标：收到行政复议申请146件。",
        "一、存在的问题：宣传不够；收到行政复议申请146件，未能全部答复，其余各项工作也需要在今后一个时期之内逐步加以改进和完善才能满足群众的期待。",
        "主要问题：收到行政复议申请146件。",
        "当前的突出问题是：收到行政复议申请146件。",
        "另收到行政复议申请146件拟提请处理。",
        "培训合格率超98%的单位受到表扬。",
    ],
)
def test_what_is_planned_or_falls_short_is_no_result(read: Read, text: str) -> None:
    assert values(read(text)) == []


def test_problems_that_no_heading_announces_end_with_their_paragraph(read: Read) -> None:
    found = read("主要问题：收到行政复议申请146件。\n收到行政复议申请51件。")
    assert values(found) == [("received", 51)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("建成9个乡镇司法所。", [("justice_offices", 9)]),
        ("在9个乡镇司法所设立复议申请代收点。", []),
        ("全镇14个村均设有人民调解委员会。", []),
        ("建立14个村（社区）人民调解委员会。", [("people_mediation_committees", 14)]),
        ("27个执法部门作出行政处罚。", []),
        ("对食品药品等12个领域开展专项整治。", []),
        ("9个人民调解委员会共有人民调解员67人。", [("peoples_mediators", 67)]),
    ],
)
def test_what_a_number_counts_stands_right_behind_it(text: str, expected: list[tuple[str, float]]) -> None:
    assert values(extract(text)) == expected


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("各乡镇和县直部门共聘法律顾问64名。", ["territory"]),
        ("38个执法部门、14个乡镇持证执法人员1032人。", ["territory"]),
        ("14个乡镇持证执法人员1032人。", ["subordinate_governments"]),
        ("8个乡镇96个人民调解组织年内受理纠纷3572件。", ["territory", "territory"]),
        ("州政府制定规范性文件9件，州直部门制定规范性文件4件。", ["reporter", "departments"]),
        ("区卫健委2021年度法治建设报告\n立案88件。", ["reporter"]),
        ("县司法局审核规范性文件19件；评估清理92件。", ["departments", "reporter"]),
        ("（二）部门规范性文件：保留39件，修改4件。", ["departments", "departments"]),
        ("榆溪县水利局2023年法治政府建设总结\n选派4名骨干参加全市执法技能竞赛。立案6起。", ["reporter", "reporter"]),
        ("白音苏木2023年法治政府建设情况报告\n综合行政执法局立案14起。", ["reporter"]),
        (
            "清水镇2023年法治建设报告\n全镇制发规范性文件1件；合法性审核文件63件，调解纠纷9件。",
            ["reporter", "reporter", "territory"],
        ),
    ],
)
def test_who_is_meant_and_who_is_only_named(text: str, scopes: list[str]) -> None:
    assert [o.scope for o in extract(text).observations] == scopes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("对7件行政规范性文件同步解读。", []),
        ("解读行政规范性文件7件。", [("policy_interpretations_published", 7)]),
        ("3个单位被评为省级行政执法示范点。", [("enforcement_model_units", 3)]),
    ],
)
def test_a_number_with_a_noun_of_its_own_counts_that(text: str, expected: list[tuple[str, float]]) -> None:
    assert values(extract(text)) == expected


@pytest.mark.parametrize("named", ["三项制度", "“三项制度”"])
def test_in_quotation_marks_a_word_means_what_it_means_without(named: str) -> None:
    found = extract(f"榆溪县司法局2021年法治政府建设总结\n对12个乡镇开展{named}落实情况监督检查2次。")
    assert values(found) == [("enforcement_supervision_checks", 2)]


def test_no_list_goes_on_past_another_unit() -> None:
    found = extract("下放镇街行政权力12项，公布38个部门4126项。")
    assert values(found) == [("powers_cancelled_or_delegated", 12)]


def test_parts_over_a_mark_are_no_totals() -> None:
    found = extract("审查政府合同233份，其中50万元以上重大合同61份。")
    assert values(found) == [("government_contracts_reviewed", 233)]
    whole = extract("对1000万元以上政府投资合同37份逐一审查。")
    assert values(whole) == [("government_contracts_reviewed", 37)]


def test_a_nearer_topic_ends_a_farther_one() -> None:
    found = extract("收到政府信息公开申请12件，答复12件。县长信箱收到群众来信278件，办结271件。")
    assert ("information_disclosure_outcomes_total", 271) not in values(found)


def test_a_paragraph_with_a_label_goes_on_with_the_one_before_it(read: Read) -> None:
    assert values(read("收到行政复议申请51件。\n结案方式：维持20件。")) == [("received", 51), ("upheld", 20)]
    assert values(read("收到行政复议申请51件。\n维持秩序的20件。")) == [("received", 51)]


def test_what_follows_a_dash_is_a_clause_of_its_own(read: Read) -> None:
    found = read("审结行政复议案件38件——维持20件、撤销3件。")
    assert values(found) == [("concluded", 38), ("upheld", 20), ("revoked", 3)]


def test_of_a_rise_or_fall_only_the_level_reached_counts() -> None:
    found = extract("行政诉讼败诉率由15.8%降到9.9%，败诉案件由12件减为8件。")
    assert values(found) == [("administrative_litigation_loss_rate", 9.9), ("administrative_litigation_cases_lost", 8)]


def test_what_a_superior_decides_of_the_countys_acts_is_the_superiors() -> None:
    found = extract("行政复议方面，市政府立案复议我县政府行为11件：维持6件。")
    assert values(found) == [
        ("superior_reconsideration_cases_accepted", 11),
        ("superior_reconsideration_cases_upheld", 6),
    ]


def test_a_plan_within_a_paragraph_lasts_to_the_end_of_its_sentence(read: Read) -> None:
    text = "审结行政复议案件38件；下一步，加强行政复议调解，培训4场。受理行政复议案件42件。"
    assert values(read(text)) == [("concluded", 38), ("accepted", 42)]


@pytest.mark.parametrize("respondent", ["县直部门", "镇政府"])
def test_after_its_respondents_the_cases_are_still_the_counties_own(respondent: str) -> None:
    found = extract(f"榆溪县行政复议2023年度统计分析\n被申请人为{respondent}的28件。涉及行政处罚47件、行政强制9件。")
    subjects = ["reconsideration_subject_penalty", "reconsideration_subject_compulsory"]
    assert [o.indicator_id for o in found.observations][-2:] == subjects


def test_what_a_numeral_states_is_not_implied_again() -> None:
    found = extract("全县各部门均聘请了法律顾问，法律顾问覆盖率100%。")
    assert [(o.indicator_id, o.qualifier) for o in found.observations] == [("legal_adviser_coverage_rate", "exact")]
