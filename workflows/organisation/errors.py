"""What the organisation refuses."""

from __future__ import annotations

from engine.errors import Refusal


class UnknownPerson(Refusal):
    """No such person in the organisation."""

    def __init__(self, person: str) -> None:
        super().__init__(f"没有编号为“{person}”的人员，请先在组织库中登记。")


class UnknownBody(Refusal):
    """No such body, or the community has none."""

    def __init__(self, body: str | None, community: str) -> None:
        wanted = f"没有编号为“{body}”的议事机构" if body else f"社区“{community}”还没有议事会"
        super().__init__(f"{wanted}，请先在组织库中设置席位表。")


class UnknownSeat(Refusal):
    """The body has no such seat."""

    def __init__(self, body: str, seat: str) -> None:
        super().__init__(f"议事机构“{body}”没有“{seat}”这个席位，请核对席位表。")
