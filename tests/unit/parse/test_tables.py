"""Tables in text form: a cell is what its labels say, wherever it stands."""

from collections.abc import Callable

import pytest

from assets.parse.extract import extract
from assets.parse.facts import Extraction
from assets.parse.tables import find_tables, is_neutral, labelled_cells

Read = Callable[[str], Extraction]


def values(found: Extraction) -> list[tuple[str, float | None]]:
    return [(o.indicator_id, o.value) for o in found.observations]


def test_rows_with_bars_are_bound_by_header(read: Read) -> None:
    found = read("行政复议案件情况\n项目|收到|受理|审结\n件数|51|42|38\n")
    assert values(found) == [("received", 51), ("accepted", 42), ("concluded", 38)]
    assert all(o.flags == ("table",) for o in found.observations)


def test_a_label_may_go_on_in_the_next_line(read: Read) -> None:
    found = read(
        "行政复议案件情况\n项目|数量（件）\n收到|51\n受理（区分处理的，只计这一情形，\n不计其他）|42\n审结|38\n"
    )
    assert values(found) == [("received", 51), ("accepted", 42), ("concluded", 38)]


def test_a_heading_above_cells_that_stand_one_a_line_is_none_of_them() -> None:
    lines = ["二、主动公开政府信息情况", "第二十条第（六）项", "信息内容", "本年处理决定数量"]
    lines += ["行政许可", "2318", "行政处罚", "467", "行政强制", "29"]
    assert [o.value for o in extract("\n".join(lines)).observations] == [2318, 467, 29]


def test_the_seven_columns_of_applicants_prove_their_sum_below_merged_headers() -> None:
    head = "申请情况|自然人|法人或其他组织|总计\n||商业企业|科研机构|社会公益组织|法律服务机构|其他|\n"
    row = "本年新收政府信息公开申请数量|26|3|0|0|1|0|{}\n"
    assert values(extract(head + row.format(30))) == [("information_disclosure_requests_received", 30)]
    assert values(extract(head + row.format(31))) == []


def test_merged_cells_of_two_header_rows_are_unfolded(read: Read) -> None:
    found = read("年度情况\n行政复议|培训\n收到|受理|全年\n参考率|合格率\n51|42|95%|91%\n")
    assert values(found) == [("received", 51), ("accepted", 42), ("attendance_rate", 95), ("pass_rate", 91)]


def test_a_body_named_with_a_unit_in_brackets_has_the_unit_of_its_column() -> None:
    found = extract("2024年度行政执法统计\n单位|行政处罚(件)|行政检查(次)\n县公安局|531|870\n各乡镇（街道）|146|1036\n")
    assert [o.scope for o in found.observations] == ["departments"] * 2 + ["subordinate_governments"] * 2


def test_rows_of_another_year_are_comparisons() -> None:
    found = extract("2023年人民调解情况\n年度|调委会（个）|调解员（名）\n2022|201|1102\n2023|206|1136\n")
    assert values(found) == [("people_mediation_committees", 206), ("peoples_mediators", 1136)]


def test_serial_numbers_and_remarks_count_nothing(read: Read) -> None:
    found = read("行政复议案件情况\n序号|项目|数量|备注\n1|收到|51|网上12件\n2|受理|42|\n3|审结|38|结转4件\n")
    assert values(found) == [("received", 51), ("accepted", 42), ("concluded", 38)]


def test_a_column_of_respondents_counts_what_the_report_decides() -> None:
    found = extract(
        "2024年行政复议案件统计\n被申请人|件数\n县公安局|48\n乡镇人民政府|23\n合计|71\n审理结果|件数\n维持|51\n撤销|8\n"
    )
    assert values(found) == [
        ("reconsideration_respondent_townships", 23),
        ("administrative_reconsideration_upheld", 51),
        ("administrative_reconsideration_revoked", 8),
    ]


def test_a_cell_may_name_the_unit_of_its_row(read: Read) -> None:
    assert values(read("行政复议案件情况\n收到数|51|件\n受理数|42|件\n")) == [("received", 51), ("accepted", 42)]
    assert values(read("行政复议案件情况\n指标|单位|数量\n收到数|件|51\n受理数|件|42\n")) == [
        ("received", 51),
        ("accepted", 42),
    ]


def test_seven_figures_below_a_header_that_lost_its_end() -> None:
    head = "申请情况|自然人|法人或其他组织|||||总计\n||商业企业|科研机构|社会公益组织|法律服务机构|其他|\n"
    row = "三、本年度办理结果|（一）予以公开|9|1|0|0|1|0|11\n|（二）部分公开|2|0|0|0|0|0|2\n"
    assert values(extract("政府信息公开申请\n" + head + row)) == [
        ("information_disclosure_granted", 11),
        ("information_disclosure_partially_granted", 2),
    ]


def test_rows_of_figures_are_not_joined_to_a_sentence() -> None:
    rows = "2022年行政应诉案件\n一审案件 二审案件 合计\n收案数 56 21 77\n结案数 50 19 69\n败诉数 5 1 6\n"
    assert values(extract(rows)) == []


def test_the_name_of_a_section_is_no_header() -> None:
    found = extract("2022年度行政执法公示\n行政许可情况| |\n受理数量（宗）|1226|\n许可数量（宗）|1219|\n")
    assert [o.value for o in found.observations] == [1226, 1219]


def test_the_row_of_the_government_itself_is_its_own() -> None:
    found = extract("2022年度行政应诉统计\n被告|案件数|审结数\n县政府|11|9\n县级部门|46|41\n合计|57|50\n")
    assert [o.scope for o in found.observations] == [*["reporter"] * 2, *["departments"] * 2, *["territory"] * 2]


def test_the_order_of_columns_makes_no_difference(read: Read) -> None:
    found = read("行政复议案件情况\n项目|审结|收到|受理\n件数|38|51|42\n")
    assert dict(values(found)) == {"received": 51, "accepted": 42, "concluded": 38}


def test_labels_in_rows_bind_as_well(read: Read) -> None:
    found = read("行政复议案件情况\n项目|数量（件）\n收到|51\n受理|42\n审结|38\n")
    assert dict(values(found)) == {"received": 51, "accepted": 42, "concluded": 38}


def test_one_cell_a_line(read: Read) -> None:
    found = read("行政复议案件情况\n项目\n数量\n收到\n51\n受理\n42\n审结\n38\n")
    assert dict(values(found)) == {"received": 51, "accepted": 42, "concluded": 38}


def test_a_label_that_says_more_than_the_rule_makes_a_part(read: Read) -> None:
    found = read("行政复议案件收到情况\n项目|收到|其中公安\n件数|51|12\n")
    assert values(found) == [("received", 51)]
    assert [(n.class_, n.kind) for n in found.numerals if n.text == "12"] == [("queued", "uncatalogued")]


def test_empty_is_missing_and_not_nought(read: Read) -> None:
    found = read("行政复议案件情况\n项目|收到|受理|审结\n件数|51||38\n")
    assert dict(values(found)) == {"received": 51, "concluded": 38}
    found = read("行政复议案件情况\n项目|收到|受理|审结\n件数|51|-|0\n")
    assert dict(values(found)) == {"received": 51, "concluded": 0}


def test_columns_of_other_years_and_changes_are_comparisons(read: Read) -> None:
    found = read("行政复议案件情况\n项目|2022年|2023年|同比增减\n收到|40|51|11\n")
    assert values(found) == [("received", 51)]
    assert [n.kind for n in found.numerals if n.class_ == "explained"].count("comparison") == 2


def test_labels_that_repeat_are_told_apart_by_their_groups(read: Read) -> None:
    found = read("行政复议案件情况\n申请\n收到\n受理\n诉讼\n收到\n受理\n51\n42\n9\n7\n")
    assert ("received", 9) not in values(found)
    found = read("行政复议案件情况\n申请\n收到\n受理\n诉讼\n收到\n受理\n51\n42\n9\n")
    assert values(found) == []


def test_sums_take_the_unit_of_the_caption(read: Read) -> None:
    found = read("培训经费统计表（单位：场、万元）\n项目|培训（场）|经费总额\n培训|12|3.5\n")
    assert values(found) == [("sessions", 12), ("spent", 3.5)]


def test_a_column_may_hold_the_units(read: Read) -> None:
    found = read("培训情况表\n项目|数量|单位\n培训|12|场\n培训经费|3.5|万元\n")
    assert values(found) == [("sessions", 12), ("spent", 3.5)]


def test_a_total_that_stands_over_no_totals_is_proven_by_its_sum(read: Read) -> None:
    header = "申请人\n自然人\n法人\n总计\n企业\n机构\n组织\n服务\n其他\n"
    found = read(f"行政复议申请情况\n{header}收到\n26\n3\n0\n0\n1\n0\n30\n")
    assert values(found) == [("received", 30)]
    found = read(f"行政复议申请情况\n{header}收到\n26\n3\n0\n0\n1\n0\n31\n")
    assert values(found) == []


def test_a_row_for_the_whole_county_is_a_total(read: Read) -> None:
    found = read("行政复议案件情况\n单位|收到\n全县合计|51\n")
    assert values(found) == [("received", 51)]


def test_serial_numbers_are_labels(read: Read) -> None:
    found = read("行政复议案件情况\n序号|项目|数量（件）\n1|收到|51\n2|受理|42\n")
    assert values(found) == [("received", 51), ("accepted", 42)]
    assert [n.kind for n in found.numerals if n.text in ("1", "2")] == ["table_label", "table_label"]


def test_fused_cells_are_refused_with_the_reason(read: Read) -> None:
    found = read("行政复议案件情况\n项目|收到|受理|审结\n件数|514238017265493|42|38\n")
    assert ("received", 514238017265493.0) not in values(found)
    assert [n.kind for n in found.numerals if n.text.startswith("5142")] == ["fused"]


def test_the_unit_of_the_header_counts(read: Read) -> None:
    found = read("培训情况\n项目|培训经费（元）\n数量|12000\n")
    assert values(found) == [("spent", 1.2)]


def test_prose_before_and_after_a_table_is_read_as_prose(read: Read) -> None:
    found = read("全年受理行政复议案件42件。\n项目|收到复议申请\n件数|51\n本年审结行政复议案件38件，各项工作平稳有序。")
    assert values(found) == [("accepted", 42), ("received", 51), ("concluded", 38)]


@pytest.mark.parametrize("text", ["", "\n" * 50, "没有表格的文字。\n" * 20, "|", "|||\n|||"])
def test_texts_without_figures_hold_no_cells(text: str) -> None:
    assert [cell for table in find_tables(text) for cell in labelled_cells(table)] == []


@pytest.mark.parametrize("label", ["合计", "总计", "件数（件）", "2023年度", "一、项目", "单位："])
def test_neutral_labels(label: str) -> None:
    (table,) = find_tables(f"{label}|51")
    assert is_neutral(table.rows[0][0])


@pytest.mark.parametrize("label", ["公安", "其他", "罚款"])
def test_labels_that_mean_something(label: str) -> None:
    (table,) = find_tables(f"{label}|51")
    assert not is_neutral(table.rows[0][0])


def test_a_merged_header_reaches_all_columns_below_it_and_no_column_beside_it() -> None:
    text = " |  | 复议 |  | 诉讼 |  | 合计\n |  | 维持 | 总计 | 维持 | 总计 | \n件数 |  | 1 | 2 | 3 | 4 | 6\n本月 |  | 1 | 2 | 3 | 4 | 6\n"
    (table,) = find_tables(text)
    labels = {each.cell.start: [label.text for label in each.column] for each in labelled_cells(table)}
    row = text.index("件数")
    assert [labels[text.index(f" {figure}", row) + 1] for figure in "12346"] == [
        ["维持", "复议"],
        ["总计", "复议"],
        ["维持", "诉讼"],
        ["总计", "诉讼"],
        ["合计"],
    ]


def test_the_lawsuits_over_disclosure_are_told_apart_by_their_way_to_court() -> None:
    groups = " | ".join(["行政复议", *[""] * 4, "行政诉讼", *[""] * 9])
    ways = " | ".join([*[""] * 5, "未经复议直接起诉", *[""] * 4, "复议后起诉", *[""] * 4])
    results = " | ".join(["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3)
    figures = " | ".join(str(number) for number in (1, 2, 3, 4, 10, 0, 0, 5, 0, 5, 6, 0, 0, 1, 7))
    text = f"确山县2023年政府信息公开工作年度报告\n四、政府信息公开行政复议、行政诉讼情况\n{groups}\n{ways}\n{results}\n{figures}\n"
    found = {(fact.indicator_id, fact.dimension, fact.value) for fact in extract(text).observations}
    assert found == {
        ("disclosure_reconsideration_total", None, 10),
        ("disclosure_litigation_total", "未经复议直接起诉", 5),
        ("disclosure_litigation_total", "复议后起诉", 7),
    }


def test_a_named_total_leaves_the_columns_of_its_kind_parts() -> None:
    found = extract("2024年度行政强制统计表\n查封|扣押|其他强制措施|强制措施合计\n28|147|3|178\n")
    assert values(found) == [("administrative_compulsory_measures", 178)]


def test_cases_in_a_table_on_open_government_are_those_that_it_led_to() -> None:
    head = "行政复议|未经复议直接起诉\n" + "|".join(["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 2)
    rows = f"{head}\n2|1|0|1|4|1|0|0|0|1\n"
    found = extract(f"榆溪县水利局2024年政府信息公开年报\n四、政府信息公开行政复议、行政诉讼情况\n{rows}")
    assert values(found) == [("disclosure_litigation_total", 1)]
