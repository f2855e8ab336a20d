import nbformat
import pytest

from fastapi_measured import upgrade
from fastapi_measured.keeping.runs import run_rounds
from fastapi_measured.keeping.upgrade import changed, findings, in_this_environment, merged
from kernels import saved

CLAIM = """
from fastapi_measured import claim
claim("Two is three", len("ab"), equals=3)
claim("Two is two", len("ab"), equals=2)
"""


def with_outputs(*texts):
    cells = []
    for text in texts:
        output = nbformat.v4.new_output("stream", text=text)
        cells.append(nbformat.v4.new_code_cell("", outputs=[output]))
    return nbformat.v4.new_notebook(cells=cells)


@pytest.mark.parametrize(
    ("instead", "expected"),
    [
        ([], ["a-b>=1", "c[x]>=2,<3"]),
        (["A_b==7"], ["c[x]>=2,<3", "A_b==7"]),
        (["c>=9", "d"], ["a-b>=1", "c>=9", "d"]),
    ],
)
def test_requirements_are_replaced_by_name(instead, expected):
    assert merged(["a-b>=1", "c[x]>=2,<3"], instead) == expected


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("waited 1.5 ms, 20 times", "waited 3 ms, 1,200 times", 0),
        ("a then b", "b then a", 0),
        ("answered 200", "refused 422", 1),
        ("ok", "ok\nDeprecationWarning: use another", 1),
    ],
)
def test_an_output_has_changed_when_its_words_have(before, after, lines):
    assert len(changed(with_outputs("same", before), with_outputs("same", after))) == lines


def test_what_no_longer_holds_is_told(tmp_path):
    path = saved(tmp_path / "small.ipynb", CLAIM)
    lines = findings(path, run_rounds(path, 1))
    assert lines[0] == "DOES NOT HOLD Two is three | needed 3 | measured 2"
    assert lines[1].startswith("OUTPUT CHANGED")  # no output was committed
    assert len(lines) == 2


def test_a_cell_that_fails_is_told_and_nothing_else_of_it(tmp_path):
    path = saved(tmp_path / "small.ipynb", "import no_such_module", "print(1)")
    assert findings(path, run_rounds(path, 1)) == [
        "CELL FAILED ModuleNotFoundError: No module named 'no_such_module'"
    ]


def test_the_status_is_1_when_something_no_longer_holds(tmp_path, capsys):
    good, bad = saved(tmp_path / "good.ipynb", "x = 1"), saved(tmp_path / "bad.ipynb", "1 / 0")
    assert in_this_environment([good]) == 0
    assert in_this_environment([good, bad]) == 1
    assert "CELL FAILED ZeroDivisionError" in capsys.readouterr().out


def test_what_is_no_requirement_is_refused(monkeypatch):
    monkeypatch.setattr("sys.argv", ["upgrade", "fastapi 0.166"])
    with pytest.raises(SystemExit, match="is no requirement; one looks like"):
        upgrade.main()
