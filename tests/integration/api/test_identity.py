"""People and posts as the organisation has them."""

from __future__ import annotations

from collections.abc import Callable

from tests.integration.api.conftest import Api


def test_people_are_found_by_name(admin: Api):
    [found] = admin.search("users", name={"$like": "秘*"})
    assert found == {"username": "secretary", "name": "秘书", "email": None}
    assert admin.get("/v2/users/secretary") == found
    admin.get("/v2/users/nobody", status=404)


def test_a_post_tells_who_holds_it(admin: Api):
    groups = {group["groupId"] for group in admin.search("groups")}
    assert {"teller@jsjy", "secretariat@jsjy"} <= groups
    assert admin.get("/v2/groups/teller@jsjy")["name"] == "teller"
    found = admin.search("groups/teller@jsjy/users")
    assert sorted(member["username"] for member in found) == ["teller-1", "teller-2"]
    admin.get("/v2/groups/king@jsjy", status=404)


def test_members_do_not_read_the_whole_list(api: Callable[..., Api]):
    api("resident").post("/v2/users/search", status=403)
