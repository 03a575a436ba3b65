"""The application: its commands put together, and how every error ends.

Not here: any command (the modules beside this one).
"""

from __future__ import annotations

import sys
from typing import Any

import click
import typer
from rich.markup import escape

from contracts.errors import FazhiError
from pipelines.cli import reading, releases, review, road, warehouse
from pipelines.cli.console import errors

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130

app = typer.Typer(
    name="fazhi",
    help="Turns county reports on law-based government into a warehouse and open data, every number traceable.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,  # it walks every local variable of a traceback: minutes, and gigabytes, on a table
    context_settings={"help_option_names": ["-h", "--help"]},
)
for commands in (road, reading, review, warehouse, releases):
    commands.register(app)


def main(arguments: list[str] | None = None) -> None:
    """Run one command and exit: 0 done, 1 an error of the family or of the system, 2 wrong usage."""
    sys.exit(exit_code(arguments))


def exit_code(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code; every expected error has been printed as one line."""
    try:
        code: Any = app(args=arguments, standalone_mode=False)
    except FazhiError as error:
        return _say(str(error))
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "fazhi"
        return _say(f"{error.format_message()} See {command} --help.", EXIT_USAGE)
    except (click.Abort, KeyboardInterrupt):
        return _say("interrupted; what was finished is kept, nothing is half written", EXIT_INTERRUPTED)
    except OSError as error:
        where = error.filename or "the system"
        return _say(f"{where}: {error.strerror or error}. Check space, rights and the path, then try again.")
    return code if isinstance(code, int) else 0


def _say(line: str, code: int = EXIT_FAILED) -> int:
    errors.print(f"[red]error:[/red] {escape(' '.join(line.split()))}", soft_wrap=True, highlight=False)
    return code
