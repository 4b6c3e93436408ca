"""Every labelled model gets its verdict, its culprit is named, and the way there is a way in the model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.soundness import Kind, check
from tests.unit.engine.soundness.notation import model

FILE = Path(__file__).with_name("models.txt")


@dataclass(frozen=True, slots=True)
class Labelled:
    name: str
    kind: Kind
    culprits: frozenset[str]
    text: str


def read() -> Iterator[Labelled]:
    for block in FILE.read_text(encoding="utf-8").split("\n= ")[1:]:
        heading, _, body = block.partition("\n")
        name, kind, *culprits = (part.strip() for part in heading.split("|"))
        lines = [line for line in body.splitlines() if not line.startswith("#")]
        yield Labelled(name, Kind(kind), frozenset(" ".join(culprits).split()), "\n".join(lines))


MODELS = list(read())


@pytest.mark.parametrize("labelled", MODELS, ids=lambda labelled: labelled.name)
def test_a_labelled_model_is_judged_right(labelled: Labelled) -> None:
    drawn = model(labelled.text)
    verdict = check(drawn)
    assert verdict.kind is labelled.kind
    assert labelled.culprits <= set(verdict.elements)
    assert set(verdict.elements) | set(verdict.trace) <= {*drawn.nodes, *drawn.flows}
    assert verdict.is_sound == (not verdict.sentence) == (not verdict.elements)


def test_the_set_is_large_and_knows_every_verdict() -> None:
    assert len(MODELS) >= 120
    assert len({labelled.name for labelled in MODELS}) == len(MODELS)
    kinds = Counter(labelled.kind for labelled in MODELS)
    assert set(kinds) == set(Kind) - {Kind.UNKNOWN}
    assert min(kinds.values()) >= 3
