"""Runs each hostile expression in a process of its own and measures it: ``python -m bench.feel.attack``."""

from __future__ import annotations

import resource
import subprocess
import sys
import time

from bench.feel.hostile import HOSTILE
from engine import feel

_MAX_SECONDS = 1.0
_MAX_MEGABYTES = 64
_DOCUMENTED = (feel.FeelSyntaxError, feel.FeelBudgetExceeded, feel.FeelValueError)


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def attack(number: int) -> str:
    """Evaluate one expression in this process; the verdict is ``ok`` or what went wrong."""
    before, started = _megabytes(), time.process_time()
    try:
        feel.to_json(feel.evaluate(HOSTILE[number], {"a": 1, "x": [1]}))
    except _DOCUMENTED:
        pass
    except Exception as error:  # noqa: BLE001 - anything else is what is being looked for
        return f"escaped: {type(error).__name__} {error}"[:120]
    seconds, megabytes = time.process_time() - started, _megabytes() - before
    if feel.evaluate("1 + 1") != 2:
        return "engine broken afterwards"
    if seconds > _MAX_SECONDS or megabytes > _MAX_MEGABYTES:
        return f"too much: {seconds:.2f} s, {megabytes:.0f} MB"
    return f"ok {seconds:.3f} {megabytes:.1f}"


def main() -> int:
    """Run all, print the worst and every one that was not contained."""
    failures, seconds, megabytes = 0, 0.0, 0.0
    for number, text in enumerate(HOSTILE):
        command = [sys.executable, "-m", "bench.feel.attack", str(number)]
        try:
            answer = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
            verdict = answer.stdout.strip() or f"died: {answer.stderr.strip()[-100:]}"
        except subprocess.TimeoutExpired:
            verdict = "hangs"
        if verdict.startswith("ok"):
            _, took, grew = verdict.split()
            seconds, megabytes = max(seconds, float(took)), max(megabytes, float(grew))
        else:
            failures += 1
            print(f"{number:>4} {verdict}: {text[:80]!r}")
    print(f"hostile: {failures} of {len(HOSTILE)} not contained; worst {seconds:.2f} s, {megabytes:.0f} MB")
    return failures


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(attack(int(sys.argv[1])))
    else:
        sys.exit(bool(main()))
