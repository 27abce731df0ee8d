"""What a computation found in a plain frame: a summary, and a frame of rows."""

from __future__ import annotations

from typing import Any, Generic, NoReturn, TypeVar, cast, overload

from ._emptor import Table, compute
from .frames import like

_Value = TypeVar("_Value")
_Found = TypeVar("_Found", bound="Findings")


class Told(Generic[_Value]):
    """A part of the summary, by its name there; `otherwise` where the summary lacks it."""

    def __init__(self, doc: str, *otherwise: _Value) -> None:
        self.__doc__ = doc
        self._otherwise = otherwise

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, found: None, owner: type) -> Told[_Value]: ...
    @overload
    def __get__(self, found: Findings, owner: type) -> _Value: ...
    def __get__(self, found: Findings | None, owner: type) -> Told[_Value] | _Value:
        if found is None:
            return self
        if self._otherwise:
            return cast(_Value, found.summary.get(self._name, self._otherwise[0]))
        return cast(_Value, found.summary[self._name])

    def __set__(self, found: Findings, value: object) -> NoReturn:
        raise AttributeError(f"{self._name} is what the summary tells")


class Findings:
    """The base of what computations give. A subclass names its computation, and the attribute that has the rows."""

    _computation = ""
    _rows = "customers"

    def __init_subclass__(cls, *, computation: str = "", rows: str = "customers") -> None:
        cls._computation = computation
        cls._rows = rows

    def __init__(self, frame: Any, table: Table) -> None:
        self.summary: dict[str, Any] = table.summary
        setattr(self, self._rows, like(frame, table))

    @classmethod
    def of(cls: type[_Found], frame: Any, options: dict[str, Any], **named: Any) -> _Found:
        """What the computation finds in a frame. Of the named options those that are None are left out."""
        return cls(frame, run(cls._computation, frame, options, **named))

    def _words(self) -> str:
        """What its representation tells."""
        return f"{self.summary['customers']} customers"

    def __repr__(self) -> str:
        return f"<emptor.{type(self).__name__} {self._words()}>"


class Concluded(Findings):
    """Those that say whether the data suffice."""

    verdict: Told[str] = Told('"sufficient", or what the data lack.')

    def __repr__(self) -> str:
        return f"<emptor.{type(self).__name__} {self._words()}; {self.verdict}>"


class Judged(Concluded):
    """What was learnt from a frame, and how well that held on the window just past."""

    models: Told[list[dict[str, Any]]] = Told(
        "Each model and what stands beside it, by name, with the measures by which it was judged."
    )
    chosen: Told[str | None] = Told("Which of them is used; None where the data do not allow any.")

    def _words(self) -> str:
        return f"{super()._words()}, {self.chosen or 'no model'}"


def run(computation: str, frame: Any, options: dict[str, Any], **named: Any) -> Table:
    """A computation with options of two kinds: as they were given, and by name unless they are None."""
    given = {name: value for name, value in named.items() if value is not None}
    return compute(computation, frame, **options, **given)
