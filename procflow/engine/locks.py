"""A lock that a forked child finds free: the thread that held it in the parent does not exist there."""

from __future__ import annotations

import os
import threading
import weakref
from contextlib import AbstractContextManager


class ForkLock:
    """A reentrant lock for `with lock.held():`, made anew in every forked child before anything else runs there."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        # Looking at the process id when the lock is taken would be too late: two threads of the child could each make
        # a lock of their own and both go in. What is registered stays, so it must not keep this alive.
        this = weakref.ref(self)
        os.register_at_fork(after_in_child=lambda: _renew(this))

    def held(self) -> AbstractContextManager[object]:
        """Return what holds the lock in a `with`: the lock of this moment, so the same is let go, forked or not."""
        return self._lock

    def renew(self) -> None:
        """Be free, whoever held it."""
        self._lock = threading.RLock()


def _renew(this: weakref.ref[ForkLock]) -> None:
    lock = this()
    if lock is not None:
        lock.renew()
