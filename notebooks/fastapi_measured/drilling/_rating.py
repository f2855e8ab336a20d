"""How well a card was answered: computed from what was said, how long it took, and how sure you were."""

from dataclasses import dataclass

from fsrs import Rating

QUICK_S, SLOW_S = 45, 120


@dataclass(frozen=True)
class Spoken:
    """One spoken answer: how many must-say points were in it, of how many, in how many seconds, and whether you were sure.

    again: whether the card was asked in this sitting already, so that its answer was just read.
    """

    ticks: int
    of: int
    seconds: float
    sure: bool
    again: bool = False

    @property
    def missed(self) -> bool:
        """At most one of three points: the card comes back."""
        return self.ticks < 2

    @property
    def sure_and_wrong(self) -> bool:
        return self.sure and self.missed


def rating(spoken: Spoken) -> Rating:
    """The rating for the scheduler.

    >>> rating(Spoken(3, 3, 30, True)).name, rating(Spoken(3, 3, 30, False)).name, rating(Spoken(1, 3, 30, True)).name
    ('Easy', 'Hard', 'Again')
    """
    if spoken.missed:
        return Rating.Again
    if spoken.ticks < spoken.of or not spoken.sure or spoken.seconds > SLOW_S or spoken.again:
        return Rating.Hard
    return Rating.Easy if spoken.seconds <= QUICK_S else Rating.Good


def verdict(spoken: Spoken) -> str:
    """The rating in words.

    >>> verdict(Spoken(3, 3, 30, False)), verdict(Spoken(2, 3, 30, True)), verdict(Spoken(3, 3, 30, True, again=True))
    ('right, but a guess', 'one point is missing', 'right this time')
    """
    if spoken.missed:
        return "missed: it comes back"
    if spoken.ticks < spoken.of:
        return "one point is missing"
    if spoken.again:
        return "right this time"
    if not spoken.sure:
        return "right, but a guess"
    if spoken.seconds > SLOW_S:
        return "right, but slow"
    return "very good" if spoken.seconds <= QUICK_S else "good"
