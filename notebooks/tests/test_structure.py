"""What holds for every notebook of the course, read from the files alone."""

import json
import os
import re
import subprocess
import tomllib
from pathlib import Path

import nbformat
import pytest
import yaml

from fastapi_measured.keeping import lessons
from fastapi_measured.keeping.index import make, stale
from fastapi_measured.keeping.labs import ROOT, make_lab, notebooks
from fastapi_measured.keeping.lessons import LEVELS, reading_minutes

# What every question has; and what it has besides in lessons that call predict(), the pattern of 02 and 07.
PARTS = (
    r"> \*\*They ask\.\*\* \"",
    r"### Predict",
    r"### Measure",
    r"### Answer",
    r"> \*\*In one breath\.\*\* ",
    r"\*\*Must say\.\*\*\n\n(- [^\n]+\n){3}\n",
    r"\*\*How it works\.\*\* ",
    r"<details><summary><b>(Skip on first reading: at|At) senior depth</b></summary>",
    r"### Often said",
    r"### They('ll| will) ask next",
    r"\*\*Source:\*\* ",
)
PATTERN_PARTS = (r"### Measure Q{number}$", r"### They'll ask next")
JUNIOR_PARTS = (r"\*\*The normal case\.\*\* ",)
RULED_OUT = (
    r"\bwhom\b|\b(no|some|every|any)body\b|\bmend(s|ed)?\b|\bbeside\b|\bnevertheless\b|\bbelongs? into\b"
    r"|\ban own\b|\b(that one|the one|one can|one has|each one)\b|\bstands? (in|there|on|beside|inside|at)\b"
)
MAX_ANSWER_WORDS, MAX_BLOCK_WORDS = 50, 90
# A learner's copy may hold cleared outputs and half-solved labs; what is published may not.
PUBLISHED = "CI" in os.environ
MAX_LINES, MAX_CHART_BYTES = 25, 80_000
MACHINE_PATH = re.compile(r"/(?:root|home|work|tmp|private|Users|opt)/[\w./-]+")


def by_name(path: Path) -> str:
    return str(path.relative_to(ROOT))


LESSONS, LABS, SOLUTIONS = map(notebooks, ("notebooks", "labs", "solutions"))
START = ROOT / "notebooks" / "00-start-here.ipynb"
INSTRUMENTS, DRILL, SYMPTOMS = (
    ROOT / "notebooks" / f"{name}.ipynb" for name in ("instruments", "drill", "symptoms")
)
ALL = [START, INSTRUMENTS, DRILL, SYMPTOMS, *LESSONS, *LABS, *SOLUTIONS]
RUN = [START, INSTRUMENTS, DRILL, SYMPTOMS, *LESSONS, *SOLUTIONS]
MADE_OVER = [path for path in LESSONS if "predict(" in path.read_text(encoding="utf-8")]

lesson = pytest.mark.parametrize("path", LESSONS, ids=by_name)
made_over = pytest.mark.parametrize("path", MADE_OVER, ids=by_name)
any_notebook = pytest.mark.parametrize("path", ALL, ids=by_name)
run_notebook = pytest.mark.parametrize("path", RUN, ids=by_name)


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def code(path: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def prose(path: Path) -> str:
    return "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")


def sections(path: Path) -> dict[int, list[nbformat.NotebookNode]]:
    return lessons.sections(read(path))


def test_names_are_the_same_in_all_three_folders():
    names = [
        [path.relative_to(ROOT / path.parts[len(ROOT.parts)]) for path in paths]
        for paths in (LESSONS, LABS, SOLUTIONS)
    ]
    assert names[0] == names[1] == names[2]


def test_each_question_stands_once_and_they_are_ordered_by_level():
    asked = [(q, LEVELS.index(path.parent.name)) for path in LESSONS for q in sections(path)]
    numbers = sorted(q for q, _ in asked)
    assert numbers == list(range(1, len(asked) + 1)), "number the questions 1, 2, 3 without a gap"
    levels = [level for _, level in sorted(asked)]
    assert levels == sorted(levels), "questions go from junior to senior: the last is a senior one"


@lesson
def test_a_lesson_says_what_it_holds(path):
    course = read(path).metadata.course
    assert course.level == path.parent.name, "course metadata: level is the name of the folder"
    assert course.questions == list(sections(path)), "course metadata: questions are those below"
    assert "<summary>For the instructor</summary>" in prose(path), (
        "a lesson has a note to the instructor"
    )


@lesson
def test_a_lesson_starts_an_app_calls_it_charts_and_claims(path):
    source = "\n".join(cell.source for cell in code(path))
    for needed in ("FastAPI(", "httpx.ASGITransport(app=", "chart.", "claim(", "recap()"):
        assert needed in source, f"a lesson needs {needed} somewhere in its cells"


@lesson
def test_a_question_has_all_its_parts(path):
    for question, cells in sections(path).items():
        heading = cells[0].source.splitlines()[0]
        assert heading.endswith("?"), f"a question is asked: {heading}"
        told = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        assert [part for part in PARTS if not re.search(part, told)] == [], f"Q{question}"
        ran = [cell for cell in cells if cell.cell_type == "code"]
        assert any("claim(" in cell.source for cell in ran), f"Q{question} claims nothing"
        shown = [out.get("data", {}) for cell in ran for out in cell.outputs]
        charts = [data for data in shown if "image/png" in data or "<table" in html_of(data)]
        assert charts, f"Q{question} has no chart"


def html_of(data: dict) -> str:
    return "".join(data.get("text/html", ""))


def folded(cell: nbformat.NotebookNode) -> bool:
    return bool(cell.metadata.get("jupyter", {}).get("source_hidden"))


def hidden(cell: nbformat.NotebookNode) -> bool:
    return bool(cell.metadata.get("jupyter", {}).get("outputs_hidden"))


def blocks(text: str) -> list[str]:
    """Paragraphs and list items of prose; code, tables and headings aside."""
    text = re.sub(r"</?(details|summary|b)>", "\n", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return [line for line in text.split("\n") if line.strip() and line[0] not in "#|"]


@made_over
def test_a_question_has_all_the_parts_of_the_pattern(path):
    wanted = PATTERN_PARTS + JUNIOR_PARTS * (path.parent.name == "junior")
    for number, cells in sections(path).items():
        told = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        patterns = [part.replace("{number}", str(number)) for part in wanted]
        missing = [part for part in patterns if not re.search(part, told, re.MULTILINE)]
        assert missing == [], f"Q{number}"
        ran = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
        asked = re.findall(r'predict\(\s*"(Q\d+)[^"]*"', ran)
        assert 1 <= len(asked) <= 2, f"Q{number} has one or two predictions, not {len(asked)}"
        assert set(asked) == {f"Q{number}"}, f"a prediction in the section of Q{number}: {asked}"
        assert len(asked) == len(re.findall(r"\bcompare\(", ran)), f"Q{number}: compare each"


@lesson
def test_an_answer_can_be_said_in_one_breath(path):
    for number, cells in sections(path).items():
        told = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        answer = re.search(r"(?m)^> \*\*In one breath\.\*\* (.+)$", told)[1]
        assert len(answer.split()) <= MAX_ANSWER_WORDS, f"Q{number}: {len(answer.split())} words"
        assert "`" not in answer, f"Q{number}: code can't be said"


@made_over
def test_nothing_gives_a_result_away(path):
    cells = read(path).cells
    for place, cell in enumerate(cells):
        if cell.cell_type != "code":
            continue
        if "predict(" in cell.source or "claim(" in cell.source:
            assert folded(cell), f"cell {place}: fold what asks or claims"
        if "compare(" in cell.source and "import" not in cell.source:
            assert hidden(cell), f"cell {place}: hide the outputs of what compares"
        if hidden(cell):
            first = cell.source.partition("\n")[0]
            assert first.startswith("# "), f"cell {place}: its first line shows, and must not tell"


@made_over
def test_between_predict_and_answer_no_output_tells(path):
    for number, cells in sections(path).items():
        measuring = False
        for cell in cells:
            if cell.cell_type == "markdown":
                measuring = measuring or f"### Measure Q{number}" in cell.source
                if "### Answer" in cell.source or "Turn the knob" in cell.source:
                    break
            elif measuring and not hidden(cell) and "the line" not in cell.source:
                written = ("Writing ", "Overwriting ")  # what %%writefile says
                seen = [out for out in cell.outputs if not out.get("text", "").startswith(written)]
                after = any(hidden(c) for c in cells[: cells.index(cell)])
                assert after or not seen, f"Q{number}: {cell.source[:60]!r} shows its output"


@pytest.mark.parametrize("path", [START, *MADE_OVER], ids=by_name)
def test_the_prose_is_spoken_english(path):
    words = [
        found[0] for found in re.finditer(RULED_OUT, prose_without_titles(path), re.IGNORECASE)
    ]
    assert words == [], "these words are ruled out"
    long = [
        block[:80]
        for block in blocks(prose_without_titles(path))
        if len(block.split()) > MAX_BLOCK_WORDS
    ]
    assert long == [], f"paragraphs of more than {MAX_BLOCK_WORDS} words"


def prose_without_titles(path: Path) -> str:
    """The start page repeats titles of lessons and labs that follow the older pattern."""
    text = prose(path)
    if path == START:
        text = re.sub(r"\[[^]]*\]\([^)]*\)", "", text)
    return re.sub(r"`[^`]*`", "", text)


@made_over
def test_a_lesson_opens_with_an_incident_and_a_picture_and_ends_with_a_recall(path):
    cells = read(path).cells
    assert "**The incident.**" in cells[0].source
    first = next(place for place, cell in enumerate(cells) if cell.source.startswith("## Q"))
    shown = [out.get("data", {}) for cell in cells[:first] for out in cell.get("outputs", [])]
    assert any("image/png" in data for data in shown), "the first picture is on the first screen"
    assert all(folded(cell) for cell in cells[:first] if "import " in cell.source), "fold imports"
    titles = [cell.source.partition("\n")[0] for cell in cells if cell.cell_type == "markdown"]
    assert titles.index("## Recall") < titles.index("## Recap")


@lesson
def test_its_minutes_are_measured_not_wished(path):
    notebook = read(path)
    found = reading_minutes(notebook)
    assert abs(notebook.metadata.course.minutes - found) <= 5, f"it takes {found:.0f} minutes"


@any_notebook
def test_the_kernel_is_the_usual_one(path):
    metadata = read(path).metadata
    assert metadata.kernelspec.name == "python3"
    assert "version" in metadata.language_info, "else JupyterLab asks to save on closing"


@any_notebook
def test_no_code_cell_is_longer_than_a_screen(path):
    lengths = {cell.id: len(cell.source.splitlines()) for cell in code(path)}
    assert {id_: n for id_, n in lengths.items() if n > MAX_LINES} == {}


@run_notebook
def test_outputs_are_of_one_run_without_errors(path):
    cells = [cell for cell in code(path) if cell.source.strip()]
    if [cell.execution_count for cell in cells] != list(range(1, len(cells) + 1)):
        not_whole = (
            "not one whole run: before you commit, Restart Kernel and Run All Cells, and save"
        )
        (pytest.fail if PUBLISHED else pytest.skip)(not_whole)
    for cell in cells:
        for output in cell.outputs:
            assert output.output_type != "error", f"{cell.id}: {output.get('evalue')}"
            assert output.get("name") != "stderr", f"{cell.id}: {output.text[:200]}"
            data = output.get("data", {})
            shown = output.get("text", "") + "".join(
                v for k, v in data.items() if k.startswith("text")
            )
            assert "application/vnd.jupyter.widget-view+json" not in data, (
                f"{cell.id}: a widget is saved; run it with `jupyter execute --inplace`"
            )
            assert not MACHINE_PATH.search(shown), f"{cell.id}: {MACHINE_PATH.search(shown)[0]}"
            assert len(data.get("image/png", "")) * 3 / 4 <= MAX_CHART_BYTES, cell.id
            assert "does not hold" not in shown, f"{cell.id}: {shown}"


@pytest.mark.skipif(not PUBLISHED, reason="a lab may be half solved here")
@pytest.mark.parametrize("path", LABS, ids=by_name)
def test_a_lab_is_what_its_solution_makes(path):
    solution = ROOT / "solutions" / path.relative_to(ROOT / "labs")
    assert path.read_text(encoding="utf-8") == nbformat.writes(make_lab(read(solution))) + "\n"


@pytest.mark.parametrize("path", [*LABS, *SOLUTIONS], ids=by_name)
def test_the_hints_are_folded(path):
    hints = [cell for cell in read(path).cells if "checks.hints(" in cell.source]
    assert hints, "a lab has hints"
    assert all(map(folded, hints)), "collapse the code of the cells with checks.hints"


@pytest.mark.parametrize("path", SOLUTIONS, ids=by_name)
def test_a_solution_refuses_the_shipped_service_and_two_near_misses(path):
    solved = "\n".join(c.source for c in code(path) if "solution" in c.metadata.get("tags", []))
    for needed in ("assert report.refused == set()", "found = await checks.run(shipped)"):
        assert needed in solved, f"no cell tagged `solution` says: {needed}"
    near_misses = solved.count("near_miss = await checks.run(")
    assert near_misses >= 2, "a solution has two cells or more with near_miss = await checks.run("
    judged = solved.count("assert near_miss.refused")
    assert judged >= near_misses, "after each near miss: assert near_miss.refused ..."


@pytest.mark.parametrize(
    "path", [path for path in SOLUTIONS if path.name in {p.name for p in MADE_OVER}], ids=by_name
)
def test_a_solution_has_three_near_misses_and_another_right_repair(path):
    solved = "\n".join(c.source for c in code(path) if "solution" in c.metadata.get("tags", []))
    assert solved.count("near_miss = await checks.run(") >= 3
    assert "assert another.refused == set()" in solved, "a right repair of another kind passes"
    source = "\n".join(cell.source for cell in code(path))
    assert re.search(r"await show\(build_\w+\(\)\)", source), "a lab shows one's own service"
    for needed in ("learned=", "before_and_after("):
        assert needed in source, f"a lab needs {needed}"


PAGES = [ROOT / "README.md", ROOT / ".github/CONTRIBUTING.md", ROOT / "notebooks/teaching.md"]


@pytest.mark.parametrize("path", [*ALL, *PAGES], ids=by_name)
def test_links_lead_somewhere(path):
    text = path.read_text(encoding="utf-8") if path.suffix == ".md" else prose(path)
    links = re.findall(r"\]\(([^)#\s]+)", text)
    dead = [to for to in links if not to.startswith("http") and not (path.parent / to).exists()]
    assert dead == []


def test_what_follows_from_the_lessons_is_in_step():
    found = [by_name(path) for path in stale(make())]
    assert found == [], "run python -m fastapi_measured.index"


def test_the_readme_is_short():
    text = re.sub(r"<!--.*?-->", "", (ROOT / "README.md").read_text(encoding="utf-8"))
    words = [word for word in re.sub(r"\]\([^)]*\)", "]", text).split() if re.search(r"\w", word)]
    assert len(words) < 700, f"{len(words)} words"


def test_conda_and_pip_ask_for_the_same():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = dict(
        re.match(r"([\w-]+)(?:\[.*\])?(.*)", line).groups() for line in project["dependencies"]
    )
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    assert {"pip": ["-e ."]} in conda
    python = next(line for line in conda if str(line).startswith("python="))
    assert (
        f"Programming Language :: Python :: {python.removeprefix('python=')}"
        in project["classifiers"]
    )
    for line in conda:
        if isinstance(line, str) and ">=" in line:
            name, version = re.match(r"([\w-]+?)(?:-base)?(>=.*)", line).groups()
            assert wanted[name] == version


def test_the_top_level_is_as_agreed():
    allowed = {"notebooks", "labs", "solutions", "environment.yml", "pyproject.toml", "README.md"}
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    assert {name.split("/")[0] for name in names.split() if not name.startswith(".")} == allowed


def test_idle_kernels_are_culled_on_binder():
    config = json.loads((ROOT / ".jupyter" / "jupyter_server_config.json").read_text())
    assert config["MappingKernelManager"]["cull_idle_timeout"] > 0
