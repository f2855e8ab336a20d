import httpx
import pytest

import apps
from fastapi_measured.learning import _browse

pytestmark = pytest.mark.anyio


@pytest.fixture
def a_person(monkeypatch):
    monkeypatch.setattr(_browse, "has_front_end", lambda: True)
    monkeypatch.delenv("JUPYTERHUB_SERVICE_PREFIX", raising=False)
    shown = []
    monkeypatch.setattr(_browse, "display", shown.append)
    return shown


async def test_an_app_answers_until_the_next_one(a_person):
    async with httpx.AsyncClient() as client:
        await _browse.browse(apps.shop(), "/items/7")
        first = str(a_person[0]).rpartition(": ")[2]
        assert (await client.get(first)).is_success
        await _browse.browse(apps.shop(), "/items/7")
        with pytest.raises(httpx.ConnectError):
            await client.get(first)
    await _browse._open.aclose()


async def test_behind_a_proxy_the_docs_find_their_document(a_person):
    headers = {"x-forwarded-context": "/user/ada/proxy/5000"}
    transport = httpx.ASGITransport(app=_browse.BehindAProxy(apps.shop()))
    async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
        page = (await client.get("/docs", headers=headers)).text
        item = await client.get("/items/7", headers=headers)
    assert "'/user/ada/proxy/5000/openapi.json'" in page
    assert item.is_success


async def test_without_a_person_nothing_stays_open_and_no_link_is_shown(monkeypatch):
    shown = []
    monkeypatch.setattr(_browse, "display", shown.append)
    await _browse.browse(apps.shop(), "/docs")
    assert "127.0.0.1" not in shown[0]._repr_html_()
    assert "JupyterLab" in str(shown[0])


def test_on_a_hub_the_link_goes_through_the_hub(a_person, monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/ada/")
    markup = _browse.links("http://127.0.0.1:5000", ("/docs",))
    assert 'href="/user/ada/proxy/5000/docs"' in markup
    assert "127.0.0.1" not in markup


def test_elsewhere_both_links_are_there(a_person):
    markup = _browse.links("http://127.0.0.1:5000", ("/docs",))
    assert 'href="http://127.0.0.1:5000/docs"' in markup
    assert 'href="/proxy/5000/docs"' in markup
