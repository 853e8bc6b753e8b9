"""HiGHS, which solves a program: silent, and begun anew in every copy of a process."""

import os

import highspy

# A copy of a process has none of its threads, for which HiGHS would wait for ever once it has run: it begins anew. This
# process may be such a copy already, of one in which others ran HiGHS.
highspy.Highs.resetGlobalScheduler(False)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=lambda: highspy.Highs.resetGlobalScheduler(False))


class SilentHighs(highspy.Highs):
    """HiGHS without its banner, which its constructor prints before an option can be set."""

    def enableCallbacks(self) -> None:
        """Be silent from the first call on."""
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]
