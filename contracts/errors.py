"""The one family of errors.

Here belong the errors that a user of the project can meet, and nothing that handles them. Each says what
happened, which file or contract is the culprit and what to do about it; the command line prints that as one
line and exits non-zero. Not here: errors of programming, which stay the language's own.
"""

from __future__ import annotations


class FazhiError(Exception):
    """Something a user can understand and mend.

    ``culprit`` names the file, table or contract; ``remedy`` is the next thing to do, as an imperative.
    ``str()`` of it is one line holding all three.
    """

    def __init__(self, message: str, *, culprit: str, remedy: str) -> None:
        """Keep the three parts apart, so that a caller can show them apart."""
        super().__init__(message)
        self.message = message
        self.culprit = culprit
        self.remedy = remedy

    def __str__(self) -> str:
        """Return ``culprit: message. remedy`` on one line."""
        return " ".join(f"{self.culprit}: {self.message}. {self.remedy}".split())

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way back from a worker process, keyword arguments and all."""
        return _rebuild, (type(self), self.message, self.culprit, self.remedy)


class InputError(FazhiError):
    """A file, an address or an argument that the user gave cannot be used."""


class CatalogueError(FazhiError):
    """A data file of the contracts (indicators, identities, corrections) says something it may not."""


class ContractError(FazhiError):
    """Rows break a contract past what it tolerates; the last good table stays."""


class WarehouseError(FazhiError):
    """A file of the data home is missing, cut short, locked or of another schema."""


class ReleaseError(FazhiError):
    """A release cannot be built, or does not hold what it promises."""


def _rebuild(kind: type[FazhiError], message: str, culprit: str, remedy: str) -> FazhiError:
    return kind(message, culprit=culprit, remedy=remedy)
