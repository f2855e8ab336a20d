import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from fastapi_measured.keeping.labs import make_lab


def solution(*cells) -> nbformat.NotebookNode:
    return new_notebook(cells=list(cells))


def tagged(source: str) -> nbformat.NotebookNode:
    return new_code_cell(source, metadata={"tags": ["solution"]})


SHIPPED = new_code_cell("def shipped():\n    # as found\n    return 1\n\n\nshipped()")
MENDED = tagged("def build_app():\n    return 2")


def test_the_lab_starts_from_a_copy_of_shipped():
    lab = make_lab(solution(SHIPPED, MENDED))
    assert lab.cells[1].source == "def build_app():\n    # as found\n    return 1"
    assert "tags" not in lab.cells[1].metadata


def test_other_cells_of_the_solution_vanish_and_outputs_are_cleared():
    ran = new_code_cell(
        "1", execution_count=3, outputs=[nbformat.v4.new_output("stream", text="1")]
    )
    lab = make_lab(solution(new_markdown_cell("Read"), SHIPPED, MENDED, tagged("assert True"), ran))
    assert [cell.source for cell in lab.cells if "assert" in cell.source] == []
    assert (lab.cells[-1].outputs, lab.cells[-1].execution_count) == ([], None)


def test_the_solution_is_left_as_it_is():
    made_from = solution(SHIPPED, MENDED)
    before = nbformat.writes(made_from)
    make_lab(made_from)
    assert nbformat.writes(made_from) == before


@pytest.mark.parametrize(
    ("cells", "message"), [([MENDED], "defines shipped"), ([SHIPPED], "defines a build_")]
)
def test_an_incomplete_solution_is_refused(cells, message):
    with pytest.raises(ValueError, match=message):
        make_lab(solution(*cells))
