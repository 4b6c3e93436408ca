"""``python -m bench.drain URL`` says it is ready, waits for the end of its input, and fires all that is due."""

from __future__ import annotations

import sys

from bench.bed import Bed
from engine.worker import run_due


def main() -> None:
    bed = Bed(sys.argv[1])
    print("ready", flush=True)
    sys.stdin.read()
    fired = 0
    while some := run_due(bed.engine):
        fired += some
    print(fired)


if __name__ == "__main__":
    main()
