"""The command line: `fazhi`.

Here belongs how commands are called, what they print and how errors end: one line, non-zero. One module holds a
few commands that belong together. Not here: anything that a command does; it calls the other folders for that,
and imports them inside the command, so that `fazhi extract` starts without the orchestrator and the database.
"""

from pipelines.cli.app import exit_code, main

__all__ = ["exit_code", "main"]
