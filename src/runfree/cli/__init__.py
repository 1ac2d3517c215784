"""The command line: parse, call a use case, show."""

from __future__ import annotations

from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Parameters
    ----------
    argv : sequence of str, optional
        The words after ``runfree``; by default those of this process.

    Returns
    -------
    int
        0 done, 1 partly done, 2 bad input, 3 nothing assessable, 130 stopped with Ctrl-C.
    """
    try:
        from runfree.cli.run import run

        return run(argv)
    except KeyboardInterrupt:
        return 130
