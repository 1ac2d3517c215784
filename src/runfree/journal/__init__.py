"""What is kept of a runner: runs, pain, practice, shoes and films, on this computer alone."""

from runfree.journal.journal import Journal, open_journal

__all__ = ["Journal", "open_journal"]
