"""``python -m bench [--short] [--timers N]`` measures everything, prints the table and writes it down.

``--short`` measures little of everything, to see that the benchmark itself works, and writes nothing.
"""

from __future__ import annotations

import argparse
import os
import platform
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import peers, report, review_figures, web_figures
from bench.bed import Bed, fresh_postgres, postgres
from bench.engine_figures import SHORT, Figures, Sizes, measure

REQUESTS = 300
GRIDS, FEW_GRIDS = 40, 2
"""Of a review: forty panels of twenty-five are a thousand reviewers."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--timers", type=int, default=Sizes().timers)
    given = parser.parse_args()
    sizes = SHORT if given.short else Sizes(timers=given.timers)
    with TemporaryDirectory(prefix="yishi-bench-") as place:
        folder = Path(place)
        results: report.Results = {peer.name: _peer(peer, folder) for peer in peers.PEERS}
        results["sqlite"] = _sqlite(folder, sizes)
    results["postgresql"] = _postgresql(sizes)
    print(report.table(results))
    if sizes is not SHORT:
        report.write(results, _machine())


def _peer(peer: peers.Peer, folder: Path) -> Figures:
    print(f"{peer.name} …", flush=True)
    return peers.measure(peer, folder)


def _sqlite(folder: Path, sizes: Sizes) -> Figures:
    print("SQLite …", flush=True)
    bed = Bed(f"sqlite:///{folder / 'engine.db'}")
    figures = measure(bed, sizes)
    bed.store.close()
    figures |= web_figures.measure(f"sqlite:///{folder / 'product.db'}", folder, REQUESTS)
    grids = FEW_GRIDS if sizes is SHORT else GRIDS
    return figures | review_figures.measure(f"sqlite:///{folder / 'review.db'}", folder, grids)


def _postgresql(sizes: Sizes) -> Figures:
    print("PostgreSQL …", flush=True)
    with postgres() as server, TemporaryDirectory(prefix="yishi-bench-") as place:
        with fresh_postgres(server, "engine") as url:
            bed = Bed(url)
            figures = measure(bed, sizes)
            bed.store.close()
        with fresh_postgres(server, "product") as url:
            return figures | web_figures.measure(url, Path(place), REQUESTS)


def _machine() -> str:
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} 核 {system}，Python {platform.python_version()}"


if __name__ == "__main__":
    main()
