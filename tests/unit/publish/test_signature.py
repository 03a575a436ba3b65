"""A signature proves who released: a good one is told from none, a stranger's and one over other sums."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from assets.publish.signature import UNSIGNED, sign_release, signer_of
from assets.publish.sums import write_sums
from assets.publish.verify import verify_release
from contracts.errors import InputError, ReleaseError


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two key pairs, of which the allowed signers list the first."""
    home = tmp_path_factory.mktemp("keys")
    for name in ("ours", "stranger"):
        make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(home / name)]
        subprocess.run(make, check=True)
    public = (home / "ours.pub").read_text().split()
    (home / "allowed").write_text(f"releases@example.org {public[0]} {public[1]}\n")
    return home


def test_a_signed_release_names_its_signer_and_still_verifies(folder: Path, keys: Path) -> None:
    assert signer_of(folder, None) == UNSIGNED
    sign_release(folder, keys / "ours")
    assert signer_of(folder, keys / "allowed") == "signed by releases@example.org"
    assert signer_of(folder, None).startswith("signed, by a key that nobody vouched for (SHA256:")
    assert verify_release(folder).findings == ()


def test_signing_is_deterministic(folder: Path, keys: Path) -> None:
    first = sign_release(folder, keys / "ours").read_bytes()
    (folder / "SHA256SUMS.sig").unlink()
    assert sign_release(folder, keys / "ours").read_bytes() == first


def test_unsigned_is_refused_where_a_signer_is_asked_for(folder: Path, keys: Path) -> None:
    with pytest.raises(ReleaseError, match="it is unsigned"):
        signer_of(folder, keys / "allowed")


def test_a_stranger_is_refused(folder: Path, keys: Path) -> None:
    sign_release(folder, keys / "stranger")
    with pytest.raises(ReleaseError, match="its signer is not in allowed"):
        signer_of(folder, keys / "allowed")


@pytest.mark.parametrize("allowed", ["allowed", None])
def test_sums_that_changed_after_signing_are_refused(folder: Path, keys: Path, allowed: str | None) -> None:
    sign_release(folder, keys / "ours")
    (folder / "README.md").write_text("changed")
    write_sums(folder)
    with pytest.raises(ReleaseError, match="does not fit its sums"):
        signer_of(folder, keys / allowed if allowed else None)


def test_a_signature_made_for_something_else_is_refused(folder: Path, keys: Path) -> None:
    command = ["ssh-keygen", "-q", "-Y", "sign", "-f", str(keys / "ours"), "-n", "file", str(folder / "SHA256SUMS")]
    subprocess.run(command, check=True, capture_output=True)
    with pytest.raises(ReleaseError, match="does not fit its sums"):
        signer_of(folder, keys / "allowed")


def test_signing_twice_or_with_no_key_is_refused(folder: Path, keys: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="it cannot sign"):
        sign_release(folder, tmp_path / "nokey")
    sign_release(folder, keys / "ours")
    with pytest.raises(ReleaseError, match="signed already"):
        sign_release(folder, keys / "ours")
    with pytest.raises(ReleaseError, match="no SHA256SUMS"):
        sign_release(tmp_path, keys / "ours")
