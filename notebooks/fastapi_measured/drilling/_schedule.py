"""When each card is due, and in which order a session asks: pure functions of the log and the time."""

import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import fsrs

from ._cards import Card
from ._log import Event, in_order
from ._rating import Spoken, rating

SECONDS_A_CARD = 100  # to say an answer, tick, read, and answer a follow-up
BACK_AFTER = 5  # cards between a missed card and its return
NEW_A_DAY = 5  # without an interview date
SEEN_BEFORE = 3  # times each card is seen before the interview
_SCHEDULER = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


@dataclass(frozen=True)
class State:
    """One card that was asked at least once."""

    due: datetime
    memory: fsrs.Card
    asked: int
    last: Spoken
    first_at: datetime
    last_at: datetime
    version: str

    def recalled(self, now: datetime) -> float:
        """The probability, 0 to 1, that it's still remembered."""
        return _SCHEDULER.get_card_retrievability(self.memory, now)

    def is_due(self, now: datetime) -> bool:
        """Whether its day has come: the hour doesn't matter."""
        return local_day(self.due) <= local_day(now)


def local_day(when: datetime) -> date:
    """The day on the learner's calendar."""
    return when.astimezone().date()


def interview(events: list[Event], now: datetime) -> date | None:
    """The interview's date that was set last."""
    found = None
    for _, event in in_order(events, now):
        if event["kind"] == "date":
            try:
                found = event.get("date") and date.fromisoformat(event["date"])
            except (TypeError, ValueError):
                continue
    return found


def days_left(now: datetime, day: date | None) -> int | None:
    """Days until the interview; None without one, or when it's over."""
    left = (day - local_day(now)).days if day else None
    return left if left is not None and left >= 0 else None


def states(events: list[Event], now: datetime, day: date | None = None) -> dict[str, State]:
    """Every card that was asked, by its id.

    A card whose last answer missed, or was right only after its answer had just been read, is due in the next sitting.
    """
    found: dict[str, State] = {}
    for at, event in in_order(events, now):
        spoken = _spoken(event)
        if spoken is None:
            continue
        before = found.get(event["card"])
        memory = before.memory if before else fsrs.Card(card_id=1)
        memory, _ = _SCHEDULER.review_card(memory, rating(spoken), at)
        asked = before.asked + 1 if before else 1
        interval = memory.due - at
        if (longest := _longest(days_left(at, day), asked)) is not None:
            interval = min(interval, longest)
        due = at if spoken.missed or spoken.again else at + interval
        first = before.first_at if before else at
        version = str(event.get("version", ""))
        found[event["card"]] = State(due, memory, asked, spoken, first, at, version)
    return found


def _longest(left: int | None, asked: int) -> timedelta | None:
    """The longest interval when an interview is `left` days away: half of them until a card was seen often enough, then all."""
    if left is None:
        return None
    half = max(1, left // 2)
    return timedelta(days=min(left, half) if asked < SEEN_BEFORE else left)


def _spoken(event: Event) -> Spoken | None:
    if event["kind"] != "review":
        return None
    try:
        return Spoken(
            int(event["ticks"]),
            int(event["of"]),
            float(event["seconds"]),
            bool(event["sure"]),
            bool(event.get("again")),
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def new_today(unseen: int, started_today: int, left: int | None) -> int:
    """How many new cards to start now: so many a day that a third of the days before an interview would do for all."""
    a_day = NEW_A_DAY
    if left is not None:
        a_day = math.ceil((unseen + started_today) / max(1, left // 3))
    return max(0, min(unseen, a_day - started_today))


def session(
    cards: Mapping[str, Card],
    known: Mapping[str, State],
    now: datetime,
    *,
    day: date | None = None,
    wrong: Iterable[str] = (),
    minutes: float = 20,
) -> list[str]:
    """The ids of the cards to ask now, in order.

    First what you were sure of and got wrong, then what else you missed, then what's due: before an interview the cards that
    you've seen least, else what's most forgotten. New cards take turns with these, up to half of the session, or more where
    less is due. Those that you predicted wrongly and surely come before the others. Lessons are mixed.

    Args:
        cards: all cards that may be asked.
        known: from `states`.
        now: the time, in UTC.
        day: the interview's date.
        wrong: ids of questions that were predicted wrongly and surely.
        minutes: the length of the session.
    """
    room = max(1, int(minutes * 60 / SECONDS_A_CARD))
    left = days_left(now, day)
    due = [name for name, state in known.items() if name in cards and state.is_due(now)]
    first = [name for name in due if known[name].last.sure_and_wrong]

    def order(name: str) -> tuple[bool, int, float, str]:
        state = known[name]
        returns = state.last.missed or state.last.again
        seen = min(state.asked, SEEN_BEFORE) if left is not None else 0
        return not returns, seen, state.recalled(now), name

    rest = sorted(set(due) - set(first), key=order)
    unseen = [name for name in cards if name not in known]
    started = sum(local_day(state.first_at) == local_day(now) for state in known.values())
    wanted = new_today(len(unseen), started, left)
    wrong = set(wrong)
    surprised = [name for name in unseen if name in wrong]
    fresh = surprised + basics_first([name for name in unseen if name not in wrong], cards)
    fresh = fresh[: min(wanted, max(room // 2, room - len(due)))]
    rest = mixed(rest[: max(0, room - len(fresh) - len(first))], cards)
    return [*first, *alternating(fresh, rest)][:room]


def alternating(some: list[str], others: list[str]) -> list[str]:
    """Both lists in turn, and then what's left of the longer.

    >>> alternating(["a"], ["b", "c"])
    ['a', 'b', 'c']
    """
    pairs = itertools.zip_longest(some, others)
    return [name for pair in pairs for name in pair if name is not None]


def mixed(names: list[str], cards: Mapping[str, Card]) -> list[str]:
    """The same cards, one of each lesson in turn, so that neighbours come from different lessons where they can."""
    by_lesson: dict[str, list[str]] = {}
    for name in names:
        by_lesson.setdefault(cards[name].lesson, []).append(name)
    out = []
    while by_lesson:
        for lesson in list(by_lesson):
            out.append(by_lesson[lesson].pop(0))
            if not by_lesson[lesson]:
                del by_lesson[lesson]
    return out


def basics_first(names: list[str], cards: Mapping[str, Card]) -> list[str]:
    """Junior questions before mid and senior ones, with the lessons of each level mixed."""
    levels = list(dict.fromkeys(card.level for card in cards.values()))
    by_level = ([name for name in names if cards[name].level == level] for level in levels)
    return [name for group in by_level for name in mixed(group, cards)]


def back(queue: list[str], name: str) -> list[str]:
    """The queue with a missed card in it again, after five others, or at its end."""
    place = min(BACK_AFTER, len(queue))
    return [*queue[:place], name, *queue[place:]]


def predicted_wrong(events: Iterable[Event]) -> list[str]:
    """The questions whose last prediction was sure and wrong, from the events of the lessons."""
    last = {}
    for event in events:
        if event.get("kind") == "compared" and not str(event.get("question")).endswith(" recall"):
            last[str(event.get("question")).partition(" ")[0], event.get("text")] = event
    found = [
        name
        for (name, _), event in last.items()
        if event.get("sure") == "sure" and event.get("right") is False
    ]
    return list(dict.fromkeys(found))
