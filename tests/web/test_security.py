"""Each guard, and the attack that it stops."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from rheobase.web import security
from rheobase.web.security import HEADERS, MAX_BODY, Keys
from rheobase.web.settings import Settings
from tests.web.visitor import ORIGIN, PORT, Visitor

ELSEWHERE = "https://attacker.example"


@pytest.mark.parametrize(
    "host",
    [
        "attacker.example",
        f"attacker.example:{PORT}",
        "127.0.0.1:1",
        f"127.0.0.1.attacker.example:{PORT}",
        "",
        "127.0.0.1",
    ],
)
def test_a_name_pointed_at_this_machine_is_not_answered(visitor: Visitor, host: str) -> None:
    """A web site that rebinds its own name to 127.0.0.1 gets nothing, even with the cookie."""
    response = visitor.client.get("/", headers={"host": host})
    assert response.status_code == 421
    assert "Begin" not in response.text


@pytest.mark.parametrize("host", [f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"[::1]:{PORT}", f"LOCALHOST:{PORT}"])
def test_our_own_names_are_answered(visitor: Visitor, host: str) -> None:
    """Every name of the loopback works."""
    assert visitor.client.get("/static/x/y", headers={"host": host}).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": ELSEWHERE},
        {"origin": "null"},
        {"origin": f"http://127.0.0.1:{PORT + 1}"},
        {},
        {"origin": ORIGIN, "sec-fetch-site": "cross-site"},
        {"origin": ORIGIN, "sec-fetch-site": "same-site"},
    ],
)
def test_a_form_on_another_site_changes_nothing(visitor: Visitor, headers: dict[str, str]) -> None:
    """Cross-site posts are refused even with the right cookie and token."""
    data = {"form_token": visitor.keys.form_token(), "name": "x"}
    assert visitor.client.post("/begin", data=data, headers=headers).status_code == 403
    visitor.get("/")
    assert "Go on" not in visitor.page


@pytest.mark.parametrize("token", ["", "x", "0" * 64, "\u00e9"])
def test_a_form_without_our_token_changes_nothing(visitor: Visitor, token: str) -> None:
    """A form needs the token that only our pages hold."""
    data = {"form_token": token, "name": "x"}
    response = visitor.client.post("/begin", data=data, headers={"origin": ORIGIN})
    assert response.status_code == 403
    assert "not from this run" in response.text
    visitor.get("/")
    assert "Go on" not in visitor.page


def test_pictures_and_scripts_of_others_get_nothing(visitor: Visitor) -> None:
    """What another site embeds or fetches is refused; a link that is followed shows a page."""
    embedded = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    assert visitor.client.get("/", headers=embedded).status_code == 403
    followed = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert visitor.client.get("/", headers=followed).status_code == 200


def test_others_on_this_machine_are_shut_out(stranger: TestClient, settings: Settings) -> None:
    """Without the launch token nothing is shown; a wrong one opens nothing; the right one opens once."""
    assert stranger.get("/").status_code == 401
    assert stranger.get("/1/answer", headers={"cookie": "rheobase=guess"}).status_code == 401
    assert stranger.get("/open?token=wrong").status_code == 401
    assert stranger.get("/open").status_code == 401
    assert stranger.get(f"/open?token={settings.token}").status_code == 200
    stranger.cookies.clear()
    assert stranger.get(f"/open?token={settings.token}").status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_sites(stranger: TestClient, settings: Settings) -> None:
    """The cookie is HttpOnly and SameSite=Strict."""
    given = stranger.get(f"/open?token={settings.token}", follow_redirects=False).headers["set-cookie"].lower()
    assert "httponly" in given
    assert "samesite=strict" in given


def test_every_answer_has_the_headers(visitor: Visitor) -> None:
    """Pages, refusals and files carry the policy; health data is stored in no cache."""
    for path in ("/", "/none", "/static/x/y", "/1/answer"):
        response = visitor.client.get(path)
        for name, value in HEADERS.items():
            assert response.headers[name] == value
        if not path.startswith("/static"):
            assert response.headers["cache-control"] == "no-store"
    refused = visitor.client.get("/", headers={"host": "x"})
    assert refused.headers["content-security-policy"] == HEADERS["content-security-policy"]


def test_nothing_inline_is_on_any_page(visitor: Visitor) -> None:
    """The policy forbids inline styles and scripts, and no page has one."""
    visitor.post("/begin")
    ours = (
        "/1/questions",
        "/1/answer",
        "/1/doctor",
        "/1/what-if",
        "/1/data",
        "/data",
        "/learn",
        "/learn/cause/als_mnd",
    )
    for path in ("/", *ours, "/none"):
        visitor.get(path)
        assert "<style" not in visitor.page
        assert " style=" not in visitor.page
        assert "<script>" not in visitor.page
        assert " onclick" not in visitor.page
        assert "https://" not in visitor.page.split("<main")[0]


def test_what_a_person_typed_is_never_code(visitor: Visitor) -> None:
    """Names are escaped wherever they are shown."""
    visitor.post("/begin", {"name": "<script>alert(1)</script>"})
    for path in ("/", "/1/questions", "/1/answer", "/1/what-if", "/1/data", "/data"):
        visitor.get(path)
        assert "<script>alert" not in visitor.page
    assert "&lt;script&gt;" in visitor.client.get("/").text


def test_an_endless_upload_is_cut_off(visitor: Visitor) -> None:
    """Too large a body is refused by its length, before it is read; a false length too."""
    headers = {"origin": ORIGIN, "content-length": str(MAX_BODY + 1)}
    assert visitor.client.post("/begin", content=b"x", headers=headers).status_code == 413
    headers["content-length"] = "-1"
    assert visitor.client.post("/begin", content=b"x", headers=headers).status_code == 413


def test_an_upload_that_hides_its_length_is_cut_off(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sent in pieces without a length, it is refused at the limit; the rest is not asked for, nothing is changed."""
    monkeypatch.setattr(security, "MAX_BODY", 3_000_000)
    sent = []

    def pieces() -> Iterator[bytes]:
        yield f"form_token={visitor.keys.form_token()}&name=".encode()
        for _ in range(40):
            sent.append(1)
            yield b"x" * 100_000

    headers = {"origin": ORIGIN, "content-type": "application/x-www-form-urlencoded"}
    response = visitor.client.post("/begin", content=pieces(), headers=headers)
    assert "content-length" not in response.request.headers
    assert response.status_code == 413
    assert "at most 3 MB" in response.text
    visitor.get("/")
    assert "Go on" not in visitor.page


@pytest.mark.parametrize(("size", "status"), [(0, 400), (1, 413)])
def test_the_limit_is_exact(visitor: Visitor, monkeypatch: pytest.MonkeyPatch, size: int, status: int) -> None:
    """As many bytes as are allowed are read, and refused as a name; one more is not read."""
    monkeypatch.setattr(security, "MAX_BODY", 2_000)
    start = f"form_token={visitor.keys.form_token()}&name=".encode()
    body = start + b"x" * (2_000 - len(start) + size)
    headers = {"origin": ORIGIN, "content-type": "application/x-www-form-urlencoded"}
    assert visitor.client.post("/begin", content=iter((body,)), headers=headers).status_code == status


def test_a_path_never_names_a_file(visitor: Visitor) -> None:
    """Assets come from memory by name alone."""
    for path in ("/static/x/../../etc/passwd", "/static/x/%2e%2e%2fapp.py", "/static//app.css", "/static/x/app.css"):
        assert visitor.client.get(path).status_code == 404


def test_keys_are_compared_whole() -> None:
    """A token opens once; a part of it, or another text, does not."""
    keys = Keys("secret")
    assert not keys.opens("")
    assert not keys.opens("secre")
    assert not keys.opens("s\u00e9cret")
    assert keys.opens("secret")
    assert not keys.opens("secret")
    assert Keys("a").form_token() != Keys("a").form_token()
