"""Who gets in, and what a stranger learns."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from tests.integration.web.browser import Browser
from web.wiring import Product
from workflows.accounts import store as accounts

Browse = Callable[[str], Browser]

PASSWORD = "三号楼的电梯要修了呀"


@pytest.fixture
def account(product: Product) -> None:
    with product.store.transaction() as connection:
        accounts.create(connection, "resident", "jumin", PASSWORD)


def test_a_member_does_not_find_the_administrators_pages(browse: Browse):
    member = browse("resident")
    for path in ("/admin/processes", "/admin/incidents", "/admin/processes/1"):
        assert member.get(path).status_code == 404


def test_what_is_not_ones_own_looks_like_what_does_not_exist(browse: Browse):
    owner, other = browse("resident"), browse("neighbour")
    owner.get("/matters/new")
    owner.press("开始填写八位一体议事会")
    task = owner.path.removesuffix("?")
    for absent, foreign in ((f"{task[:-1]}{(int(task[-1]) + 1) % 10}", task), ("/matters/1", "/matters/2")):
        answers = [other.client.get(path) for path in (absent, foreign)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].text.replace(absent, foreign) == answers[1].text
    other.post(task, _do="submit")
    assert other.status == 404
    assert other.post(f"{task}/claim").status_code == 404


def test_a_right_password_opens_and_leads_on(browse: Browse, account: None):
    stranger = browse("")
    stranger.post("/sign-in", name="jumin", password=PASSWORD, next="/messages")
    assert stranger.path.startswith("/messages")
    stranger.get("/me")
    stranger.press("退出登录")
    assert stranger.get("/tasks").request.path == "/sign-in"


def test_a_wrong_password_is_told_and_nothing_else(browse: Browse, account: None):
    stranger = browse("")
    unknown = stranger.post("/sign-in", name="nobody", password=PASSWORD)
    wrong = stranger.post("/sign-in", name="nobody", password="not the password")
    assert (unknown.status_code, wrong.status_code) == (422, 422)
    assert "账号或密码不对" in stranger.text


def test_guessing_gets_slower(browse: Browse, account: None):
    stranger = browse("")
    codes = [stranger.post("/sign-in", name=f"n{n}", password="x").status_code for n in range(12)]
    assert codes[0] == 422
    assert codes[-1] == 429
    assert "秒后再试" in stranger.text


def test_nobody_is_led_to_another_site(browse: Browse, account: None):
    for elsewhere in ("https://example.com/", "//example.com/", "/\\example.com", "javascript:alert(1)"):
        stranger = browse("")
        answer = stranger.client.post(
            "/sign-in/demo",
            data={
                "csrf_token": stranger.html.xpath("//input[@name='csrf_token']/@value")[0],
                "person": "resident",
                "next": elsewhere,
            },
        )
        assert answer.headers["Location"] == "/tasks"


def test_a_change_without_the_token_of_the_session_is_refused(browse: Browse):
    member = browse("resident")
    for token in ("", "guessed"):
        answer = member.client.post("/matters/new/deliberation_meeting", data={"csrf_token": token})
        assert answer.status_code == 400
        assert "为了安全没有提交" in answer.text
    cross = member.client.post(
        "/messages/read",
        data={"csrf_token": member.html.xpath("//input[@name='csrf_token']/@value")[0]},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert cross.status_code == 400


def test_every_answer_carries_the_headers_that_protect(browse: Browse):
    answer = browse("").client.get("/notices")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_session_cookie_is_out_of_reach_of_scripts(browse: Browse):
    stranger = browse("")
    token = stranger.html.xpath("//input[@name='csrf_token']/@value")[0]
    answer = stranger.client.post("/sign-in/demo", data={"csrf_token": token, "person": "resident"})
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("yishi="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_programs_sign_in_with_each_request(browse: Browse):
    client = browse("").client
    refused = client.get("/gov/v1/me")
    assert refused.status_code == 401
    assert refused.mimetype == "application/problem+json"
    basic = base64.b64encode(b"admin:demo").decode()
    answer = client.get("/gov/v1/me", headers={"Authorization": f"Basic {basic}"})
    assert answer.json["id"] == "admin"
    assert "process_admin@jsjy" in answer.json["principals"]


def test_health_tells_state_and_versions(browse: Browse):
    health = browse("").client.get("/healthz").json
    assert health["state"] == "ok"
    assert set(health["versions"]) == {"product", "schema", "spiffworkflow", "database", "python"}
