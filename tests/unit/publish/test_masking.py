"""Private people are masked, character for character; officials, companies and ordinary words stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.publish.masking import cover, find_names
from contracts.errors import CatalogueError
from contracts.privacy import NAMES_FILE, read_name_words


def masked(text: str) -> str:
    return cover(text, find_names(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("原告张三诉县公安局行政处罚案", "原告张某诉县公安局行政处罚案"),
        ("申请人李建国不服县公安局处罚", "申请人李某某不服县公安局处罚"),
        ("申请人：王小明，男，45岁", "申请人：王某某，男，45岁"),
        ("原告\n张\u3000三诉县局", "原告\n张\u3000某诉县局"),
        ("张三、李四和王五诉县自然资源局一案", "张某、李某和王某诉县自然资源局一案"),
        ("当事人张三、李建国、王五，均已履行", "当事人张某、李某某、王某，均已履行"),
        ("对张三等12人不服房屋征收决定一案", "对张某等12人不服房屋征收决定一案"),
        ("指导化解刘大力与县人社局工伤认定纠纷案", "指导化解刘某某与县人社局工伤认定纠纷案"),
        ("在苏小明行政赔偿案中", "在苏某某行政赔偿案中"),
        ("高建国诉县公安局", "高某某诉县公安局"),
        ("原告欧阳修诉县局，司马光诉县局", "原告欧阳某诉县局，司马某诉县局"),
        ("原告艾力·买买提诉县局", "原告艾某某某某某诉县局"),
        ("原告李和平诉县局", "原告李某某诉县局"),
        ("原告张三和对方达成和解", "原告张某和对方达成和解"),
        ("原告张三于2020年起诉", "原告张某于2020年起诉"),
        ("死者家属马云龙，其后马云龙多次上访，反映马云龙一家", "死者家属马某某，其后马某某多次上访，反映马某某一家"),
        ("村民李四，送来锦旗；王小红女士致谢", "村民李某，送来锦旗；王某某女士致谢"),
        ("人民调解员赵大娘，律师李明和志愿者", "人民调解员赵某某，律师李某和志愿者"),
        ("原告张三与县长蒋贵印当庭沟通", "原告张某与县长蒋贵印当庭沟通"),
        ("𠅤原告张三，罚款2000元", "𠅤原告张某，罚款2000元"),
    ],
)
def test_private_people_keep_their_surname_alone(text: str, expected: str) -> None:
    found = masked(text)
    assert found == expected
    assert len(found) == len(text)
    assert not find_names(found)  # what was masked is not masked again


@pytest.mark.parametrize(
    "text",
    [
        "县长蒋贵印出庭应诉，副县长王伟作为负责人出庭",
        "申请人县公安局，法定代表人张伟，局长。",
        "法定代表人张伟（县公安局局长）",
        "在苏某某行政赔偿案中，王某某诉县政府，当事人李某、张×",
        "原告李宁体育用品有限公司诉县局",
        "原告张家港市金源建设公司不服",
        "申请人周口市王府饭店不服县局处罚",
        "当事人陈述、申辩，当事人高度认可，申请人申请撤回",
        "申请人和被申请人达成和解，双方和解，当事人和证人到庭",
        "群众安居乐业，群众满意度，群众路线，群众和企业",
        "居民和学生、村民代表、学生家长、法律明白人万名",
        "法律顾问和公职律师全覆盖，律师解答、律师查阅、律师参与",
        "对施工行政处罚案，对安全生产行政处罚案，办理重大案件",
        "任何单位不服，依法起诉，行政诉讼案件，原告撤诉",
        "书记张三批示，院长李四、检察长王五述职",
    ],
)
def test_officials_companies_and_ordinary_words_stay(text: str) -> None:
    assert masked(text) == text


def test_a_namesake_in_office_stays_where_the_office_is_named() -> None:
    assert masked("原告王建国诉县局，县长王建国出庭。") == "原告王某某诉县局，县长王建国出庭。"


def test_time_grows_with_the_text_alone() -> None:
    text = "诉案不服张" * 200_000
    assert len(masked(text)) == len(text)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("roles = [", "rolls = ["), "roles is missing"),
        (('"原告", "被告", "被告人"', '"原告", ""'), "roles has an empty entry"),
        (("roles = [", "roles = "), "is no TOML"),
    ],
)
def test_a_broken_list_of_words_is_named(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    path = tmp_path / "names.toml"
    path.write_text(NAMES_FILE.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    with pytest.raises(CatalogueError, match=message):
        read_name_words(path)
