"""Tokens on the page 我的, the interfaces to read, receipts to check."""

from __future__ import annotations

from datetime import timedelta

from engine.clock import VirtualClock
from tests.integration.web.meeting import Browse
from web.api import BLUEPRINTS
from web.wiring import Product
from workflows.ballots import store as ballots
from workflows.ballots.model import BallotBox, BallotMode, Choice

NEW = {"name": "月报脚本", "scopes": ["read"], "days": "30"}


def test_a_token_is_made_shown_once_used_and_revoked(browse: Browse):
    resident = browse("resident")
    resident.get("/me")
    resident.follow("程序令牌")
    page = resident.html
    resident.submit(NEW)
    [token] = resident.html.xpath("//output/text()")
    bearer = {"Authorization": f"Bearer {token}"}
    client = browse("").client
    me = client.get("/gov/v1/me", headers=bearer).get_json()
    assert (me["id"], me["scopes"]) == ("resident", ["read"])
    resident.html = page
    resident.submit(NEW)  # the same form again makes no second one
    assert token not in resident.html.text_content()
    assert (
        resident.text.count("月报脚本") - resident.text.count("例如“月报脚本”") == 2
    )  # heading and its button
    resident.press("撤销")
    assert "已失效" in resident.text
    assert client.get("/gov/v1/me", headers=bearer).status_code == 401


def test_a_token_without_a_name_is_refused_in_a_sentence(browse: Browse):
    resident = browse("resident")
    resident.get("/me/tokens")
    resident.submit({**NEW, "name": ""})
    assert resident.status == 422
    assert "请填写用途" in resident.text


def test_managing_is_offered_to_those_who_manage(browse: Browse):
    offered = {}
    for person in ("resident", "admin"):
        browser = browse(person)
        browser.get("/me/tokens")
        offered[person] = browser.html.xpath("//input[@type='checkbox']/@value")
    assert offered == {"resident": ["read", "write", "jobs"], "admin": ["read", "write", "jobs", "admin"]}
    resident = browse("resident")
    resident.get("/me/tokens")
    resident.submit({**NEW, "scopes": ["admin"]})
    assert resident.status == 422


def test_nobody_revokes_the_token_of_another(browse: Browse):
    resident, neighbour = browse("resident"), browse("neighbour")
    resident.get("/me/tokens")
    resident.submit(NEW)
    [action] = resident.html.xpath("//form[contains(@action, 'revocation')]/@action")
    neighbour.get("/me/tokens")
    neighbour.post(action)
    assert neighbour.status == 404


def test_every_operation_can_be_read_in_a_browser(browse: Browse):
    stranger = browse("")
    stranger.get("/api")
    told = set(stranger.html.xpath("//details/@id"))
    assert told == {one.id for _, areas in BLUEPRINTS.values() for area in areas for one in area.operations}
    assert 'call("POST", f"/gov/v1/user-tasks/{key}/transfer"' in stranger.html.text_content()


def test_a_receipt_is_checked_without_signing_in(browse: Browse, product: Product, clock: VirtualClock):
    now = clock.now()
    box = BallotBox("jsjy", "b1", "YSH-1", BallotMode.SECRET, "更换电梯", 1, now, now + timedelta(hours=1))
    with product.store.transaction() as connection:
        ballots.open_box(connection, box)
        code = ballots.cast(connection, "jsjy", "b1", "party", "party", Choice.AGREE)
    stranger = browse("")
    stranger.get("/notices")
    stranger.follow("核对投票回执")
    stranger.post("/receipts", code=f"{code[:4]}-{code[4:]}".lower())
    assert "这一票在票箱里" in stranger.text
    assert "更换电梯" in stranger.text
    assert not any(choice in stranger.text for choice in Choice)
    stranger.post("/receipts", code="AAAA")
    assert stranger.status == 404
