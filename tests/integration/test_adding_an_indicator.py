"""What docs/adding-an-indicator.md tells a researcher to do, done: its example added to a copy of the catalogue."""

import re
import shutil
from pathlib import Path

import pytest

from assets.parse.extract import extract
from assets.parse.review import groups, queued_in
from contracts.errors import CatalogueError
from contracts.indicators import CATALOGUE_DIRECTORY, IMPLIED, Catalogue, Indicator, load_catalogue, read_catalogue

GUIDE = (Path(__file__).parents[2] / "docs" / "adding-an-indicator.md").read_text(encoding="utf-8")
FILE = "d12_publicity_and_services.toml"
SENTENCE = "全年招募普法志愿者320名"


def example() -> str:
    (block,) = re.findall(r"```toml\n(.*?)```", GUIDE, flags=re.DOTALL)
    return str(block)


def added(folder: Path, block: str) -> Catalogue:
    shutil.copytree(CATALOGUE_DIRECTORY, folder / "catalogue")
    path = folder / "catalogue" / FILE
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{block}", encoding="utf-8")
    return read_catalogue(folder / "catalogue")


def test_the_sentence_waits_in_the_queue_with_the_draft_that_the_guide_shows() -> None:
    assert SENTENCE in GUIDE
    (group,) = groups(queued_in("report.txt", f"{SENTENCE}。", load_catalogue()), load_catalogue())
    assert f"unit {group.unit}, draft `{group.draft}`" in GUIDE


def test_drafts_pasted_as_they_are_claim_the_sentences_shown(tmp_path: Path) -> None:
    texts = (
        "其中信函申请48件。",
        "法律顾问提供咨询85次。",
        "核查问题线索31条，其余问题线索8条。",
        "制作检查记录611份。",
    )
    waiting = [groups(queued_in("report.txt", text, load_catalogue()), load_catalogue())[0] for text in texts]
    blocks = [
        re.sub(r"(?s)patterns = .*", f"patterns = [{group.draft}]", example())
        .replace("legal_publicity_volunteers", f"draft_{place}")
        .replace("普法志愿者数", f"草稿{place}")
        .replace('unit = "名"', f'unit = "{group.unit}"')
        for place, group in enumerate(waiting)
    ]
    catalogue = added(tmp_path, "\n".join(blocks))
    for place, group in enumerate(waiting):
        for sentence in group.sentences:
            found = [o.indicator_id for o in extract(f"{sentence}。", catalogue).observations]
            assert f"draft_{place}" in found, group.draft


def test_the_example_reads_its_own_examples(tmp_path: Path) -> None:
    catalogue = added(tmp_path, example())
    indicator = catalogue.indicators["legal_publicity_volunteers"]
    for wording in indicator.examples:
        found = [(o.indicator_id, o.value) for o in extract(wording.text, catalogue).observations]
        assert (indicator.id, wording.value) in found, wording
    for text in indicator.counterexamples:
        assert indicator.id not in [o.indicator_id for o in extract(text, catalogue).observations], text


def test_the_failing_example_fails_for_the_reason_given(tmp_path: Path) -> None:
    catalogue = added(tmp_path, example().replace("patterns = [", 'topic = ["普法"]\npatterns = [', 1))
    assert extract("现有法治志愿者85人", catalogue).observations == []


def test_the_mistake_is_reported_as_shown(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError) as caught:
        added(tmp_path, example().replace("法治志愿者 #", "法治志愿者"))
    shown = re.sub(r":\d+:", ":N:", str(caught.value))
    assert shown in re.sub(r":\d+:", ":N:", GUIDE)


def test_each_key_of_the_table_is_one() -> None:
    named = set(re.findall(r"`([a-z_]+)`", "\n".join(re.findall(r"^\| (`[^|]*) \|", GUIDE, flags=re.MULTILINE))))
    keys = {*Indicator._fields, *IMPLIED} - {"domain", "file"}
    assert keys - named == set()
