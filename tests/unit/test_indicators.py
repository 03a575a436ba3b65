"""A researcher who errs in a catalogue file is told the file, the line, what is wrong and what to write instead."""

from pathlib import Path

import pytest

from contracts.errors import CatalogueError
from contracts.indicators import CATALOGUE_DIRECTORY, load_catalogue, read_catalogue

LEXICON = """\
[units]
"件" = ["件", "宗"]
"%" = ["%"]
[signals]
none = ["没有"]
"""
DOMAIN = """\
[domain]
id = "D01"
zh = "果园"
en = "Orchards"

[topics]
"果园" = ["果园"]

[[indicator]]
id = "apples_picked"
zh = "采摘苹果数"
en = "Apples picked"
definition_zh = "报告年度采摘的苹果数。"
definition_en = "Apples picked in the report year."
unit = "件"
topic = ["果园"]
patterns = ["采摘 #"]
examples = ["果园采摘苹果5件 => 5"]
counterexamples = ["果园采摘梨子"]
"""


def read(folder: Path, domain: str = DOMAIN, lexicon: str = LEXICON) -> None:
    (folder / "lexicon.toml").write_text(lexicon, encoding="utf-8")
    (folder / "d01_orchards.toml").write_text(domain, encoding="utf-8")
    read_catalogue(folder)


def test_a_sound_catalogue_is_read(tmp_path: Path) -> None:
    read(tmp_path)
    catalogue = read_catalogue(tmp_path)
    indicator = catalogue.indicators["apples_picked"]
    assert (indicator.kind, indicator.tier, indicator.scope, indicator.period) == (
        "count",
        "standard",
        "reporter",
        "year",
    )
    assert indicator.examples == (("果园采摘苹果5件", 5.0),)
    assert indicator.patterns[0].rule_id == "apples_picked: 采摘 #"


@pytest.mark.parametrize(
    ("wrong", "right", "line", "said"),
    [
        ('patterns = ["采摘 #"]', 'patterns = ["采摘"]', 17, ("has no number", "put # where the number stands")),
        ('patterns = ["采摘 #"]', 'patterns = ["采摘 # #"]', 17, ("has two numbers", "write one pattern for each")),
        ('patterns = ["采摘 #"]', 'patterns = ["#"]', 17, ("needs no word", "write at least one word")),
        ('patterns = ["采摘 #"]', 'patterns = ["采摘| #"]', 17, ("has an empty alternative", "on both sides of |")),
        ('patterns = ["采摘 #"]', 'patterns = ["采摘 #吨"]', 17, ("unit of no class: 吨", "use one of 件 %")),
        ('patterns = ["采摘 #"]', 'patterns = "采摘 #"', 17, ("patterns must be a list", 'write patterns = ["…", "…"]')),
        ('patterns = ["采摘 #"]', 'none = ["采摘 #"]', 17, ("states no number but has one", "take # out")),
        ('patterns = ["采摘 #"]', 'none = ["采摘 => apples_picked"]', 17, ("copies a value", "only patterns under all")),
        ('patterns = ["采摘 #"]', 'all = ["采摘 => pears_picked"]', 17, ("unknown pears_picked", "name an id")),
        ('unit = "件"', 'unit = "吨"', 15, ("unit of no class: 吨", "use one of 件 %")),
        ('unit = "件"', "", 9, ("apples_picked has no unit", 'write unit = "…"')),
        ('unit = "件"', 'unit = "件"\nkind = "number"', 16, ("kind cannot be 'number'", "count, rate, amount")),
        ('unit = "件"', 'unit = "件"\nscope = "county"', 16, ("scope cannot be 'county'", "reporter")),
        ('unit = "件"', 'unit = "件"\nscopes = ["county"]', 16, ("scope", "reporter")),
        ('unit = "件"', 'unit = "件"\nperiod = "month"', 16, ("period cannot be 'month'", "half_year")),
        ('unit = "件"', 'unit = "件"\nminimum = "none"', 16, ("minimum must be a number", "minimum = 0")),
        ('unit = "件"', 'unit = "件"\nsince = "2019年"', 16, ("since must be a year", "since = 2021")),
        ('unit = "件"', 'unit = "件"\nverified = "yes"', 16, ("verified must be true or false", "verified = true")),
        ('unit = "件"', 'unit = "件"\npattern = ["采摘 #"]', 16, ("unknown key pattern", "use one of")),
        ('topic = ["果园"]', 'topic = ["菜园"]', 16, ("unknown topic 菜园", "add it under [topics]")),
        ("苹果5件 => 5", "苹果5件", 18, ("example without its value", 'write "wording => value"')),
        ('["果园采摘梨子"]', '["果园采摘梨子 => 3"]', 19, ("counterexample with a value", "leave out =>")),
        ('id = "apples_picked"', 'id = "Apples picked"', 10, ("is no id", "small letters, digits and _")),
        ('zh = "果园"\n', "", 1, ("D01 has no zh", 'write zh = "…"')),
        ("[domain]\n", "[dom]\n", 1, ("unknown section dom", "use one of concepts, domain")),
        ("[[indicator]]", "[indicator]", 9, ("indicator must be a list of tables", "write [[indicator]] above each")),
        ('"果园" = ["果园"]', '"果园" = "果园"', 7, ("topics.果园 must be a list of words", 'write ["…", "…"]')),
        ('en = "Apples picked"', 'en = "Apples picked', 12, ("is no TOML", "look there for a quotation mark")),
        ("[topics]", "[topcis]", 6, ("unknown section topcis", "use one of")),
    ],
)  # fmt: skip
def test_each_error_names_line_fault_and_remedy(
    tmp_path: Path, wrong: str, right: str, line: int, said: tuple[str, str]
) -> None:
    assert wrong in DOMAIN
    with pytest.raises(CatalogueError) as caught:
        read(tmp_path, DOMAIN.replace(wrong, right, 1))
    error = caught.value
    assert error.culprit == f"d01_orchards.toml:{line}"
    assert said[0] in error.message
    assert said[1] in error.remedy


@pytest.mark.parametrize(
    ("wrong", "right", "line", "message"),
    [
        ("none = ", "nothing = ", 5, "signals knows no nothing"),
        ('none = ["没有"]', 'none = ["没有"]\n[scopes]\ncounty = ["全县"]', 7, "scopes knows no county"),
        ('none = ["没有"]', 'none = ["没有"]\n[fixed]\nsaying = ["一定"]', 7, "fixed knows no saying"),
        ('"件" = ["件", "宗"]', '"件" = ["件", ""]', 2, "units.件 must be a list of words"),
    ],
)
def test_errors_of_the_lexicon_name_their_line(tmp_path: Path, wrong: str, right: str, line: int, message: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        read(tmp_path, lexicon=LEXICON.replace(wrong, right, 1))
    assert caught.value.culprit == f"lexicon.toml:{line}"
    assert message in caught.value.message


def test_a_list_misnamed_in_a_domain_file_is_found_there(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError) as caught:
        read(tmp_path, DOMAIN.replace("[topics]", '[signals]\nnothing = ["没"]\n[topics]'))
    assert caught.value.culprit == "d01_orchards.toml:7"


def test_the_same_mistake_further_down_is_found_where_it_is(tmp_path: Path) -> None:
    second = DOMAIN[DOMAIN.index("[[indicator]]") :].replace("apples", "pears").replace('"采摘 #"', '"采摘"')
    with pytest.raises(CatalogueError) as caught:
        read(tmp_path, DOMAIN + "\n" + second.replace('unit = "件"', ""))
    assert caught.value.culprit == "d01_orchards.toml:21"


@pytest.mark.parametrize(
    ("line", "fault"),
    [('"采了" = ["采摘"]', "'采了' is not one character"), ('"采" = ["收割"]', "采 stands for no word: 收割")],
)
def test_a_short_word_is_one_character_for_a_known_word(tmp_path: Path, line: str, fault: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        read(tmp_path, DOMAIN.replace("[[indicator]]", f"[short]\n{line}\n\n[[indicator]]", 1))
    assert fault in str(caught.value)


def test_a_file_without_domain_is_told_to_add_it(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="has no \\[domain\\]") as caught:
        read(tmp_path, DOMAIN[DOMAIN.index("[topics]") :])
    assert caught.value.culprit == "d01_orchards.toml:1"
    assert "write [domain] with id" in caught.value.remedy


def test_an_id_may_be_given_once(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="the id is taken"):
        read(tmp_path, DOMAIN + DOMAIN[DOMAIN.index("[[indicator]]") :])


def test_a_catalogue_needs_its_lexicon(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no lexicon"):
        read_catalogue(tmp_path)


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "lexicon.toml").write_text(LEXICON, encoding="utf-8")
    (tmp_path / "d01.toml").write_bytes(DOMAIN.encode("gb18030"))
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(tmp_path)
    assert caught.value.culprit == "d01.toml"
    assert "UTF-8" in caught.value.remedy


def test_the_version_changes_with_any_byte(tmp_path: Path) -> None:
    read(tmp_path)
    before = read_catalogue(tmp_path).version
    read(tmp_path, DOMAIN + "# a remark\n")
    assert read_catalogue(tmp_path).version != before


def test_the_own_catalogue_is_read_once_in_a_process() -> None:
    assert load_catalogue() is load_catalogue()
    assert load_catalogue().version == read_catalogue(CATALOGUE_DIRECTORY).version
