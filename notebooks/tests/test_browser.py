"""The course as a reader meets it: JupyterLab from the line in the README, links, a prediction, Run All, a lab solved by typing."""

import json
import os
import re
import shlex
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
MODELS = ["junior/02-parameters", "mid/07-async-def-or-def"]

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
RUN_ALL = """async () => {
    window.finished = false
    await jupyterapp.commands.execute("notebook:clear-all-cell-outputs")
    jupyterapp.commands.execute("notebook:run-all-cells").finally(() => { window.finished = true })
}"""
OPEN_PATH = "() => jupyterapp.shell.currentWidget?.context?.path"
CLOSE = """async () => {
    jupyterapp.commands.execute("application:close")
    await new Promise(resolve => setTimeout(resolve, 500))
    return [...document.querySelectorAll(".jp-Dialog")].map(dialog => dialog.innerText)
}"""
ALL_DRAWN = """() => jupyterapp.shell.currentWidget.content.widgets
    .every(cell => cell.node.querySelector(".jp-InputArea, .jp-InputPlaceholder"))"""
# How much of a page's height is visible code; and how far the answers are below the last prediction, in pixels.
LAYOUT = """() => {
    let code = 0, total = 0, asked = null
    const apart = []
    for (const cell of jupyterapp.shell.currentWidget.content.widgets) {
        const box = cell.node.getBoundingClientRect(), source = cell.model.sharedModel.source
        total += box.height
        if (cell.model.type === "code")
            code += cell.node.querySelector(".jp-InputArea")?.getBoundingClientRect().height ?? 0
        if (source.includes("predict(")) asked = box.bottom
        if (source.startsWith("### Answer")) apart.push(box.top - asked)
    }
    return { code: code / total, apart }
}"""
CELLS = """() => [...jupyterapp.shell.currentWidget.content.widgets].filter(cell => cell.model.type === "code").map(cell => ({
    executed: cell.model.executionCount !== null,
    outputs: cell.model.outputs.toJSON(),
    charts: [...cell.node.querySelectorAll(".jp-OutputArea-output img")].map(image => image.naturalWidth),
}))"""


def readme_command() -> list[str]:
    """What the README's first command hands to `jupyter lab`."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return shlex.split(re.search(r"&& \.venv/bin/jupyter lab (.+)", text)[1])


@pytest.fixture(scope="module")
def lab_url(tmp_path_factory) -> Iterator[str]:
    """The address of a JupyterLab, started in a copy of the course as the README says."""
    folder = tmp_path_factory.mktemp("browser")
    for name in ("notebooks", "labs", "solutions"):
        shutil.copytree(ROOT / name, folder / "course" / name)
    for name, settings in SETTINGS.items():
        path = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings))
    port, log = free_port(), folder / "server.log"
    command = [
        *(sys.executable, "-m", "jupyterlab", *readme_command()),
        *("--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0"),
        *("--expose-app-in-browser", "--IdentityProvider.token="),
        f"--LabApp.user_settings_dir={folder / 'settings'}",
        f"--LabApp.workspaces_dir={folder / 'workspaces'}",
    ]
    own = {f"JUPYTER_{name}_DIR": str(folder / name) for name in ("CONFIG", "RUNTIME")}
    own["COURSE_LEARNER"] = str(folder / "learner")
    env = {k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"} | own
    with log.open("w") as output:
        server = subprocess.Popen(
            command, stdout=output, stderr=output, env=env, cwd=folder / "course"
        )
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
    page = browser.new_page(viewport={"width": 1440, "height": 900})

    def go(path: str):
        page.goto(f"{lab_url}/lab/tree/{path}.ipynb?reset")
        page.wait_for_function(READY, timeout=60_000)
        return page

    yield go
    if page.url != "about:blank":
        page.evaluate("() => jupyterapp.serviceManager.sessions.shutdownAll()")
    page.close()


def run_all(page) -> list[dict]:
    page.evaluate(RUN_ALL)
    page.wait_for_function("() => window.finished", timeout=180_000)
    page.wait_for_timeout(500)  # what came last is being drawn
    page.wait_for_function(DRAWN)
    return page.evaluate(CELLS)


def text_of(cells: list[dict]) -> str:
    """All that the cells show as text."""
    shown = [output for cell in cells for output in cell["outputs"]]
    texts = [out.get("text") or out.get("data", {}).get("text/plain", "") for out in shown]
    return "\n".join("".join(text) for text in texts)


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
    charts = sum(len(cell["charts"]) for cell in cells)
    tables = sum(
        "<table" in "".join(out.get("data", {}).get("text/html", ""))
        for cell in cells
        for out in cell["outputs"]
    )
    assert charts + tables >= 2


def test_a_lab_is_solved_by_typing_the_solution_in(opened):
    page = opened(f"labs/{LAB}")
    before = run_all(page)
    assert_clean(before)
    checks = text_of(before).count("not attempted yet")
    assert checks

    solution = nbformat.read(ROOT / "solutions" / f"{LAB}.ipynb", as_version=4)
    tagged = [cell for cell in solution.cells if "solution" in cell.metadata.get("tags", [])]
    code = [cell.source for cell in tagged if cell.cell_type == "code"]
    repaired = next(i for i, source in enumerate(code) if "def build_app" in source)
    page.locator(".jp-CodeCell .cm-content", has_text="def build_app").first.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("\n\n".join(code[: repaired + 1]))
    after = run_all(page)
    assert_clean(after)
    told = text_of(after)
    assert f"{checks} of {checks} checks pass" in told
    assert "Well done." in told
    assert "failed  " not in told


def click_to(page, link: str, path: str) -> None:
    """Click a link of the open notebook, and wait until the notebook that it names is open."""
    page.locator(f".jp-NotebookPanel:not(.lm-mod-hidden) a:text-is('{link}')").first.click()
    page.wait_for_function(f"path => ({OPEN_PATH})() === path", arg=path, timeout=30_000)


def test_links_lead_from_the_start_page_to_a_lesson_its_lab_and_back(opened):
    page = opened("notebooks/00-start-here")
    click_to(page, "01 Meet FastAPI", "notebooks/junior/01-meet-fastapi.ipynb")
    click_to(page, "lab", "labs/junior/01-meet-fastapi.ipynb")
    label = page.locator(".lm-TabBar-tab[title*='Path: labs/'] .lm-TabBar-tabLabel")
    word = label.evaluate("label => getComputedStyle(label, '::before').content")
    assert word.startswith('"Lab'), "the tab of a lab says so"
    click_to(page, "01 Meet FastAPI", "notebooks/junior/01-meet-fastapi.ipynb")


@pytest.mark.parametrize("lesson", MODELS)
def test_opening_and_closing_asks_nothing_and_answers_are_out_of_sight(opened, lesson):
    page = opened(f"notebooks/{lesson}")
    page.wait_for_function(ALL_DRAWN)
    page.wait_for_timeout(1000)  # heights settle
    layout = page.evaluate(LAYOUT)
    assert layout["code"] < 0.3, "visible code is under 30 % of the page's height"
    assert min(layout["apart"]) > 600, "the answer is a screen below its prediction"
    committed = nbformat.read(ROOT / "notebooks" / f"{lesson}.ipynb", as_version=4)
    if committed.metadata.language_info.version != sys.version.split()[0]:
        pytest.skip("committed with another Python")
    page.wait_for_timeout(1000)
    assert page.evaluate(CLOSE) == []
    page.goto("about:blank")


OUTPUTS_OF = """name => {
    const cells = jupyterapp.shell.currentWidget.content.widgets
    const cell = cells.find(cell => cell.model.sharedModel.source.includes(name))
    const area = cell.node.querySelector(".jp-OutputArea")
    return { text: area?.innerText ?? "", height: area?.getBoundingClientRect().height ?? 0 }
}"""
RUN_ONLY = """async name => {
    const notebook = jupyterapp.shell.currentWidget.content
    const wanted = notebook.widgets.findIndex(cell => cell.model.sharedModel.source.includes(name))
    const start = notebook.widgets.findIndex(cell => cell.model.sharedModel.source.includes("types = FastAPI()"))
    for (let place = start; place <= wanted; place++) {
        notebook.deselectAll()
        notebook.activeCellIndex = place
        await jupyterapp.commands.execute("notebook:run-cell")
    }
}"""
RUN_UP_TO = """async name => {
    const notebook = jupyterapp.shell.currentWidget.content
    const place = notebook.widgets.findIndex(cell => cell.model.sharedModel.source.includes(name))
    notebook.activeCellIndex = place + 1
    await jupyterapp.commands.execute("notebook:run-all-above")
}"""


def test_a_prediction_is_kept_compared_and_its_result_unfolds(opened):
    page = opened(f"notebooks/{MODELS[0]}")
    result = '"Q5",\n    letter'
    assert page.evaluate(OUTPUTS_OF, result)["height"] == 0, "the result is hidden until it's run"
    page.evaluate(RUN_UP_TO, 'predict(\n    "Q5 order"')
    page.get_by_label("5.5 and the empty value").first.click()
    page.get_by_role("button", name="fairly sure").first.click()
    page.get_by_text("Kept. Now run the next cells.").first.wait_for()
    page.evaluate(RUN_ONLY, result)
    page.get_by_text("You said").first.wait_for(timeout=30_000)
    shown = page.evaluate(OUTPUTS_OF, result)
    assert shown["height"] > 50
    assert "right" in shown["text"]
    assert "You said b" in shown["text"]
    page.evaluate("() => { jupyterapp.shell.currentWidget.context.model.dirty = false }")


def close_without_saving(page) -> None:
    page.evaluate("() => { jupyterapp.shell.currentWidget.context.model.dirty = false }")
    page.evaluate("() => jupyterapp.serviceManager.sessions.shutdownAll()")
    page.goto("about:blank")


def asked_now(page) -> str:
    """The question of the drill, the first cell of its notebook; "" at the end."""
    page.evaluate(RUN_UP_TO, "drill(interview=")
    page.get_by_role("button", name="Start").first.click()
    page.get_by_role("button", name="Guessing").first.wait_for()
    return page.locator(".jp-OutputArea .widget-html").nth(1).inner_text()


def test_a_card_is_rated_and_after_closing_it_is_due_later(opened, tmp_path):
    page = opened("notebooks/drill")
    first = asked_now(page)
    page.get_by_role("button", name="Sure", exact=True).first.click()
    boxes = page.locator(".jp-OutputArea input[type=checkbox]")
    boxes.first.wait_for()
    for place in range(3):
        boxes.nth(place).check()
    page.get_by_role("button", name="Rate, and go on").click()
    page.get_by_text("very good", exact=True).wait_for()
    close_without_saving(page)

    page = opened("notebooks/drill")
    second = asked_now(page)
    assert first.endswith("?")
    assert second.endswith("?")
    assert second != first, "a card that was known isn't due again"
    close_without_saving(page)


def test_the_first_api_is_open_in_the_browser_and_through_jupyterlab(opened, lab_url):
    page = opened("notebooks/junior/01-meet-fastapi")
    page.evaluate(RUN_UP_TO, "await browse(")
    link = page.locator(".jp-OutputArea a:text-is('/docs')")
    link.nth(1).wait_for()
    here, there = (link.nth(place).get_attribute("href") for place in (0, 1))
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    assert "url: '/openapi.json'" in opener.open(here, timeout=20).read().decode()
    proxied = opener.open(lab_url + there, timeout=20).read().decode()
    document = re.search(r"url: '([^']+)'", proxied)[1]
    assert document.startswith("/proxy/")
    assert "/tea/{quantity}" in opener.open(lab_url + document, timeout=20).read().decode()
    close_without_saving(page)
