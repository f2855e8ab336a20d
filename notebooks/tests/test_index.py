import nbformat
import pytest

from fastapi_measured.keeping.index import (
    closing,
    lab_closing,
    lab_line,
    lesson_line,
    make,
    put,
    question_tables,
    read_lessons,
)

README = "a\n<!-- lessons -->\nold\n<!-- end of lessons -->\n<!-- schedules --><!-- end of schedules -->\nz\n"


def write(path, *cells, **course):
    path.parent.mkdir(parents=True, exist_ok=True)
    markdown = list(map(nbformat.v4.new_markdown_cell, cells))
    nbformat.write(nbformat.v4.new_notebook(cells=markdown, metadata={"course": course}), path)


def add_lesson(root, level, name, title, *questions):
    answers = [
        f"## Q{number} · Why {number}?\n\n> **In one breath.** Because | of\n> {number}.\n\nMore."
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


def test_a_lesson_links_its_neighbours_the_index_and_its_lab(course):
    lessons = read_lessons(course)
    assert lesson_line(lessons, 0) == (
        "Junior · 30 minutes · Q1, Q2, Q3 · [index](../00-start-here.ipynb) · next: [02 Second](../mid/02-second.ipynb)"
        " · [lab](../../labs/junior/01-first.ipynb)"
    )
    assert "before: [01 First](../junior/01-first.ipynb)" in lesson_line(lessons, 1)
    assert "next:" not in lesson_line(lessons, 1)


def test_a_lab_links_its_lesson_the_next_one_and_its_solution(course):
    line = lab_line(read_lessons(course), 0)
    assert line.startswith(
        "Junior · 20 minutes · belongs to [01 First](../../notebooks/junior/01-first.ipynb)"
    )
    assert "next: [02 Second](../../notebooks/mid/02-second.ipynb)" in line
    assert line.endswith("[solution](../../solutions/junior/01-first.ipynb)")


def test_a_lesson_ends_with_its_lab_and_the_next_lesson(course):
    lessons, back = read_lessons(course), "Back to the [index](../00-start-here.ipynb)."
    last = [closing(lessons, place).splitlines()[-1] for place in (0, 1)]
    assert last == [
        f"Now the lab: [Mend](../../labs/junior/01-first.ipynb). Then [02 Second](../mid/02-second.ipynb). {back}",
        f"Now the lab: [Mend](../../labs/mid/02-second.ipynb). {back}",
    ]


def test_a_lab_ends_with_how_to_start_over(course):
    told = lab_closing(read_lessons(course)[1])
    assert "python -m fastapi_measured.labs mid/02-second`" in told
    assert "(../../solutions/mid/02-second.ipynb)" in told


def test_the_questions_stand_in_order_with_their_answers_folded(course):
    rows = [
        row for row in question_tables(read_lessons(course)).splitlines() if row.startswith("| Q")
    ]
    assert [row.split()[1] for row in rows] == ["Q1", "Q2", "Q3", "Q13", "Q20"]
    assert rows[3] == (
        "| Q13 | Why 13?<details><summary>in one breath</summary>Because \\| of 13.</details> "
        "| [02 Second](mid/02-second.ipynb) | 30 |"
    )


def test_everything_is_made_once_and_then_stays(course, monkeypatch):
    monkeypatch.setattr(
        "fastapi_measured.keeping.index.SCHEDULES", {"an hour": (["01", "lab 02"], "lab 02")}
    )
    (course / "README.md").write_text(README)
    write(
        course / "notebooks" / "00-start-here.ipynb",
        "# Start",
        "## The questions\n\nAll.\n\n### Junior\n\nold",
    )
    made = make(course)
    assert len(made) == 8
    for path, text in made.items():
        assert path.read_text() != text
        path.write_text(text)
    assert make(course) == made
    readme = (course / "README.md").read_text()
    assert "| [01 First](notebooks/junior/01-first.ipynb) | Q1-Q3 | 30 | waits |" in readme
    assert "| [02 Second](notebooks/mid/02-second.ipynb) | Q13, Q20 | 30 | waits |" in readme
    assert "| an hour | 01 First (30), lab 02 (20) | 50 | lab 02 |" in readme
    assert "old" not in readme
    assert (
        "\n\nKept." in nbformat.read(course / "notebooks/junior/01-first.ipynb", 4).cells[0].source
    )


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
    with pytest.raises(ValueError, match=r"02-second\.ipynb: under its title .* not `Mine\.`"):
        make(course)


def test_a_readme_without_a_place_is_refused():
    with pytest.raises(ValueError, match=r"README\.md needs the lines <!-- lessons -->"):
        put("nothing", "lessons", "table")
