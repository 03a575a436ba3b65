"""What the readable text is, character by character, and that its spans lead back."""

import pytest

from assets.parse.normalise import normalise


@pytest.mark.parametrize(
    ("published", "readable"),
    [
        ("受理４２件", "受理42件"),
        ("占比８８．２４％", "占比88.24%"),
        ("⾏政复议⺠", "行政复议民"),
        ("縣級人民政府規範性文件", "县级人民政府规范性文件"),
        ("收到 42 件", "收到42件"),
        ("收到\u300042\u00a0件", "收到42件"),
        ("行\u200b政\ufeff复\u00ad议1\u200d2件", "行政复议12件"),
        ("\ufeff受理3件\n", "受理3件"),
        ("App Store 12", "App Store12"),
        ("受理42件,审结38件;合格率98.5%,比例1:3", "受理42件，审结38件；合格率98.5%，比例1:3"),
        ("罚款1,047元 . 收到5件", "罚款1,047元。收到5件"),
        ("附表:1,2;3", "附表：1,2;3"),
    ],
)
def test_looks_are_made_even(published: str, readable: str) -> None:
    assert normalise(published).text == readable


@pytest.mark.parametrize(
    ("published", "readable"),
    [
        ("罚款1 047 件", "罚款1047件"),
        ("1 183 400元", "1183400元"),
        ("受理6 5件", "受理65件"),
        ("受理1 2 3件", "受理123件"),
        ("1 047.5万元", "1047.5万元"),
        ("1 047\u00a0|", "1047|"),
        ("31 4 0", "31 4 0"),
        ("31 047", "31 047"),
        ("处罚 | 31 047", "处罚|31047"),
        ("手册3 000本", "手册3000本"),
        ("2022 1 047件", "2022 1 047件"),
        ("31  047件", "31  047件"),
        ("31 047\n年度小结", "31 047\n年度小结"),
    ],
)
def test_blanks_between_digits_go_only_where_one_number_is_certain(published: str, readable: str) -> None:
    assert normalise(published).text == readable


@pytest.mark.parametrize(
    ("published", "readable"),
    [
        ("全年共收到行政复议申请五十余件，受理行政复\n议案件42件。", "全年共收到行政复议申请五十余件，受理行政复议案件42件。"),
        ("全年共收到行政复议申请，受理案件4\r\n2件，审结四十件。", "全年共收到行政复议申请，受理案件42件，审结四十件。"),
        ("全年共收到行政复议申请，受理案件4\f2件，审结四十件。", "全年共收到行政复议申请，受理案件42件，审结四十件。"),
        ("工作情况如下。\n\n\u3000\u3000一、加强领导", "工作情况如下。\n一、加强领导"),
        ("我县认真落实各项工作要求和有关任务\n（一）坚持领导", "我县认真落实各项工作要求和有关任务\n（一）坚持领导"),
        ("一、主要工作\n全年共收到行政复议申请，受理案件42件", "一、主要工作\n全年共收到行政复议申请，受理案件42件"),
        ("项目\n数量\n受理\n42", "项目\n数量\n受理\n42"),
        ("受理|42\n以上数据截至年底，由各单位自行统计上报", "受理|42\n以上数据截至年底，由各单位自行统计上报"),
        ("项目|数量\r受理|42", "项目|数量\n受理|42"),
        ("青禾县2023年法治政府建设报告\n我县认真落实各项工作要求和有关任务", "青禾县2023年法治政府建设报告\n我县认真落实各项工作要求和有关任务"),
        (
            "本表由县司法局负责填报，并对数据负责任\n项目\n数量\n以上数据截至年底，由各单位自行统计上报",
            "本表由县司法局负责填报，并对数据负责任\n项目\n数量\n以上数据截至年底，由各单位自行统计上报",
        ),
    ],
)  # fmt: skip
def test_line_ends_stay_where_lines_end_and_go_where_they_broke_a_sentence(published: str, readable: str) -> None:
    assert normalise(published).text == readable


@pytest.mark.parametrize("unit", ["件", "名", "万元", "%"])
def test_letters_that_stand_for_digits_are_read_as_digits_and_remembered(unit: str) -> None:
    readable = normalise(f"受理3O{unit}，l2{unit}")
    assert readable.text == f"受理30{unit}，12{unit}"
    assert {readable.text[at] for at in readable.repaired} == {"0", "1"}
    assert len(readable.repaired) == 2


def test_repaired_digits_are_remembered_where_they_stand_after_blanks_went() -> None:
    readable = normalise("一 共 受 理 3O件")
    assert [readable.text[at - 1 : at + 1] for at in readable.repaired] == ["30"]


@pytest.mark.parametrize("word", ["3D打印", "4G网络", "OK", "Oil", "IO件", "PM2.5"])
def test_words_with_such_letters_stay(word: str) -> None:
    assert normalise(word).text == word


def test_spans_lead_back_to_the_text_as_published() -> None:
    published = "\ufeff收到 行政\n复议申请１ ０４７\u3000件。"
    readable = normalise(published)
    start = readable.text.index("1047")
    begin, end = readable.span(start, start + 4)
    assert published[begin:end] == "１ ０４７"
    begin, end = readable.span(readable.text.index("行政"), readable.text.index("申请"))
    assert published[begin:end] == "行政\n复议"


def test_empty_text_is_readable() -> None:
    assert normalise("").text == ""
    assert normalise(" \n\u200b").text == ""


def test_the_blanks_known_are_all_that_unicode_has() -> None:
    blanks = [chr(code) for code in range(0x3100) if chr(code).isspace() and chr(code) != "\t"]
    assert [blank for blank in blanks if normalise(f"受理，{blank}审结").text != "受理，审结"] == []
