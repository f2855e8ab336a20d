"""The course as a reader meets it: JupyterLab in a browser, Run All, a lab solved by typing."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from fastapi_measured.instruments._process import free_port
from fastapi_measured.keeping.labs import ROOT

browsers = pytest.importorskip(
    "playwright.sync_api", reason="there is no playwright here: pip install -e . --group dev"
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason=f"there is no browser here: install one of {', '.join(NAMES)}"
)

LESSONS = ["junior/03-models-and-status-codes", "mid/14-errors", "senior/27-security-scopes"]
LAB = "junior/02-parameters"

SETTINGS = {
    "notebook-extension/tracker": {
        "windowingMode": "none"
    },  # else cells out of sight are not drawn
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
}
READY = "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
DRAWN = """() => [...document.querySelectorAll(".jp-OutputArea-output img")]
    .every(image => image.complete && image.naturalWidth)"""
RUN_ALL = """() => {
    window.finished = false
    jupyterapp.commands.execute("notebook:run-all-cells").finally(() => { window.finished = true })
}"""
CELLS = """() => [...jupyterapp.shell.currentWidget.content.widgets].filter(cell => cell.model.type === "code").map(cell => ({
    executed: cell.model.executionCount !== null,
    outputs: cell.model.outputs.toJSON(),
    charts: [...cell.node.querySelectorAll(".jp-OutputArea-output img")].map(image => image.naturalWidth),
}))"""


@pytest.fixture(scope="module")
def lab_url(tmp_path_factory) -> Iterator[str]:
    """The address of a JupyterLab that serves a copy of the course without outputs."""
    folder = tmp_path_factory.mktemp("browser")
    for name in ("notebooks", "labs"):
        shutil.copytree(ROOT / name, folder / "course" / name)
    for path in (folder / "course").glob("*/*/*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        nbformat.write(notebook, path)
    for name, settings in SETTINGS.items():
        path = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings))
    port, log = free_port(), folder / "server.log"
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"),
        *("--expose-app-in-browser", "--IdentityProvider.token=", "--ServerApp.port_retries=0"),
        f"--ServerApp.root_dir={folder / 'course'}",
        f"--LabApp.user_settings_dir={folder / 'settings'}",
        f"--LabApp.workspaces_dir={folder / 'workspaces'}",
    ]
    own = {f"JUPYTER_{name}_DIR": str(folder / name) for name in ("CONFIG", "RUNTIME")}
    with log.open("w") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output, env=os.environ | own)
        try:
            wait_until_up(f"http://127.0.0.1:{port}", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(30)


def wait_until_up(url: str, server: subprocess.Popen, log: Path) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < deadline:
        try:
            opener.open(f"{url}/api/status", timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"JupyterLab did not come up:\n{log.read_text()[-2000:]}")


@pytest.fixture(scope="module")
def browser():
    with browsers.sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-dev-shm-usage", "--no-proxy-server"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        browser.close()


@pytest.fixture
def opened(lab_url, browser):
    """Opens a notebook; its kernel ends with the test."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})

    def go(path: str):
        page.goto(f"{lab_url}/lab/tree/{path}.ipynb?reset")
        page.wait_for_function(READY, timeout=60_000)
        return page

    yield go
    page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.close()


def run_all(page) -> list[dict]:
    page.evaluate(RUN_ALL)
    page.wait_for_function("() => window.finished", timeout=180_000)
    page.wait_for_timeout(500)  # what came last is being drawn
    page.wait_for_function(DRAWN)
    return page.evaluate(CELLS)


def text_of(cells: list[dict]) -> str:
    return "".join("".join(output.get("text", "")) for cell in cells for output in cell["outputs"])


def assert_clean(cells: list[dict]) -> None:
    assert cells
    assert all(cell["executed"] for cell in cells)
    kinds = [
        (output["output_type"], output.get("name")) for cell in cells for output in cell["outputs"]
    ]
    assert not [kind for kind in kinds if kind[0] == "error" or kind[1] == "stderr"]


@pytest.mark.parametrize("lesson", LESSONS)
def test_run_all_executes_every_cell_and_draws_every_chart(opened, lesson):
    cells = run_all(opened(f"notebooks/{lesson}"))
    assert_clean(cells)
    for cell in cells:
        drawn = [out for out in cell["outputs"] if "image/png" in out.get("data", {})]
        assert len(cell["charts"]) == len(drawn)
        assert all(width > 300 for width in cell["charts"])
    assert sum(len(cell["charts"]) for cell in cells) >= 2


def test_a_lab_is_solved_by_typing_the_solution_in(opened):
    page = opened(f"labs/{LAB}")
    before = run_all(page)
    assert_clean(before)
    assert "not attempted yet" in text_of(before)

    solution = nbformat.read(ROOT / "solutions" / f"{LAB}.ipynb", as_version=4)
    tagged = [cell for cell in solution.cells if "solution" in cell.metadata.get("tags", [])]
    code = [cell.source for cell in tagged if cell.cell_type == "code"]
    mended = next(i for i, source in enumerate(code) if "def build_app" in source)
    page.locator(".jp-CodeCell .cm-content", has_text="def build_app").first.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("\n\n".join(code[: mended + 1]))
    after = run_all(page)
    assert_clean(after)
    told = text_of(after)
    assert told.count("passed  ") == text_of(before).count("not attempted yet")
    assert "failed  " not in told
