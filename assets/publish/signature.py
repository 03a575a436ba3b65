"""The signature of a release: ``SHA256SUMS.sig``, made and checked by OpenSSH's ``ssh-keygen``, offline.

Here belongs calling that program and reading its answer. As the sums cover every other file, the signature covers all.
A release without one says so; whose signature counts is for the reader to say, in a file of allowed signers.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from contracts.errors import InputError, ReleaseError
from contracts.release import SIGNATURE, SUMS
from warehouse.files import replacing

NAMESPACE = "fazhi-release"
"""What the signature is for; a signature made for something else does not count."""

UNSIGNED = "unsigned"

_GOOD = re.compile(r"Good .* signature for (\S+) with")


def sign_release(folder: Path, key: Path) -> Path:
    """Sign the sums of the release in ``folder`` with the private ``key`` and return the signature's path.

    Raises:
        InputError: the key cannot be used.
        ReleaseError: there is nothing to sign, a signature is there already, or there is no ``ssh-keygen``.
    """
    sums, signature = folder / SUMS, folder / SIGNATURE
    if not sums.is_file():
        raise ReleaseError(f"there is no {SUMS} in it", culprit=str(folder), remedy="Name the folder of a release")
    if signature.exists():
        raise ReleaseError("it is signed already", culprit=str(signature), remedy="A release is signed once")
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / SUMS
        copy.write_bytes(sums.read_bytes())
        # No terminal to ask on: a key with a passphrase comes by way of ssh-agent.
        run = _keygen(["-Y", "sign", "-f", str(key), "-n", NAMESPACE, str(copy)])
        if run.returncode:
            raise InputError(
                f"it cannot sign ({_line(run.stderr)})",
                culprit=str(key),
                remedy="Name a private key made by ssh-keygen",
            )
        with replacing(signature) as staged:
            staged.write_bytes(copy.with_name(SIGNATURE).read_bytes())
    return signature


def signer_of(folder: Path, allowed_signers: Path | None) -> str:
    """Return ``unsigned``, or who signed the release.

    With a file of allowed signers (see ``man ssh-keygen``) that is one of its principals; without one the signature is
    only proven to fit the sums, and the answer says so.

    Raises:
        ReleaseError: the signature does not fit, or with ``allowed_signers`` there is none or it is nobody's of them.
    """
    signature = folder / SIGNATURE
    if not signature.is_file():
        if allowed_signers is None:
            return UNSIGNED
        raise _unproven(folder, "it is unsigned")
    sums = (folder / SUMS).read_bytes()
    given = ["-n", NAMESPACE, "-s", str(signature)]
    if allowed_signers is None:
        run = _keygen(["-Y", "check-novalidate", *given], sums)
        if run.returncode:
            raise _unproven(folder, f"its signature does not fit its sums ({_line(run.stderr or run.stdout)})")
        return f"signed, by a key that nobody vouched for ({run.stdout.split()[-1]})"
    found = _keygen(["-Y", "find-principals", "-f", str(allowed_signers), "-s", str(signature)])
    principal = found.stdout.splitlines()[0] if found.returncode == 0 and found.stdout else None
    if principal is None:
        raise _unproven(folder, f"its signer is not in {allowed_signers.name}")
    run = _keygen(["-Y", "verify", "-f", str(allowed_signers), "-I", principal, *given], sums)
    if run.returncode or not _GOOD.search(run.stdout):
        raise _unproven(folder, f"its signature does not fit its sums ({_line(run.stderr or run.stdout)})")
    return f"signed by {principal}"


def _keygen(arguments: list[str], given: bytes = b"") -> subprocess.CompletedProcess[str]:
    program = shutil.which("ssh-keygen")
    if program is None:
        raise ReleaseError("it is not installed", culprit="ssh-keygen", remedy="Install OpenSSH")
    return subprocess.run(  # noqa: S603 - a fixed program, its arguments a list
        [program, *arguments], input=given.decode(), capture_output=True, text=True, check=False, timeout=60
    )


def _unproven(folder: Path, message: str) -> ReleaseError:
    return ReleaseError(message, culprit=str(folder), remedy="Fetch the release again, or ask its publisher")


def _line(words: str) -> str:
    return " ".join(words.split()) or "no reason given"
