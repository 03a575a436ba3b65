"""Why a file does not go in: one class a reason, each with the rule under which `rejected` files it.

Belongs here: the reasons. Not here: finding out whether one applies (the modules that raise them) and filing it (`rows`).
"""

from typing import ClassVar

from contracts.errors import InputError


class RefusalError(InputError):
    """A file that is not taken in or not read; `rule` names the reason in the table `rejected`."""

    rule: ClassVar[str] = "ingest.refused"


class EmptyFileError(RefusalError):
    """There is not one byte, or nothing but white space, to read."""

    rule = "ingest.empty"


class UnknownFormatError(RefusalError):
    """No reader recognises the bytes."""

    rule = "ingest.unknown_format"


class DamagedFileError(RefusalError):
    """The format is known and the bytes break it."""

    rule = "ingest.damaged"


class EncryptedFileError(RefusalError):
    """The file asks for a password."""

    rule = "ingest.encrypted"


class TooLargeError(RefusalError):
    """The file, or what it unpacks to, is past a declared limit."""

    rule = "ingest.too_large"


class NotAReportPageError(RefusalError):
    """A page that answers for a report: an error page, a login page, a page without text."""

    rule = "ingest.not_a_report_page"


class NeedsOcrError(RefusalError):
    """The file holds pictures of pages and no text."""

    rule = "ingest.needs_ocr"


class MissingToolError(RefusalError):
    """The format is known, its reader is not installed."""

    rule = "ingest.missing_tool"


class UnreachableFileError(RefusalError):
    """The file cannot be opened, vanished or changed while it was read, or is no regular file."""

    rule = "ingest.unreachable"


class ForbiddenAddressError(RefusalError):
    """An address that may not be fetched: by its form, by where it leads, or by its robots.txt."""

    rule = "ingest.forbidden_address"


class OriginRecordError(RefusalError):
    """The origin record beside a file is broken or says something it may not."""

    rule = "ingest.origin_record"


class SourceRegisterError(RefusalError):
    """A source register, or one of its rows, says something that it may not."""

    rule = "ingest.source_register"


class EmptyListingError(RefusalError):
    """A page that is followed links to no report: it is empty, or filled by a script."""

    rule = "ingest.empty_listing"
