"""What holds for every model: against construction, against the net without reduction, against the engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.interpreter.model import ProcessModel
from engine.interpreter.reader import ModelRefused
from engine.soundness import Kind, check, judge
from engine.soundness.graph import Graph
from engine.soundness.judge import Judge
from engine.soundness.verdict import BudgetSpent
from tests.unit.engine.soundness.blocks import Blocks, mutate, tangle
from tests.unit.engine.soundness.notation import model
from tests.unit.engine.soundness.runs import Laboratory, laboratory

SEEDS = st.integers(0, 2**32)
CROSSING = (
    "p1 -> p4\np2 -> t1 -> p3\np2 -> t2 -> p5\np4 -> t3 -> p3\np4 -> t4 -> p5\np3 -> p6\np5 -> p6\np6 -> e"
)
WITHOUT_REMINDERS = "tttxpolbguwm"  # a reminder in a loop may rightly be open twice


@settings(max_examples=150, deadline=None)
@given(seed=SEEDS, size=st.integers(1, 60))
def test_what_is_built_of_blocks_is_sound(seed: int, size: int) -> None:
    assert check(model(Blocks(Random(seed)).model(size))).is_sound


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS)
def test_the_same_model_always_gets_the_same_verdict(seed: int) -> None:
    text = mutate(Blocks(Random(seed)).model(20), Random(seed))
    assert check(model(text)) == check(model(text))


@settings(max_examples=300, deadline=None)
@given(seed=SEEDS, is_tangle=st.booleans())
def test_the_reduction_changes_no_judgement(seed: int, is_tangle: bool) -> None:
    random = Random(seed)
    text = tangle(random) if is_tangle else mutate(Blocks(random).model(12), random)
    try:
        drawn = model(text)
        whole = _without_reduction(drawn)
    except (ModelRefused, BudgetSpent):
        return
    assert check(drawn).is_sound == whole


def _without_reduction(drawn: ProcessModel) -> bool:
    def unchanged(graph: Graph) -> Graph:
        return graph

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judge, "reduce", unchanged)
        return Judge(drawn, steps=200_000).judge() is None


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    with laboratory(tmp_path_factory.mktemp("soundness")) as found:
        yield found


def test_where_the_engine_gets_stuck_or_does_a_step_twice_the_checker_has_said_so(engine: Laboratory) -> None:
    outcomes: Counter[str] = Counter()
    for seed in range(16):
        random = Random(seed)
        text = mutate(Blocks(random, WITHOUT_REMINDERS).model(random.randint(6, 14)), random)
        verdict, outcome = check(model(text)), engine.walk(text, seed)
        if outcome.stuck or outcome.doubled:
            assert not verdict.is_sound, text
        outcomes["caught" if outcome.stuck or outcome.doubled else "fine"] += 1
    assert outcomes["caught"] >= 3, "too few broken models to prove anything"


def test_a_sound_model_ends_in_the_engine(engine: Laboratory) -> None:
    for seed in range(8):
        text = Blocks(Random(seed), WITHOUT_REMINDERS).model(12)
        outcome = engine.walk(text, seed, steps=150)
        assert outcome.ended, text


def test_a_model_too_tangled_for_the_budget_is_unknown_never_sound() -> None:
    choices = "\n".join(["s -> o1", *(f"o1 -> t{i} -> e{i}:terminate" for i in range(12))])
    for verdict in (check(model(choices)), check(model(f"s -> p1\np1 -> p2\n{CROSSING}"), steps=5)):
        assert verdict.kind is Kind.UNKNOWN
        assert "判断不出" in verdict.sentence
        assert verdict.elements == ("p",)
    assert check(model(f"s -> p1\np1 -> p2\n{CROSSING}")).is_sound
