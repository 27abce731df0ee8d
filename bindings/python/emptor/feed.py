"""What changed in a store, change by change, for hosts that pass it on (docs/feed.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from ._emptor import Session


class Delivered(NamedTuple):
    """What a delivery came to: `position` is to be kept, and given next time."""

    position: int
    taken: int
    refused: bool


def payloads(session: Session, after: int = 0, *, entities: Sequence[str] = (), limit: int = 1000) -> Iterator[dict[str, Any]]:
    """The payloads of what changed after a position, in order, as far as the actor may see it. Ends at the head.

    They are read about `limit` at a time; `entities` are the only ones that are told, all unless given.
    """
    for _, batch in _batches(session, after, entities, limit):
        yield from batch


def deliver(
    session: Session,
    take: Callable[[dict[str, Any]], object],
    after: int = 0,
    *,
    entities: Sequence[str] = (),
    limit: int = 1000,
) -> Delivered:
    """Tells take(payload) each change after a position, in order, until there is none left or it returns False.

    The position that comes back is after the last entry of which everything was taken: what is told again has the same
    event_id, so that a receiver which keeps those it has seen takes each change once.
    """
    position, taken = after, 0
    for reached, batch in _batches(session, after, entities, limit):
        entry = position
        for payload in batch:
            if int(payload["position"]) != entry:
                position, entry = entry, int(payload["position"])
            if take(payload) is False:
                return Delivered(position, taken, True)
            taken += 1
        position = reached
    return Delivered(position, taken, False)


def schema(session: Session, entity: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the payloads of an entity."""
    answer: dict[str, Any] = session.run("feed_schema", entity=entity)
    return answer


def _batches(
    session: Session, after: int, entities: Sequence[str], limit: int
) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    while True:
        answer: Any = session.run("feed_payloads", after=after, entities=list(entities), limit=limit)
        reached = int(answer["position"])
        if reached == after:
            return
        yield reached, answer["payloads"]
        after = reached
