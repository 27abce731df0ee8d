"""Scorecards of plain frames: the chance of an event as points that are added up, with reasons.

>>> card = emptor.scorecard(loans, target="outcome", positive="bad")
>>> card.card                        # a frame: attribute, bin, events, others, rate, woe, information, points, use
>>> card.quality["auc"], card.verdict
>>> card.score(applications)         # points, chance, reason_1, lost_1 ...
>>> card.stability(applications)     # how far these rows are from those it was learnt from

docs/credit.md has the method, and when not to use it.
"""

from __future__ import annotations

from typing import Any

from ._emptor import compute
from .frames import like


class Scorecard:
    """A card that scores rows. `document` is all of it, as plain JSON: keep that, and make the card from it again."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.summary: dict[str, Any] = {}
        self.card: Any = None

    @property
    def target(self) -> str:
        return self.document["target"]

    @property
    def verdict(self) -> str:
        """ "sufficient", or what the data lack."""
        return self.summary["verdict"]

    @property
    def quality(self) -> dict[str, Any] | None:
        """auc, gini, ks, brier, calibration_slope ... of rows that the cards of the folds had not seen; None where there
        were too few rows to judge."""
        return self.summary["quality"]

    @property
    def information_values(self) -> dict[str, float]:
        """By attribute; those that are not used have theirs, too."""
        return {one["name"]: one["information_value"] for one in self.summary["attributes"]}

    @property
    def left_out(self) -> dict[str, str]:
        """Columns that may not or cannot decide, and why: "protected", "too many texts", "neither numbers nor texts"."""
        return {one["column"]: one["why"] for one in self.summary["left_out"]}

    def _points(self, frame: Any, **options: Any) -> Any:
        return compute("scorecard_points", frame, card=self.document, **options)

    def score(self, frame: Any, *, reasons: int = 3, against: str = "best") -> Any:
        """A row for each of the frame, in its order: points, chance, and reason_1, lost_1 ...: the attributes that cost it
        most points, counted from the best bin of each, or (against="mean") from what others have."""
        return like(frame, self._points(frame, reasons=reasons, against=against))

    def stability(self, frame: Any) -> dict[str, Any] | None:
        """psi of the scores and csi of each column against the rows the card was learnt from; None of no rows."""
        return self._points(frame, reasons=0).summary["stability"]

    def judge(self, frame: Any) -> dict[str, Any] | None:
        """auc, gini and ks on rows whose outcome is in the frame; None where it is not, or is one and the same."""
        return self._points(frame, reasons=0).summary["quality"]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scorecard) and self.document == other.document

    __hash__ = None  # a document may be changed

    def __repr__(self) -> str:
        told = f"{len(self.document['columns'])} attributes"
        return f"<emptor.Scorecard of {self.target}: {told}{'; ' + self.verdict if self.summary else ''}>"


def scorecard(frame: Any, *, target: str, positive: Any = None, **options: Any) -> Scorecard:
    """Learns a scorecard from a frame with a row a case, without a store.

    `frame` is anything with the Arrow PyCapsule protocol; `target` the column of what came of each row, `positive` what
    stands there for the event (bad; 1 or True without it). All other columns are attributes, or those named by `columns`;
    columns named like protected attributes (age, sex, nationality ... in English, German and Chinese) are left out unless
    `allow` names them. Other keywords: shape (none, ascending, descending, monotone, peak, valley), least_share, most_bins,
    special, categorical, base_points, base_odds, points_to_double, whole_points, least_information, ridge, folds, seed.
    """
    options["target"] = target
    if positive is not None:
        options["positive"] = positive
    table = compute("scorecard", frame, **options)
    learnt = Scorecard(table.summary["card"])
    learnt.summary = table.summary
    learnt.card = like(frame, table)
    return learnt
