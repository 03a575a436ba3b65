"""Whose report it is and which year's: decided by proof, or filed with what is missing."""

from collections import Counter
from pathlib import Path

import pytest

from assets.ingest.origin import read_sidecar
from assets.parse.header import Found, Header, is_title, issuer_of_title, read_header, year_of_title
from assets.parse.identity import Identity, Unidentified, identify
from assets.parse.places import Body, read_name
from assets.parse.portals import spelled_by
from contracts.divisions import load_divisions, spellings
from contracts.origin import Origin

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples" / "reports").glob("*.txt"))
REAL = ROOT.parent / "shared" / "reports" / "queshan-2022.txt"
BODY = "\n\n现将有关情况报告如下。\n\n一、主要做法\n\n县政府收到行政复议申请51件。\n"
YEAR = 2022
TITLE = f"确山县人民政府关于{YEAR}年度法治政府建设情况的报告"


def known(text: str, origin: Origin | None = None) -> Identity:
    found = identify(text, origin or Origin())
    assert isinstance(found, Identity), found
    return found


def unknown(text: str, origin: Origin | None = None) -> Unidentified:
    found = identify(text, origin or Origin())
    assert isinstance(found, Unidentified), found
    return found


def test_every_county_is_found_with_its_addressee_and_no_name_is_guessed_without() -> None:
    counties = [row for row in load_divisions().rows if row.level == "county" and row.stands_in(2022)]
    assert len(counties) == 2843
    ambiguous = 0
    for county in counties:
        title = f"{county.name}人民政府关于{YEAR}年度法治政府建设情况的报告"
        found = known(f"{title}\n\n{county.prefecture or county.province}人民政府：{BODY}")
        assert (found.division, found.kind) == (county, "county_government")
        alone = identify(title + BODY, Origin())
        if isinstance(alone, Identity):
            assert alone.division == county
        else:
            ambiguous += 1
            assert alone.rule == "identity.ambiguous"
            assert county in alone.candidates
    assert ambiguous == 66


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_name_their_county_and_year_without_their_origin_records(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    alone, recorded = known(text), known(text, read_sidecar(path))
    assert alone.division == recorded.division
    assert alone.report_year == int(path.stem.rsplit("-", 1)[1])
    for field in (alone.issuer, alone.title, alone.addressee, alone.document_number):
        if field is not None:
            assert "".join(text[field.char_start : field.char_end].split()) == field.value


@pytest.mark.skipif(not REAL.is_file(), reason="the real report is not beside this repository")
def test_the_real_report_is_identified_with_the_span_of_each_field() -> None:
    text = REAL.read_text(encoding="utf-8")
    found = known(text)
    assert (found.division.id, found.report_year, found.level) == ("CN-411725", 2022, "county")
    assert found.kind == "county_government"
    assert found.issuer.value == "确山县人民政府"
    assert found.title.value == TITLE
    assert found.issued_on is None
    assert found.document_number is not None
    assert found.document_number.value == "确政文〔2023〕47号"
    assert text[found.document_number.char_start : found.document_number.char_end] == "确政文〔2023〕47号"
    assert found.addressee is not None
    assert text[found.addressee.char_start : found.addressee.char_end] == "驻马店市人民政府"


@pytest.mark.parametrize(
    ("head", "kind", "level", "code"),
    [
        (f"{TITLE}\n驻马店市人民政府：", "county_government", "county", "411725"),
        ("河南省驻马店市确山县人民政府2022年法治政府建设年度报告", "county_government", "county", "411725"),
        ("中共确山县委 确山县人民政府关于2022年法治政府建设情况的报告", "county_government", "county", "411725"),
        (
            "驻马店市人民政府关于2022年法治政府建设情况的报告\n河南省人民政府：",
            "prefecture_government",
            "prefecture",
            "411700",
        ),
        ("河南省人民政府关于2022年法治政府建设情况的报告", "province_government", "province", "410000"),
        ("确山县司法局关于2022年法治政府建设情况的报告", "department", "county", "411725"),
        ("县司法局2022年法治政府建设工作总结\n中共确山县委、确山县人民政府：", "department", "county", "411725"),
        ("确山县竹沟镇人民政府关于2022年法治政府建设情况的报告", "township", "township", "411725"),
        ("竹沟镇人民政府2022年度法治政府建设情况报告\n确山县人民政府：", "township", "township", "411725"),
        ("盘龙街道办事处2022年法治政府建设工作报告\n确山县人民政府：", "township", "township", "411725"),
        ("中山市小榄镇人民政府2022年法治政府建设年度报告", "township", "township", "442000"),
        ("确山县人民政府办公室2022年政府信息公开工作年度报告", "open_government_report", "county", "411725"),
        ("确山县2022年度行政执法数据表", "enforcement_statistics", "county", "411725"),
        ("确山县2022年行政复议行政应诉工作情况报告", "reconsideration_report", "county", "411725"),
        ("确山县人民政府关于公布2022年规范性文件清理结果的通知", "cleanup_notice", "county", "411725"),
        ("2022年确山县法治政府建设情况报告", "county_government", "county", "411725"),
        (
            "确山县人民政府文件\n确政〔2023〕4号\n关于2022年度法治政府建设工作情况的报告",
            "county_government",
            "county",
            "411725",
        ),
        (f"确山县人民政府\n关于{YEAR}年度法治政府建设\n情况的报 告", "county_government", "county", "411725"),
        ("内蒙古科尔沁右翼前旗人民政府2022年法治政府建设情况报告", "county_government", "county", "152221"),
        ("云南镇雄县人民政府关于2022年法治政府建设情况的报告", "county_government", "county", "530627"),
        ("长春市朝阳区人民政府关于2022年法治政府建设情况的报告", "county_government", "county", "220104"),
        ("首页 > 政务公开\n发布时间：2023-02-01 浏览次数：17\n" + TITLE, "county_government", "county", "411725"),
    ],
)
def test_heads_of_every_kind(head: str, kind: str, level: str, code: str) -> None:
    found = known(head + BODY)
    assert (found.kind, found.level, found.division.code, found.report_year) == (kind, level, code, 2022)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("通知\n\n明天上午停水，请相互转告。", "identity.no_title"),
        ("确山县2023年法治政府建设工作要点" + BODY, "identity.no_title"),
        ("确山县人民政府关于印发2022年法治政府建设情况报告的通知" + BODY, "identity.no_title"),
        ("某县人民政府关于2022年法治政府建设情况的报告" + BODY, "identity.template"),
        ("XX县2022年法治政府建设情况报告" + BODY, "identity.template"),
        ("确山县人民政府关于法治政府建设情况的报告" + BODY, "identity.no_year"),
        ("确山县人民政府2021年和2022年法治政府建设情况的报告" + BODY, "identity.no_year"),
        ("确山县人民政府2021—2025年法治政府建设情况报告" + BODY, "identity.no_year"),
        ("2022年度法治政府建设情况报告" + BODY, "identity.no_issuer"),
        ("县人民政府关于2022年度法治政府建设工作情况的报告\n市人民政府：" + BODY, "identity.unknown_place"),
        ("无有县人民政府关于2022年度法治政府建设工作情况的报告" + BODY, "identity.unknown_place"),
        ("崇文区人民政府关于2022年度法治政府建设工作情况的报告" + BODY, "identity.unknown_place"),
        ("鼓楼区人民政府关于2022年度法治政府建设工作情况的报告" + BODY, "identity.ambiguous"),
        ("宿迁市洋河新区管理委员会2022年法治政府建设情况报告" + BODY, "identity.zone"),
        (f"{TITLE}\n\n信阳市人民政府：{BODY}", "identity.contradiction"),
        (f"遂平县人民政府文件\n\n{TITLE}{BODY}", "identity.contradiction"),
    ],
)
def test_what_is_not_decided_is_filed_with_the_reason(text: str, rule: str) -> None:
    assert unknown(text).rule == rule


def test_an_ambiguous_name_keeps_all_its_candidates_and_a_publisher_can_decide() -> None:
    text = "鼓楼区人民政府关于2022年度法治政府建设工作情况的报告" + BODY
    assert {row.prefecture for row in unknown(text).candidates} == {"南京市", "徐州市", "福州市", "开封市"}
    assert known(text, Origin(publisher="徐州市鼓楼区人民政府门户网站")).division.code == "320302"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://www.xzgl.gov.cn/a.html", "320302"),
        ("https://gl.fuzhou.gov.cn/", "350102"),
        ("https://www.kfgulou.gov.cn/x", "410204"),
        ("http://www.nanjing.gov.cn:8080/", "320106"),
    ],
)
def test_the_host_of_a_portal_decides_between_places_of_one_name(url: str, code: str) -> None:
    text = "鼓楼区人民政府关于2022年度法治政府建设工作情况的报告" + BODY
    assert known(text, Origin(url=url)).division.code == code


@pytest.mark.parametrize(
    "url",
    ["https://www.example.com/xzgl", "https://www.gulou.gov.cn/", "https://xzgl.example.com/", "http://[::1/xuzhou"],
)
def test_a_host_that_spells_none_or_all_of_them_decides_nothing(url: str) -> None:
    text = "鼓楼区人民政府关于2022年度法治政府建设工作情况的报告" + BODY
    assert unknown(text, Origin(url=url)).rule == "identity.ambiguous"


def test_hosts_in_pinyin_and_initials_never_decide_for_another_county() -> None:
    counties = [row for row in load_divisions().rows if row.level == "county" and row.stands_in(YEAR)]
    names = Counter(county.name for county in counties)
    shared = [county for county in counties if names[county.name] > 1]
    decided = 0
    for county in shared:
        above, own = (
            spellings().get(name[:-1]) or spellings()[name]
            for name in (county.prefecture or county.province or "", county.name)
        )
        initials = "".join(syllable[0] for syllable in (*above, *own))
        for label in (initials, "".join(above)):
            found = spelled_by(f"http://www.{label}.gov.cn/", [each for each in shared if each.name == county.name])
            assert county in found
            decided += len(found) == 1
    assert (len(shared), decided) == (66, 132)


def test_a_publisher_elsewhere_refutes_nobody() -> None:
    assert known(TITLE + BODY, Origin(publisher="浙江省司法厅")).division.code == "411725"


def test_what_is_settled_by_hand_goes_first() -> None:
    text = "鼓楼区人民政府关于法治政府建设情况的报告" + BODY
    by_hand = known(text, Origin(division="CN-350102", report_year=2021, kind="other"))
    assert (by_hand.division.prefecture, by_hand.report_year, by_hand.kind) == ("福州市", 2021, "other")
    assert by_hand.year_found.rule_id == "report_year.by_hand"
    zone = known("洋河新区管理委员会2022年法治政府建设情况报告", Origin(division="CN-321300"))
    assert (zone.division.name, zone.kind) == ("宿迁市", "other")


def test_one_of_several_reports_has_the_year_of_its_heading_whatever_the_origin_record_of_the_file_says() -> None:
    text = "确山县政务公开年报比对\n2022 年报告\n县政府收到行政复议申请51件。"
    assert (known(text).report_year, known(text).year_found.rule_id) == (2022, "report_year.heading")
    assert known(text, Origin(report_year=2022)).report_year == 2022
    assert unknown(text, Origin(report_year=2023)).rule == "identity.contradiction"
    links = "2021年度报告\n2020年度报告\n"
    assert known(f"{links}{TITLE}{BODY}").report_year == 2022
    assert unknown(f"{links}{TITLE.replace('2022年度', '')}{BODY}").rule == "identity.no_year"


def test_a_code_settled_by_hand_must_have_stood_in_that_year() -> None:
    assert unknown(TITLE + BODY, Origin(division="CN-999999")).rule == "identity.no_such_division"


def test_a_text_without_title_needs_all_three_by_hand() -> None:
    text = "  行政复议情况\n县政府收到行政复议申请51件。"
    assert unknown(text, Origin(division="CN-411725", report_year=2022)).rule == "identity.no_title"
    found = known(text, Origin(division="CN-411725", report_year=2022, kind="reconsideration_report"))
    assert (found.title.value, found.title.char_start) == ("行政复议情况", 2)


def test_a_renamed_county_keeps_the_code_of_the_report_year() -> None:
    found = known("江油市人民政府关于2022年法治政府建设情况的报告" + BODY)
    assert found.division.code == "510781"
    late = unknown("米林市人民政府关于2022年法治政府建设情况的报告" + BODY)
    assert late.rule == "identity.unknown_place"


@pytest.mark.parametrize(
    ("text", "year", "rule"),
    [
        (TITLE, 2022, "report_year.title"),
        ("确山县人民政府关于二〇二二年度法治政府建设情况的报告", 2022, "report_year.title"),
        ("确山县人民政府2023年关于2022年度法治政府建设工作情况的报告", 2022, "report_year.title"),
        (
            f"确山县人民政府关于法治政府建设情况的报告\n现将 2021 年度有关情况报告如下。{BODY}",
            2021,
            "report_year.preamble",
        ),
        (
            "确山县人民政府法治政府建设情况报告\n" + "2020年，完成任务。" * 3 + "2021年将继续。",
            2020,
            "report_year.body",
        ),
    ],
)
def test_the_report_year_and_what_proves_it(text: str, year: int, rule: str) -> None:
    found = known(text)
    assert (found.report_year, found.year_found.rule_id) == (year, rule)


def test_the_year_of_publication_proves_nothing() -> None:
    head = "确政文〔2023〕47号\n确山县人民政府关于法治政府建设情况的报告\n确山县人民政府\n2023年1月30日"
    assert unknown(head).rule == "identity.no_year"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("2023年1月30日", "2023-01-30"),
        ("二〇二三年一月三十日", "2023-01-30"),
        ("二○二三年十二月廿一日", "2023-12-21"),
        ("（2023年1月9日）", "2023-01-09"),
        ("成文日期：2023-01-30", "2023-01-30"),
        ("2023年2月30日", None),
        ("2023年1月", None),
    ],
)
def test_dates_that_stand_alone(line: str, value: str | None) -> None:
    found = read_header(f"{TITLE}{BODY}确山县人民政府\n{line}\n").issued_on
    assert (found and found.value) == value


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("确政文〔2023〕47号", "确政文〔2023〕47号"),
        ("确 政 文 [2023] 47 号", "确政文〔2023〕47号"),
        ("发文字号：确政文（2023）47号", "确政文〔2023〕47号"),
        ("根据国办发〔2018〕118号要求", None),
        ("索引号：2023-139175", None),
        ("确政文〔20232号", None),
    ],
)
def test_document_numbers(line: str, value: str | None) -> None:
    found = read_header(f"{line}\n{TITLE}{BODY}").document_number
    assert (found and found.value) == value


def test_gaps_of_the_header_are_filled_from_the_origin_record() -> None:
    origin = Origin(
        title=TITLE, document_number="确政文〔2023〕47号", published_on="2023-01-30", publisher="确山县人民政府"
    )
    found = known("一、主要做法\n县政府收到行政复议申请51件。", origin)
    assert (found.title.rule_id, found.issuer.value) == ("title.origin", "确山县人民政府")
    assert found.document_number == Found("确政文〔2023〕47号", "document_number.origin")
    assert found.issued_on == Found("2023-01-30", "issued_on.origin")


def test_an_empty_text_has_an_empty_header() -> None:
    assert read_header("") == Header(*[None] * len(Header._fields))


def test_parts_of_titles() -> None:
    assert is_title(TITLE)
    assert not is_title("确山县人民政府文件")
    assert not is_title("（二）行政复议情况")
    assert not is_title("五、2022年依法行政工作总结")
    assert not is_title("全面推进法治政府建设，取得新的成绩。")
    assert issuer_of_title(TITLE) == "确山县人民政府"
    assert issuer_of_title("关于2022年度法治政府建设工作情况的报告") is None
    assert year_of_title("确山县2021年、2022年法治政府建设报告") is None


@pytest.mark.parametrize(
    ("name", "places", "rest", "body"),
    [
        ("河南省驻马店市确山县人民政府", ["确山县"], "人民政府", Body.GOVERNMENT),
        ("浙江省钱塘区人民政府", ["钱塘区"], "人民政府", Body.GOVERNMENT),
        ("吉林省辽源市西安区人民政府", ["西安区"], "人民政府", Body.GOVERNMENT),
        ("城区街道办事处", [], "城区街道办事处", Body.TOWNSHIP),
        ("确山县", ["确山县"], "", Body.PLACE),
        ("中共确山县委全面依法治县委员会办公室", ["确山县"], "委全面依法治县委员会办公室", Body.PARTY),
        ("郑州市郑东新区管理委员会", ["郑州市"], "郑东新区管理委员会", Body.ZONE),
        ("浦东新区人民政府", ["浦东新区"], "人民政府", Body.GOVERNMENT),
        ("某某网", [], "某某网", Body.OTHER),
        ("", [], "", Body.PLACE),
    ],
)
def test_names_are_read_from_left_to_right(name: str, places: list[str], rest: str, body: Body) -> None:
    read = read_name(name, 2022)
    assert ([division.name for division in read.divisions], read.rest, read.body) == (places, rest, body)
