"""The review queue: what no rule claims, grouped, with a line that would claim it."""

from collections.abc import Callable

from assets.parse.extract import extract
from assets.parse.review import Queued, groups, queued_in
from contracts.indicators import Catalogue

TEXT = "全年开展复议宣传12次。修建公园3个，修建公园5个。\n新增路灯40台。"


def test_like_wordings_are_one_group_the_most_frequent_first(catalogue: Catalogue) -> None:
    found = groups(queued_in("a", TEXT, catalogue), catalogue)
    assert [(group.numerals, group.unit) for group in found] == [(2, "个"), (1, "次"), (1, "")]
    assert found[0].wording == "修建公园"
    assert found[0].sentences == ("修建公园3个，修建公园5个",)
    assert found[0].kind == "uncatalogued"


def test_groups_count_the_documents_too(catalogue: Catalogue) -> None:
    queue = [*queued_in("a", TEXT, catalogue), *queued_in("b", TEXT, catalogue)]
    assert (groups(queue, catalogue)[0].numerals, groups(queue, catalogue)[0].documents) == (4, 2)


def test_a_draft_pasted_into_the_catalogue_claims_the_number(
    catalogue: Catalogue, catalogue_with: Callable[..., Catalogue]
) -> None:
    draft = groups(queued_in("a", TEXT, catalogue), catalogue)[0].draft
    assert draft == '"修建公园 #个",'
    found = extract("修建公园3个。", catalogue_with("parks", "个", f"patterns = [{draft}]"))
    assert [(o.indicator_id, o.value) for o in found.observations] == [("parks", 3)]


def test_words_of_one_list_are_one_group_and_alternatives_in_its_draft(catalogue: Catalogue) -> None:
    text = "复议新收申请51项。复议接收8项。复议新收6项。"
    (group,) = groups(queued_in("a", text, catalogue), catalogue)
    assert (group.wording, group.draft) == ("复议 收到", '"复议 新收|接收 #项",')


def test_neither_a_word_of_sum_nor_a_unit_is_a_word_of_a_draft(catalogue: Catalogue) -> None:
    found = groups(queued_in("a", "新建设施40项，其中路灯12项。巡查河道2场次46人次。", catalogue), catalogue)
    assert {group.draft for group in found} == {'"新建设施 #项",', '"路灯 #项",', '"巡查河道 #场",', ""}


def test_a_number_with_nothing_beside_it_takes_the_words_of_its_clause(catalogue: Catalogue) -> None:
    text = "接收材料4项7家。"
    queue = [Queued("a", text, 6, 7, "uncatalogued")]
    assert groups(queue, catalogue)[0].wording == "收到"


def test_nothing_queued_is_no_group(catalogue: Catalogue) -> None:
    assert groups(queued_in("a", "", catalogue), catalogue) == []
