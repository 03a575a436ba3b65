"""`fazhi diff`, `sign`, `withdraw`, `erratum`, `publish`, `get` and `serve`: what is done with releases once they are built.

Not here: building and verifying one (`road`, `warehouse`).
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from contracts.changes import CHANGES, REASON
from contracts.errors import InputError
from contracts.release import Version
from pipelines.cli.console import errors, results, table
from pipelines.cli.warehouse import latest_release
from warehouse.layout import Home

if TYPE_CHECKING:
    from assets.publish.targets import Target

CHANGES_SHOWN = 100
REPOSITORIES = {"zenodo": "https://zenodo.org", "zenodo-sandbox": "https://sandbox.zenodo.org"}
INVENIO = "invenio+"


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("diff")(diff)
    app.command("sign")(sign)
    app.command("withdraw")(withdraw)
    app.command("erratum")(erratum)
    app.command("publish")(publish)
    app.command("get")(get)
    app.command("serve")(serve)


def diff(
    old: Annotated[str, typer.Argument(help="A version of the data home, or the folder of a release.")],
    new: Annotated[str, typer.Argument(help="Another one.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a change, all of them.")] = False,
) -> None:
    """Say what changed between two releases and why.

    \b
    Examples:
      fazhi diff 2026.11.0 2026.11.1
      fazhi diff data/releases/2026.11.0 elsewhere/2026.11.1 --json
    """  # noqa: D301 - \b keeps the lines of the examples apart
    from assets.publish.diff import diff_releases

    folders = [_folder(name) for name in (old, new)]
    with errors.status("comparing"):
        changes = diff_releases(folders[0], folders[1])
    if as_json:
        for change in changes:
            typer.echo(json.dumps(change._asdict(), ensure_ascii=False))
        return
    results.print(table("", CHANGES.columns, changes[:CHANGES_SHOWN]))
    if changes[CHANGES_SHOWN:]:
        errors.print(f"{CHANGES_SHOWN} of {len(changes)} changes; --json prints all", highlight=False)
    reasons = [(code.code, code.en, sum(change.reason == code.code for change in changes)) for code in REASON.entries]
    rows = [row for row in reasons if row[2]]
    results.print(table(f"{len(changes)} changes", ("reason", "meaning", "changes"), rows, numbers=("changes",)))


def sign(
    key: Annotated[Path, typer.Option("--key", help="A private key made by ssh-keygen.")],
    release: Annotated[Path | None, typer.Argument(help="Folder of a release; without one, the latest.")] = None,
) -> None:
    """Sign a release, so that readers can prove who released it.

    \b
    Examples:
      fazhi sign --key ~/.ssh/releases
    """  # noqa: D301 - \b keeps the lines of the examples apart
    from assets.publish.signature import sign_release

    signature = sign_release(release or latest_release(Home.find()), key)
    results.print(f"signed: {signature}", highlight=False, soft_wrap=True)


def withdraw(
    version: Annotated[str, typer.Argument(help="A version of the data home.")],
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why, in a sentence; it is published.")],
) -> None:
    """Withdraw a release: its files go, its tombstone stays, and the version is never given again.

    \b
    Examples:
      fazhi withdraw 2026.11.0 --reason "It names a private person."
      fazhi publish /srv/www/fazhi --release data/releases/2026.11.0    # carries the tombstone there
    """  # noqa: D301 - \b keeps the lines of the examples apart
    from assets.publish.withdrawal import withdraw_release

    home = Home.find()
    stone = withdraw_release(home.releases, version, reason=reason, on=datetime.now(UTC).date())
    results.print(f"withdrawn: {stone.version} ({stone.reason})", highlight=False, soft_wrap=True)
    errors.print(
        f"Next: fazhi publish TARGET --release {home.releases / version}, wherever it was published",
        highlight=False,
        soft_wrap=True,
    )


def erratum(
    version: Annotated[str, typer.Argument(help="A version of the data home.")],
    note: Annotated[str, typer.Argument(help="What is wrong with it, in a sentence; it is published.")],
) -> None:
    """Put an error of a release on record: the index says it, and every later release in its CHANGELOG.

    \b
    Examples:
      fazhi erratum 2026.11.0 "The page of one county was read twice."
    """  # noqa: D301 - \b keeps the lines of the examples apart
    from assets.publish.withdrawal import record_erratum

    record_erratum(Home.find().releases, version, note=note, on=datetime.now(UTC).date())
    results.print(f"on record for {version}: {note}", highlight=False, soft_wrap=True)


def publish(
    target: Annotated[
        str,
        typer.Argument(
            help="The root of a static site (a folder, or s3://bucket/folder), or a repository: zenodo, zenodo-sandbox, "
            "invenio+https://HOST."
        ),
    ],
    *,
    release: Annotated[Path | None, typer.Option("--release", help="Folder of a release; else the latest.")] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="In a repository: publish the draft too, which cannot be taken back.")
    ] = False,
) -> None:
    """Bring a release to the place from which others read it; what is published there is never changed.

    In a repository it becomes a draft with all metadata, for you to look at; only --yes publishes it.

    \b
    Examples:
      fazhi publish /srv/www/fazhi
      fazhi publish /srv/www/fazhi --release data/releases/2026.11.0
      AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=… fazhi publish s3://bucket/folder
      FAZHI_DEPOSIT_TOKEN=… fazhi publish zenodo          # a draft; once more with --yes publishes it
    """  # noqa: D301 - \b keeps the lines of the examples apart
    from assets.publish.publication import publish_release

    folder = release or latest_release(Home.find())
    repository = REPOSITORIES.get(target) or (target.removeprefix(INVENIO) if target.startswith(INVENIO) else None)
    if repository:
        _deposit(folder, repository, publish=yes)
        return
    if yes:
        raise InputError("--yes is for repositories", culprit=target, remedy="Leave it out: this publishes at once")
    with errors.status(f"publishing {folder}") as status:
        done = publish_release(folder, _target(target), lambda path: status.update(f"publishing {path}"))
    results.print(
        f"{target}: {done.created} files put, {done.present} were there; latest is {done.latest}",
        highlight=False,
        soft_wrap=True,
    )


def get(
    version: Annotated[str | None, typer.Argument(help="A version; without one, the latest.")] = None,
    *,
    source: Annotated[
        str, typer.Option("--from", envvar="FAZHI_SOURCE", help="Address or folder where latest.json lies.")
    ],
    to: Annotated[Path, typer.Option("--to", help="Folder to put it in.")] = Path(),
) -> None:
    """Fetch a published release and prove every byte of it.

    \b
    Examples:
      fazhi get --from https://example.org/fazhi
      fazhi get 2026.11.0 --from /srv/www/fazhi --to releases
    """  # noqa: D301 - \b keeps the lines of the examples apart
    from assets.publish.client import fetch_release

    with errors.status(f"fetching from {source}") as status:
        fetched = fetch_release(source, to, version, lambda path: status.update(f"fetching {path}"))
    results.print(
        f"{fetched.folder}: release {fetched.version}, {fetched.files} files fetched", highlight=False, soft_wrap=True
    )
    errors.print(
        f"Next: fazhi verify {fetched.folder}, then see its README.md for how to open it",
        highlight=False,
        soft_wrap=True,
    )


def serve(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder in which releases lie; without one, that of the data home.")
    ] = None,
    *,
    port: Annotated[int, typer.Option(help="Port on the loopback address.", min=1, max=65535)] = 8010,
) -> None:
    """Show the pages of the releases in a browser of this machine; nobody else can reach them.

    \b
    Examples:
      fazhi serve
      fazhi serve /srv/www/fazhi --port 8011
    """  # noqa: D301 - \b keeps the lines of the examples apart
    from assets.publish.server import LOOPBACK, loopback_server

    shown = folder or Home.find().releases
    with loopback_server(shown, port) as server:
        errors.print(f"Releases: http://{LOOPBACK}:{port}/ (Ctrl-C ends it); folder: {shown}", highlight=False)
        server.serve_forever()


def _deposit(folder: Path, address: str, *, publish: bool) -> None:
    from assets.publish.deposit import deposit_release
    from assets.publish.invenio import TOKEN, Repository

    repository = Repository(address, os.environ.get(TOKEN))
    with errors.status(f"depositing {folder}") as status:
        done = deposit_release(
            folder, repository, publish=publish, progress=lambda path: status.update(f"depositing {path}")
        )
    said = "published" if done.is_published else "a draft, not published"
    results.print(f"{done.page}: {said}; {done.uploaded} files put", highlight=False, soft_wrap=True)
    if not done.is_published:
        errors.print("Next: look at the draft there, then publish again with --yes", highlight=False)


def _target(name: str) -> Target:
    """Return the place that a path or the address of a bucket names."""
    from assets.publish.bucket_target import BucketTarget
    from assets.publish.targets import FolderTarget
    from pipelines.buckets import is_bucket, open_bucket

    return BucketTarget(open_bucket(name)) if is_bucket(name) else FolderTarget(Path(name))


def _folder(name: str) -> Path:
    """Return the folder that a version of the data home or a path names; raises InputError where there is none."""
    folder = Home.find().releases / name if Version.is_version(name) else Path(name)
    if not folder.is_dir():
        raise InputError("there is no such release", culprit=str(folder), remedy="fazhi status names the latest one")
    return folder
