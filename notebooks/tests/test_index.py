import nbformat
import pytest

from fastapi_measured.keeping.finding import finding
from fastapi_measured.keeping.index import make, put, stale
from fastapi_measured.keeping.lessons import ranges, read_lessons
from fastapi_measured.keeping.pages import (
    closing,
    lab_closing,
    lab_line,
    lesson_line,
    questions,
)
from fastapi_measured.keeping.plans import plan_pages, plans, three_weeks

README = "a\n<!-- lessons -->\nold\n<!-- end of lessons -->\nz\n"
TEACHING = "a\n<!-- schedules --><!-- end of schedules -->\nz\n"


def write(path, *cells, **course):
    path.parent.mkdir(parents=True, exist_ok=True)
    markdown = list(map(nbformat.v4.new_markdown_cell, cells))
    nbformat.write(nbformat.v4.new_notebook(cells=markdown, metadata={"course": course}), path)


def add_lesson(root, level, name, title, *questions):
    answers = [
        f'## Q{number} · Why {number}?\n\n> **They ask.** "Say, why {number}?"\n\n'
        f"> **In one breath.** Because | of\n> {number}.\n\n**Must say.**\n\n- a\n- b\n- c\n\nMore."
        for number in questions
    ]
    head = f"# {name[:2]} · {title}\n\nMid · old\n\nKept."
    cells = [head, *answers, "Before the next lesson"]
    write(root / "notebooks" / level / f"{name}.ipynb", *cells, minutes=30, measures="waits")
    for folder in ("labs", "solutions"):
        write(
            root / folder / level / f"{name}.ipynb",
            f"# Lab {name[:2]} · Mend\n\nMid · old\n\nKept.",
            "All passed?",
            minutes=20,
        )


@pytest.fixture
def course(tmp_path):
    add_lesson(tmp_path, "junior", "01-first", "First", 1, 2, 3)
    add_lesson(tmp_path, "mid", "02-second", "Second", 20, 13)
    return tmp_path


def test_a_lesson_links_its_neighbours_the_start_page_and_its_lab(course):
    lessons = read_lessons(course)
    assert lesson_line(lessons, 0) == (
        "Junior · 30 minutes · Q1-Q3 · [start page](../00-start-here.ipynb) · next: [02 Second](../mid/02-second.ipynb)"
        " · [lab](../../labs/junior/01-first.ipynb)"
    )
    assert "before: [01 First](../junior/01-first.ipynb)" in lesson_line(lessons, 1)
    assert "next:" not in lesson_line(lessons, 1)


def test_a_lab_links_its_lesson_and_not_its_solution(course):
    line = lab_line(read_lessons(course), 0)
    assert line.startswith(
        "Junior · 20 minutes · belongs to [01 First](../../notebooks/junior/01-first.ipynb)"
    )
    assert "solutions" not in line


def test_a_lesson_ends_with_its_lab_and_the_next_lesson(course):
    lessons = read_lessons(course)
    first, second = (closing(lessons, place).splitlines()[-1] for place in (0, 1))
    assert first.startswith(
        "**Now the lab → [Mend](../../labs/junior/01-first.ipynb)**, 20 minutes"
    )
    assert "**Then → [02 Second](../mid/02-second.ipynb)**" in first
    assert "Then" not in second


def test_a_lab_ends_with_its_solution_and_how_to_start_over(course):
    lessons = read_lessons(course)
    assert "Then go on to [02 Second]" in lab_closing(lessons, 0)
    told = lab_closing(lessons, 1)
    assert "python -m fastapi_measured.labs mid/02-second`" in told
    assert "(../../solutions/mid/02-second.ipynb)" in told


def test_the_questions_follow_their_lesson_and_unfold_their_answers(course):
    told = questions(read_lessons(course))
    assert told.index("### [02 Second](mid/02-second.ipynb)") < told.index("<b>Q13</b>")
    assert told.index("<b>Q13</b>") < told.index("<b>Q20</b>")
    assert "<summary><b>Q13</b> Why 13?</summary>\n\nBecause | of 13.\n</details>" in told


def test_a_plan_adds_up_the_minutes_of_its_day(course):
    told = plan_pages(read_lessons(course))
    day = "| Evening 1 | [01 First](junior/01-first.ipynb), [02 Second](mid/02-second.ipynb) |  | drill | 85 |"
    assert day in told


def test_three_weeks_hold_every_lesson_and_lab_once_and_days_are_about_as_long():
    lessons = read_lessons()
    numbers = [lesson.number for lesson in lessons]
    days = three_weeks(lessons)
    assert [number for day in days for number in day.lessons] == numbers
    assert [number for day in days for number in day.labs] == numbers
    by_number = {lesson.number: lesson for lesson in lessons}
    assert len(days) == 21
    assert max(day.minutes(by_number) for day in days) <= 180


def test_an_evening_is_an_evening_and_a_weekend_has_two_days():
    lessons = read_lessons()
    by_number = {lesson.number: lesson for lesson in lessons}
    evenings, weekend, _ = plans(lessons)
    assert max(day.minutes(by_number) for day in evenings.days) <= 180
    assert max(day.minutes(by_number) for day in weekend.days) <= 360


@pytest.mark.parametrize(
    ("numbers", "text"), [([1], "Q1"), ([5, 4], "Q4, Q5"), ([3, 1, 2, 9], "Q1-Q3, Q9")]
)
def test_numbers_in_a_row_are_shortened(numbers, text):
    assert ranges(numbers) == text


def test_everything_is_made_once_and_then_stays(course, monkeypatch):
    monkeypatch.setattr(
        "fastapi_measured.keeping.pages.SCHEDULES", {"an hour": (["01", "lab 02"], "lab 02")}
    )
    (course / "README.md").write_text(README)
    (course / "notebooks/teaching.md").write_text(TEACHING)
    write(
        course / "notebooks" / "00-start-here.ipynb",
        "# Start",
        "## The path\n\nThirty.\n\nold",
        "## Three plans\n\nHours.\n\nold",
        "## The questions\n\nAloud.\n\n### Junior\n\nold",
    )
    made = make(course)
    assert len(made) == 11
    assert sorted(stale(made)) == sorted(made)
    for path, data in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    assert make(course) == made
    assert stale(made) == []
    readme = (course / "README.md").read_text()
    assert "| [01 First](notebooks/junior/01-first.ipynb) | Q1-Q3 | 30 | waits |" in readme
    assert (
        "| an hour | 01 First (30), lab 02 (20) | 50 | lab 02 |"
        in (course / "notebooks/teaching.md").read_text()
    )
    start = nbformat.read(course / "notebooks/00-start-here.ipynb", 4)
    assert start.cells[1].source.startswith("## The path\n\nThirty.\n\n| lesson |")
    assert not [cell for cell in start.cells if cell.source.endswith("\n\nold")]
    assert (
        "\n\nKept." in nbformat.read(course / "notebooks/junior/01-first.ipynb", 4).cells[0].source
    )


def test_a_start_page_without_a_place_is_named(course):
    (course / "README.md").write_text(README)
    (course / "notebooks/teaching.md").write_text(TEACHING)
    write(course / "notebooks" / "00-start-here.ipynb", "# Start", "## The path\n\nThirty.")
    with pytest.raises(ValueError, match=r"00-start-here\.ipynb needs .*## Three plans, ## The qu"):
        make(course)


def test_a_lesson_without_its_chart_cannot_open_the_readme(course):
    with pytest.raises(ValueError, match=r"01-first\.ipynb has no chart of pings"):
        finding(course / "notebooks/junior/01-first.ipynb")


@pytest.mark.parametrize(
    ("cells", "told", "problem"),
    [
        (["# 03 · Third"], {"minutes": 10}, "needs `course` with `measures`"),
        (["# 02 · Third"], {}, "its first line must begin with `# 03 · `, not `# 02 · Third`"),
        (["# 03 · Third", "## Q4 · Why?"], {}, "Q4 needs a line `> **In one breath.**"),
    ],
)
def test_a_lesson_that_does_not_say_what_it_has_to_is_named(course, cells, told, problem):
    write(course / "notebooks/mid/03-third.ipynb", *cells, **told or {"minutes": 1, "measures": ""})
    write(course / "solutions/mid/03-third.ipynb", "# Lab 03 · Mend", minutes=10)
    with pytest.raises(ValueError, match=r"03-third\.ipynb: ") as refused:
        read_lessons(course)
    assert problem in str(refused.value)


def test_a_first_paragraph_is_not_overwritten(course):
    path = course / "notebooks/mid/02-second.ipynb"
    write(path, "# 02 · Second\n\nMine.", "Before the next lesson", minutes=1, measures="")
    with pytest.raises(ValueError, match=r"02-second\.ipynb: under its title .*, not `Mine\.`"):
        make(course)


def test_a_readme_without_a_place_is_refused():
    with pytest.raises(ValueError, match=r"README\.md needs the lines <!-- lessons -->"):
        put("nothing", "lessons", "table")
