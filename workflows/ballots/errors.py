"""What the ballot box refuses."""

from __future__ import annotations

from engine.errors import Refusal


class UnknownBox(Refusal):
    """There is no such ballot box in this community."""

    def __init__(self) -> None:
        super().__init__("没有找到这个票箱，请从“待办”重新进入表决。")


class BallotClosed(Refusal):
    """Too late: the vote has been closed."""

    def __init__(self) -> None:
        super().__init__("表决已经截止，票箱已封存，不能再投票。")


class AlreadyVoted(Refusal):
    """The seat's paper lies in the box already."""

    def __init__(self) -> None:
        super().__init__("这个席位已经投过票，一席一票，不需要再次提交。")
