"""`fazhi diff`, `sign`, `publish`, `get` and `verify --signers` as a user calls them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from assets.publish.build import build_release
from pipelines.cli import exit_code

from .world import World


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data home with two releases, between which one value was corrected."""
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path / "home"))
    for world in (World(), World().but(0, corrected={"received": 5.0})):
        build_release(world.inputs(), tmp_path / "home/releases")
    return tmp_path / "home"


@pytest.mark.usefixtures("home")
def test_diff_prints_each_change_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["diff", "2026.11.0", "2026.11.1", "--json"]) == 0
    changes = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {(c["column_name"], c["old_value"], c["new_value"], c["reason"]) for c in changes} == {
        ("value", "51", "5", "correction"),
        ("flags", None, "corrected", "correction"),
    }
    assert exit_code(["diff", "2026.11.0", "2026.11.1"]) == 0
    assert "correction" in capsys.readouterr().out


@pytest.mark.usefixtures("home")
def test_diff_of_what_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["diff", "2026.11.0", "2031.1.0"]) == 1
    assert "there is no such release" in capsys.readouterr().err


def test_sign_publish_get_and_verify_go_together(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, site, mine = tmp_path / "key", tmp_path / "site", tmp_path / "mine"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    (tmp_path / "signers").write_text(f"us@example.org {key.with_suffix('.pub').read_text()}")
    assert exit_code(["verify", "--signers", str(tmp_path / "signers")]) == 1
    assert "it is unsigned" in capsys.readouterr().err
    assert exit_code(["sign", "--key", str(key)]) == 0
    assert (home / "releases/2026.11.1/SHA256SUMS.sig").is_file()
    assert exit_code(["publish", str(site)]) == 0
    assert exit_code(["get", "--from", str(site), "--to", str(mine)]) == 0
    capsys.readouterr()
    assert exit_code(["verify", str(mine / "2026.11.1"), "--signers", str(tmp_path / "signers")]) == 0
    assert "signed by us@example.org" in " ".join(capsys.readouterr().out.split())
