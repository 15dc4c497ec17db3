"""Wrong inputs by the thousand: `python -m tests.hardening.fuzz --minutes 60`, from the folder above `tests`.

Prints cases tried for each kind, how they ended, and each defect once with the numbers that draw it again:
`python -m tests.hardening.fuzz --kind study --only 4711`.
"""

from __future__ import annotations

import argparse
import re
import resource
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path
from random import Random
from types import FrameType

from tests.hardening.kinds import KINDS, Kind, ready, tried

MOST_SECONDS = 60  # of a processor: the machine may have others to serve


def say(text: str) -> None:
    """Print at once, so that a long search can be watched."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


class TooLongError(Exception):
    """An answer took longer than a user would wait."""


def _too_long(signal_: int, frame: FrameType | None) -> None:
    raise TooLongError


def fuzz(kinds: list[Kind], seconds: float, seed: int, only: int | None) -> int:
    """Try kinds in turn until the time is over; the number of distinct defects."""
    signal.signal(signal.SIGPROF, _too_long)
    warnings.simplefilter("error")
    counts: dict[str, Counter[str]] = {kind.name: Counter() for kind in kinds}
    spent: Counter[str] = Counter()
    defects: dict[str, str] = {}
    seen: Counter[str] = Counter()
    began, number = time.monotonic(), only if only is not None else seed
    with tempfile.TemporaryDirectory(prefix="sim-fuzz-") as scratch:
        folders = {kind.name: ready(Path(scratch) / kind.name) for kind in kinds}
        while time.monotonic() - began < seconds:
            for kind in kinds:
                start = time.monotonic()
                folder = folders[kind.name]
                try:
                    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
                    answer = tried(kind, Random(f"{kind.name} {number}"), folder)
                    ended = "answered" if answer.code == 0 else "refused"
                    if only is not None:
                        say(answer.text[:5000])
                except Exception as error:
                    ended = "DEFECT"
                    lines = traceback.format_exception(error)
                    place = re.findall(r'File ".*?(?:sim|tests)/(\S+?)", line (\d+)', "".join(lines))
                    words = re.sub(r"'[^']*'|\d+", "_", str(error))[:60] if isinstance(error, AssertionError) else ""
                    name = f"{kind.name}: {type(error).__name__} at {place[-1] if place else '?'} {words}"
                    seen[name] += 1
                    if name not in defects:
                        defects[name] = f"--kind {kind.name} --only {number}\n" + "".join(lines)[-2500:]
                        say(f"DEFECT {name}\n{defects[name]}")
                        folders[kind.name] = ready(Path(scratch) / f"{kind.name}{number}")
                finally:
                    signal.setitimer(signal.ITIMER_PROF, 0)
                counts[kind.name][ended] += 1
                spent[kind.name] += time.monotonic() - start
            if only is not None:
                break
            number += 1
    _tell(counts, spent, seen)
    return len(defects)


def _tell(counts: dict[str, Counter[str]], spent: Counter[str], seen: Counter[str]) -> None:
    say(f"{'kind':10} {'cases':>8} {'answered':>9} {'refused':>8} {'defects':>8} {'seconds':>8}")
    for name, found in counts.items():
        row = (found.total(), found["answered"], found["refused"], found["DEFECT"])
        say(f"{name:10} {row[0]:8} {row[1]:9} {row[2]:8} {row[3]:8} {spent[name]:8.0f}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(f"{sum(x.total() for x in counts.values())} cases, {len(seen)} distinct defects, {memory:,.0f} MiB at most")
    for name, count in seen.most_common():
        say(f"  {count:6} {name}")


def main() -> None:
    """Read the arguments and try."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--minutes", type=float, default=60)
    words.add_argument("--kind", action="append", choices=[kind.name for kind in KINDS])
    words.add_argument("--seed", type=int, default=0, help="number of the first case")
    words.add_argument("--only", type=int, help="this case alone, and its answer")
    given = words.parse_args()
    kinds = [kind for kind in KINDS if not given.kind or kind.name in given.kind]
    sys.exit(bool(fuzz(kinds, given.minutes * 60, given.seed, given.only)))


if __name__ == "__main__":
    main()
