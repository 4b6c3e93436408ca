"""A process that prepares an installation, as the first start does: ``python -m tests.faults.preparing``.

Settings come from the environment. It prints what it does, and ``ready`` at the end.
"""

from __future__ import annotations

from web import startup
from web.settings import Settings


def main() -> None:
    startup.prepare(Settings.from_environment(), lambda line: print(line, flush=True))
    print("ready", flush=True)


if __name__ == "__main__":
    main()
