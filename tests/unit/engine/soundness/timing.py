"""How long a judgement takes: ``python -m tests.unit.engine.soundness.timing`` prints it, nothing asserts it."""

from __future__ import annotations

from random import Random
from time import process_time

from engine.soundness import check
from tests.unit.engine.soundness.blocks import Blocks, mutate
from tests.unit.engine.soundness.notation import model


def _lines(*lines: str, each: str = "", count: int = 0) -> str:
    return "\n".join([*lines, *(each.format(i=i, next=i + 1, back=max(0, i - 3)) for i in range(count))])


def _built(seed: int, size: int, *, broken: bool = False) -> str:
    text = Blocks(Random(seed)).model(size)
    return mutate(text, Random(seed)) if broken else text


MODELS = {
    "一条直线": "s -> " + " -> ".join(f"t{i}" for i in range(198)) + " -> e",
    "65 路并行，各三步": _lines("s -> p1", "p2 -> e", each="p1 -> t{i}a -> t{i}b -> t{i}c -> p2", count=65),
    "40 路并行，各有到期结束": _lines(
        "s -> p1", "p2 -> e", each="p1 -> t{i}a -> t{i}b -> p2\nb{i}:timer@t{i}a -> e{i}", count=40
    ),
    "40 路并行，各有提醒": _lines(
        "s -> p1", "p2 -> e", each="p1 -> t{i}a -> p2\nb{i}:timer~t{i}a -> t{i}r -> e{i}", count=40
    ),
    "28 路并行的包容块": _lines(
        "s -> p1",
        "p2 -> e",
        each="p1 -> o{i} -> t{i}a -> o9{i} -> p2\no{i} -> t{i}b -> t{i}c -> o9{i}",
        count=28,
    ),
    "60 层退回": _lines("s -> x0", "x60 -> e", each="x{i} -> t{i} -> x{next}\nx{next} -> x{back}", count=60),
    "分块，完好": _built(3, 90),
    "分块，完好(二)": _built(25, 130),
    "分块，坏一处": _built(31, 130, broken=True),
    "分块，坏一处(二)": _built(1, 130, broken=True),
}


def main() -> None:
    for name, text in MODELS.items():
        drawn = model(text)
        before = process_time()
        verdict = check(drawn)
        spent = (process_time() - before) * 1000
        print(f"{len(drawn.nodes):4} 个元素 {spent:7.1f} ms  {verdict.kind.value:10} {name}")


if __name__ == "__main__":
    main()
