"""做一步、等一步、看到什么：上报的事和台账里的账都这样说。"""

from __future__ import annotations

from pytest_bdd import step

from features.desk import local
from features.escalation import Escalation
from features.steps.words import sentence

MODULE = 3
"""How far above a definition here the module lies that asked for it: through one of the parts and ``define``."""


def define() -> None:
    """Define these sentences in the module that calls this, for its fixture ``desk``."""
    _acting()
    _waiting()
    _telling()


def _acting() -> None:
    @step(sentence('时间走到"{moment:文}"'), stacklevel=MODULE)
    def _(desk: Escalation, moment: str) -> None:
        desk.wait_until(moment)

    @step(sentence('{who:人}把"{name:文}"办成"{result:文}"'), stacklevel=MODULE)
    def _(desk: Escalation, who: str, name: str, result: str) -> None:
        desk.finish(who, name, result)

    @step(sentence('{who:人}试着把"{name:文}"办成"{result:文}"'), stacklevel=MODULE)
    def _(desk: Escalation, who: str, name: str, result: str) -> None:
        with desk.trying():
            desk.hand_in(who, name, result)


def _waiting() -> None:
    @step(sentence('"{name:文}"轮到{who:人}'), stacklevel=MODULE)
    def _(desk: Escalation, name: str, who: str) -> None:
        assert desk.waits_for(who, name)

    @step(sentence('"{name:文}"轮到{who:人}，"{moment:文}"前办完'), stacklevel=MODULE)
    def _(desk: Escalation, name: str, who: str, moment: str) -> None:
        assert desk.waits_for(who, name)
        assert desk.task(name).due_at == local(moment)

    @step(sentence('"{name:文}"轮不到{who:人}'), stacklevel=MODULE)
    def _(desk: Escalation, name: str, who: str) -> None:
        assert not desk.waits_for(who, name)

    @step(sentence('等着办的只有"{name:文}"'), stacklevel=MODULE)
    def _(desk: Escalation, name: str) -> None:
        assert desk.waiting() == [name]

    @step(sentence('这件事以"{end:文}"了结'), stacklevel=MODULE)
    def _(desk: Escalation, end: str) -> None:
        found = desk.instance()
        assert (found.state, found.end_event_name, desk.waiting()) == ("COMPLETED", end, [])


def _telling() -> None:
    @step(sentence('办不成，因为"{words:文}"'), stacklevel=MODULE)
    def _(desk: Escalation, words: str) -> None:
        assert words in desk.look_at_refusal()

    @step(sentence('{who:人}收到 {count:d} 封"{title:文}"'), stacklevel=MODULE)
    def _(desk: Escalation, who: str, count: int, title: str) -> None:
        assert len(desk.letters(who, title)) == count

    @step(sentence('{who:人}收到的"{title:文}"里写着"{words:文}"'), stacklevel=MODULE)
    def _(desk: Escalation, who: str, title: str, words: str) -> None:
        (letter,) = desk.letters(who, title)
        assert words in letter.body

    @step(sentence('发出了"{message:文}"'), stacklevel=MODULE)
    def _(desk: Escalation, message: str) -> None:
        assert len(desk.sent(message)) == 1

    @step(sentence('没有发出"{message:文}"'), stacklevel=MODULE)
    def _(desk: Escalation, message: str) -> None:
        assert desk.sent(message) == []
