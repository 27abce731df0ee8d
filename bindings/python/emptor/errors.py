"""The exceptions: one class for each status of the C API, all of them emptor.Error."""

from __future__ import annotations


class Error(Exception):
    """What went wrong: a sentence, and where it applies the entity, the field and the row, and what to do about it.

    `row` is the index of the change or the line of the file, None where none applies; `problems` is how many things are
    wrong, the rest tells of the first. No text of an error holds personal data.
    """

    code = "error"

    def __init__(
        self,
        message: str = "",
        *,
        entity: str | None = None,
        field: str | None = None,
        row: int | None = None,
        hint: str | None = None,
        problems: int = 1,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.entity = entity
        self.field = field
        self.row = row
        self.hint = hint
        self.problems = problems

    def __str__(self) -> str:
        where = ".".join(part for part in (self.entity, self.field) if part)
        row = "" if self.row is None else f" (row {self.row})"
        more = "" if self.problems < 2 else f" and {self.problems - 1} more"
        hint = f"; {self.hint}" if self.hint else ""
        return f"{where}: {self.message}{row}{more}{hint}" if where else f"{self.message}{row}{more}{hint}"


class Invalid(Error, ValueError):
    """A value breaks a rule of its field."""

    code = "invalid"


class NotFound(Error, KeyError):
    """There is no such record, field, entity or file."""

    code = "not_found"


class Conflict(Error):
    """The record changed since the version that was expected."""

    code = "conflict"


class Duplicate(Error):
    """A unique value is taken."""

    code = "duplicate"


class Denied(Error):
    """The actor may not do this."""

    code = "denied"


class Busy(Error):
    """Another process held the store longer than was allowed to wait."""

    code = "busy"


class Io(Error):
    """The system refused a read or a write."""

    code = "io"


class Full(Error):
    """There is no space left."""

    code = "full"


class Corrupt(Error):
    """The store or the input is damaged."""

    code = "corrupt"


class Newer(Error):
    """The file was written by a newer version of the library."""

    code = "newer"


class Unsupported(Error):
    """A known thing that this store or build does not do."""

    code = "unsupported"


class Budget(Error):
    """A limit on time, memory or rows was reached."""

    code = "budget"


class Cancelled(Error):
    """The program asked to stop."""

    code = "cancelled"


class Memory(Error, MemoryError):
    """An allocation failed."""

    code = "memory"


class Misuse(Error):
    """A call that breaks the rules: a closed session, one that is at work, a store with open sessions."""

    code = "misuse"


class Internal(Error):
    """A bug in the library."""

    code = "internal"


_BY_CODE = {kind.code: kind for kind in Error.__subclasses__()}


def of(code: str, message: str, entity: str, field: str, row: int, hint: str, problems: int) -> Error:
    """The exception for an error of the C API, whose empty texts and row -1 mean that none applies."""
    return _BY_CODE[code](
        message,
        entity=entity or None,
        field=field or None,
        row=None if row < 0 else row,
        hint=hint or None,
        problems=problems,
    )
