"""One sitting: which card comes next, what was said, and what remains. No screen in here."""

import dataclasses
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from ..learning._store import kept
from . import _log as log
from ._cards import Card
from ._rating import Spoken, rating
from ._schedule import (
    NEW_A_DAY,
    State,
    back,
    basics_first,
    days_left,
    interview,
    local_day,
    predicted_wrong,
    session,
    states,
)

LEVELS = ("junior", "mid", "senior")
MOCK_QUESTIONS, MOCK_MINUTES = 10, 45


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Session:
    """A queue of cards, and what was said to each so far. A missed card comes back, unless it's a mock interview."""

    cards: Mapping[str, Card]
    queue: list[str]
    minutes: float
    mock: bool = False
    path: Path | None = None
    now: Callable[[], datetime] = utc_now
    clock: Callable[[], float] = time.monotonic
    said: list[tuple[Card, Spoken]] = field(default_factory=list)
    trouble: str = ""
    begun: float | None = None

    def __post_init__(self) -> None:
        known, _ = self.known()
        self.asked_before = {name: state.asked for name, state in known.items()}

    def start(self) -> None:
        """The time runs from the first card on."""
        if self.begun is None:
            self.begun = self.clock()

    @property
    def seconds_left(self) -> float:
        spent = 0.0 if self.begun is None else self.clock() - self.begun
        return max(0.0, self.minutes * 60 - spent)

    def next(self) -> Card | None:
        """The next card; None when the queue is empty or the time is over."""
        known, _ = self.known()
        while self.queue and self.seconds_left:
            name = self.queue.pop(0)
            if not self._asked_elsewhere(name, known):
                return self.cards[name]
        return None

    def known(self) -> tuple[dict[str, State], date | None]:
        """The state of each card, and the interview's date, from the log as it is now."""
        events, trouble = log.read(self.path)
        self.trouble = self.trouble or trouble
        day = interview(events, self.now())
        return states(events, self.now(), day), day

    def rate(self, card: Card, spoken: Spoken) -> None:
        """Keep what was said."""
        spoken = dataclasses.replace(spoken, again=any(card is before for before, _ in self.said))
        self.said.append((card, spoken))
        self.trouble = log.append(
            {
                "kind": "review",
                "card": card.id,
                "version": card.version,
                "ticks": spoken.ticks,
                "of": spoken.of,
                "seconds": round(spoken.seconds, 1),
                "sure": spoken.sure,
                "again": spoken.again,
                "rating": rating(spoken).name.lower(),
                "mock": self.mock,
            },
            self.path,
        )
        if spoken.missed and not self.mock:
            self.queue = back(self.queue, card.id)

    def follow_up(self, card: Card) -> tuple[str, str] | None:
        """A follow-up and its answer: another one each time that the card is asked."""
        if not card.more:
            return None
        known, _ = self.known()
        turn = known[card.id].asked - 1 if card.id in known else len(self.said)
        return card.more[turn % len(card.more)]

    def more_new(self) -> list[str]:
        """The next cards that were never asked, for those who want to go on."""
        known, _ = self.known()
        said = {card.id for card, _ in self.said}
        unseen = [name for name in self.cards if name not in known and name not in said]
        return basics_first(unseen, self.cards)[:NEW_A_DAY]

    def go_on(self, names: list[str]) -> None:
        """Another sitting of as many minutes, with these cards."""
        self.queue, self.begun = list(names), self.clock()

    def missed(self) -> list[Card]:
        """The cards whose first answer here missed, in the order of the questions."""
        first: dict[str, tuple[Card, Spoken]] = {}
        for card, spoken in self.said:
            first.setdefault(card.id, (card, spoken))
        found = [card for card, spoken in first.values() if spoken.missed]
        return sorted(found, key=lambda card: card.number)

    def nearly(self) -> list[Card]:
        """The cards that lacked one point, and were never missed."""
        found = {card.id: card for card, spoken in self.said if spoken.ticks == spoken.of - 1}
        lost = {card.id for card in self.missed()}
        return sorted((c for c in found.values() if c.id not in lost), key=lambda card: card.number)

    def _asked_elsewhere(self, name: str, known: Mapping[str, State]) -> bool:
        """Whether another drill has had this card since we began."""
        mine = sum(card.id == name for card, _ in self.said)
        return name in known and known[name].asked > self.asked_before.get(name, 0) + mine


def chosen(cards: Mapping[str, Card], levels: tuple[str, ...]) -> dict[str, Card]:
    """The cards of these levels. Raises ValueError for a level that doesn't exist, and when there's none."""
    if not levels:
        raise ValueError(f"Choose at least one level: {', '.join(LEVELS)}.")
    for level in levels:
        if level not in LEVELS:
            raise ValueError(f"{level!r} isn't a level: choose from {', '.join(LEVELS)}.")
    return {name: card for name, card in cards.items() if card.level in levels}


def today(
    cards: Mapping[str, Card],
    *,
    minutes: float,
    path: Path | None = None,
    now: Callable[[], datetime] = utc_now,
) -> Session:
    """What to ask today, from the drill's log and from the predictions of the lessons."""
    events, trouble = log.read(path)
    at = now()
    day = interview(events, at)
    queue = session(
        cards,
        states(events, at, day),
        at,
        day=day,
        wrong=predicted_wrong(kept()),
        minutes=minutes,
    )
    return Session(cards, queue, minutes, path=path, now=now, trouble=trouble)


def mock_interview(
    cards: Mapping[str, Card], level: str, *, seed: int | None = None, path: Path | None = None
) -> Session:
    """Ten mixed questions: seven of the level, and three of the levels below it where there are any.

    Cards that you've seen today are only chosen when the others don't suffice. Raises ValueError for a level that
    doesn't exist.
    """
    chance = random.Random(seed)
    events, trouble = log.read(path)
    known = states(events, utc_now())
    own = list(chosen(cards, (level,)))
    below = [name for name, card in cards.items() if LEVELS.index(card.level) < LEVELS.index(level)]
    others = _longest_ago(below, known, chance)[:3]
    queue = others + _longest_ago(own, known, chance)[: MOCK_QUESTIONS - len(others)]
    chance.shuffle(queue)
    return Session(cards, queue, MOCK_MINUTES, mock=True, path=path, trouble=trouble)


def _longest_ago(names: list[str], known: Mapping[str, State], chance: random.Random) -> list[str]:
    """In random order, but what was asked today after everything else."""
    today = local_day(utc_now())
    return sorted(
        chance.sample(names, len(names)),
        key=lambda name: name in known and local_day(known[name].last_at) == today,
    )


def set_date(text: str, path: Path | None = None, now: Callable[[], datetime] = utc_now) -> str:
    """Keep the interview's date; "" forgets it. Returns a sentence for the learner. Raises ValueError for no date."""
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(f"{text!r} isn't a date: write it like 2027-01-31.") from None
    events, trouble = log.read(path)
    if day != interview(events, now()):
        trouble = log.append({"kind": "date", "date": text or None}, path) or trouble
    return " ".join(filter(None, (_until(text, day, days_left(now(), day)), trouble)))


def _until(text: str, day: date | None, left: int | None) -> str:
    if day is None:
        return ""
    if left is None:
        return f"{text} is over, so cards are spaced as without an interview. Write the new date."
    near = {0: "Your interview is today: good luck!", 1: "Your interview is tomorrow."}
    return near.get(left, f"{left} days until your interview.")
