"""The drill's screen on ipywidgets: the question with a clock, the answer with its ticks, a follow-up, the end."""

import asyncio
import contextlib
import html
import math
from collections.abc import Callable, Iterable
from typing import Any

import ipywidgets as widgets

from .._look import BAD, GOOD, NOTE, QUIET, card, folded, marked, pill
from ._cards import Card, picture
from ._rating import Spoken, verdict
from ._schedule import days_left, local_day
from ._session import MOCK_QUESTIONS, Session

CLOCK_S = 600  # a clock that nobody stops, because its cell was run again, ends by itself
WIDE = widgets.Layout(width="100%", max_width="780px")


class Screen:
    """Shows a session, one step after the other, in `box`."""

    def __init__(self, session: Session):
        self.session = session
        self.head, self.body = widgets.HTML(), widgets.VBox(layout=WIDE)
        self.box = widgets.VBox([self.head, self.body], layout=WIDE)
        self.clock: asyncio.Task | None = None
        if session.queue:
            self.start()
        else:
            self.end()

    def start(self) -> None:
        """What is to come. The clock of the first card only runs once you're ready."""
        known, _ = self.session.known()
        cards = len(self.session.queue)
        new = sum(name not in known for name in self.session.queue)
        told = _questions(cards) + ("" if self.session.mock else f", {new} of them new")
        begin = _button("Start", "primary", self.ask)
        self.show(
            _html(f"{told}, {self.session.minutes:g} minutes at most."), widgets.HBox([begin])
        )

    def ask(self) -> None:
        """The question, as an interviewer asks it, and a clock."""
        self.session.start()
        asked = self.session.next()
        if asked is None:
            self.end()
            return
        begun, shown = self.session.clock(), widgets.HTML()

        def turn(is_sure: bool) -> None:
            if self.clock:
                self.clock.cancel()
            self.answer(asked, self.session.clock() - begun, is_sure)

        sure = _button("Sure", "success", lambda: turn(True))
        guessing = _button("Guessing", "", lambda: turn(False))
        self.show(
            _html(f'<div style="font-size:125%;margin:8px 0px">{marked(asked.ask)}</div>'),
            _html("Say your answer aloud, in one breath. Then choose how sure you are."),
            widgets.HBox([sure, guessing, shown]),
        )
        self._run_clock(shown, begun)

    def answer(self, asked: Card, seconds: float, sure: bool) -> None:
        """The must-say points to tick; and, but for an interview, the answer, its picture and its lesson."""
        ticks = [
            widgets.Checkbox(description=point, indent=False, layout=WIDE)
            for point in asked.must_say
        ]

        def rate() -> None:
            spoken = Spoken(sum(t.value for t in ticks), len(ticks), seconds, sure)
            self.session.rate(asked, spoken)
            self.follow_up(asked)

        go_on = _button("Rate, and go on", "primary", rate)
        drawn: list[Any] = []
        shown = None if self.session.mock else picture(asked)
        if shown and shown.png:
            image = widgets.Image(value=shown.png, layout=widgets.Layout(max_width="620px"))
            words = f"<div>{html.escape(shown.words)}</div>"
            drawn = [image, _html(folded("The chart's figures", words))]
        elif shown:
            drawn = [_html(shown.markup)]
        self.show(
            _html(f"<b>{marked(asked.ask)}</b>"),
            _html(
                f"{pill('sure' if sure else 'guessing', NOTE)} {pill(f'{seconds:.0f} s', QUIET)} "
                "Which of these did you say?"
            ),
            *ticks,
            widgets.HBox([go_on]),
            *([] if self.session.mock else [*self._told(asked), *drawn, self._more_in(asked)]),
        )

    def _told(self, asked: Card) -> list[Any]:
        return [_html(card(f"<b>{asked.id}. In one breath.</b> {marked(asked.answer)}"))]

    def _more_in(self, asked: Card) -> Any:
        return _html(f"{self._changed(asked)}More in {_link(asked)}.")

    def follow_up(self, asked: Card) -> None:
        """How it was rated, the myth where you were sure and wrong, and one question more."""
        spoken = self.session.said[-1][1]
        colour = BAD if spoken.missed else GOOD if spoken.ticks == spoken.of else QUIET
        told = [_html(pill(verdict(spoken), colour))]
        if spoken.sure_and_wrong:
            told += [
                _html(card(f"<b>Often said:</b> {marked(said)}", marked(true), colour=BAD))
                for said, true in asked.myths[:1]
            ]
        more = self.session.follow_up(asked)
        go_on = _button("Next question", "primary", self.ask)
        if more is None:
            self.show(*told, widgets.HBox([go_on]))
            return
        question, reply = more
        place = widgets.VBox([], layout=WIDE)
        shown = [_html(card(marked(reply)))]
        reveal = _button("Show the answer", "", lambda: setattr(place, "children", shown))
        self.show(
            *told,
            _html(f'<div style="font-size:115%;margin:8px 0px">{marked(question)}</div>'),
            _html("Say it aloud, too. Follow-ups aren't rated."),
            widgets.HBox([reveal, go_on]),
            place,
        )

    def end(self) -> None:
        """What was missed, where it is, and what's next."""
        said, missed, nearly = self.session.said, self.session.missed(), self.session.nearly()
        asked = len({card.id for card, _ in said})
        lines = [
            f"<b>Done.</b> {_questions(asked)}: {len(missed)} missed, {len(nearly)} lacked a point."
        ]
        if not said:
            lines = ["<b>Nothing is due now.</b>"]
        lines += [_looked_up(one, "missed") for one in missed]
        lines += [_looked_up(one, "a point") for one in nearly]
        if self.session.mock:
            unasked = MOCK_QUESTIONS - asked
            lines += [f"Time's up: {_questions(unasked)} weren't asked."] if unasked else []
            lines.append(_tomorrow(missed, nearly))
        else:
            lines.append(html.escape(self._ahead()))
        self.show(_html(card(*lines, colour=BAD if missed else GOOD)), *self._go_on())

    def _go_on(self) -> list[Any]:
        """A button for more new questions, where there are any."""
        names = [] if self.session.mock else self.session.more_new()
        if not names:
            return []

        def go_on() -> None:
            self.session.go_on(names)
            self.ask()

        return [widgets.HBox([_button(f"{len(names)} more new questions", "", go_on)])]

    def show(self, *parts: Any) -> None:
        """Another step: its parts below the head."""
        left, done = len(self.session.queue), len(self.session.said)
        pills = [pill(f"{done} answered", QUIET), pill(f"{left} more after this", QUIET)]
        if self.session.mock:
            pills.append(pill(f"{self.session.seconds_left / 60:.0f} minutes left", NOTE))
        self.head.value = " ".join(pills) + (
            card(html.escape(self.session.trouble), colour=BAD) if self.session.trouble else ""
        )
        before, self.body.children = self.body.children, parts
        _close(before)

    def _run_clock(self, shown: Any, begun: float) -> None:
        async def tick() -> None:
            while (seconds := self.session.clock() - begun) < CLOCK_S:
                shown.value = f"&nbsp; {seconds:.0f} s"
                await asyncio.sleep(1)

        with contextlib.suppress(RuntimeError):  # no loop, no clock: the time is measured anyway
            self.clock = asyncio.get_running_loop().create_task(tick())

    def _changed(self, asked: Card) -> str:
        known, _ = self.session.known()
        before = known.get(asked.id)
        if before and before.version not in ("", asked.version):
            return "This answer has changed since you last saw it. "
        return ""

    def _ahead(self) -> str:
        """How far you are, and what's next."""
        (known, day), now = self.session.known(), self.session.now()
        known = {name: state for name, state in known.items() if name in self.session.cards}
        told = [f"You've seen {len(known)} of {len(self.session.cards)} cards."]
        unseen, left = len(self.session.cards) - len(known), days_left(now, day)
        if left and unseen:
            told.append(f"{left} days are left: that's {math.ceil(unseen / left)} new cards a day.")
        due = sorted(local_day(state.due) for state in known.values())
        if any(state.last.missed or state.last.again for state in known.values()):
            told.append("What you missed comes first when you run this cell again.")
        elif due:
            told.append(f"The next of them is due on {due[0]:%d %B}.")
        return " ".join(told)


def _questions(count: int) -> str:
    return f"{count} question{'s' * (count != 1)}"


def _looked_up(one: Card, why: str) -> str:
    """A line of the end: the question as it was asked, its answer to unfold, its lesson."""
    answer = folded("the answer", f"<div>{marked(one.answer)}</div>")
    return (
        f"{pill(why, BAD if why == 'missed' else QUIET)} {marked(one.ask)} ({_link(one)}) {answer}"
    )


def _tomorrow(missed: list[Card], nearly: list[Card]) -> str:
    if not (missed or nearly):
        return "Tomorrow: run a mock interview of the next level, or the drill."
    lessons = list(dict.fromkeys(_link(card) for card in missed or nearly))
    first = " It asks first what you missed." if missed else ""
    return f"Tomorrow: read {', '.join(lessons[:3])} again, then run the drill.{first}"


def _link(card: Card) -> str:
    style = "color:inherit;text-decoration:underline"
    return f'<a href="{html.escape(card.path)}" target="_blank" style="{style}">{html.escape(card.lesson)}</a>'


def _button(text: str, style: str, do: Callable[[], None]) -> Any:
    """A button that works once: a second click, before the next step is drawn, does nothing."""
    button = widgets.Button(
        description=text, button_style=style, layout=widgets.Layout(width="auto")
    )

    def once(_: object) -> None:
        if not button.disabled:
            button.disabled = True
            do()

    button.on_click(once)
    return button


def _close(parts: Iterable[Any]) -> None:
    """Close widgets that aren't shown any more, with what's in them."""
    for part in parts:
        _close(getattr(part, "children", ()))
        part.close()


def _html(markup: str) -> Any:
    return widgets.HTML(markup, layout=WIDE)
