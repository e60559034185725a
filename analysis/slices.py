"""Compiled work in slices over the machine's cores, with a pause after each round in which it may be cancelled."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache

Checkpoint = Callable[[float], None]

# A round ought to last about this long: long enough that starting it costs nothing, short enough to cancel after it.
ROUND_SECONDS = 0.08


def available_threads() -> int:
    """Count the cores that this process may use (containers and batch servers give fewer than there are)."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, thread_name_prefix="slice")


def part(checkpoint: Checkpoint | None, begin: float, end: float) -> Checkpoint:
    """Give the checkpoint of a step that is the part from `begin` to `end` of the whole."""

    def tell(fraction: float) -> None:
        if checkpoint is not None:
            checkpoint(begin + (end - begin) * fraction)

    return tell


def rounds(
    work: Callable[[int, int], object], count: int, *, threads: int | None = None, first_round: int = 4096
) -> Iterator[int]:
    """Do ``work(first, last)`` for consecutive slices of ``range(count)``; yield after each round of slices.

    The clock only decides how many items the next round takes, so `work` must give the same result for an item
    whatever slice it falls into and whatever the other threads do meanwhile.

    Parameters
    ----------
    work : callable
        Takes the slice ``first <= i < last``; releases the interpreter lock.
    count : int
        Number of items.
    threads : int, optional
        Default: all cores that the process may use.
    first_round : int
        Items in the first round; each later one is at most four times as large.

    Yields
    ------
    int
        Items done so far, after each round. To stop, leave the loop: nothing runs between rounds.
    """
    threads = max(1, threads or available_threads())
    done, size = 0, first_round
    while done < count:
        end = min(count, done + size)
        # More slices than threads: whoever is held up by the machine's other work gets fewer of them.
        slices = 4 * threads
        edges = [done + (end - done) * k // slices for k in range(slices + 1)]
        started = time.perf_counter()
        if threads == 1:
            work(done, end)
        else:
            list(_pool(threads).map(work, edges[:-1], edges[1:]))
        seconds = time.perf_counter() - started
        done = end
        yield done
        size = max(256, min(4 * size, int(size * ROUND_SECONDS / max(seconds, 1e-6))))
