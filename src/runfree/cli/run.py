"""The commands, and how anything that stops one is said."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError, Parameter

import runfree
from runfree.cli.analyze import analyze
from runfree.cli.batch import batch
from runfree.cli.check import check
from runfree.cli.cohort import cohort
from runfree.cli.consult import consult
from runfree.cli.convert import convert
from runfree.cli.doctor import doctor
from runfree.cli.fetch_weights import fetch_weights
from runfree.cli.film_check import film_check
from runfree.cli.guide import guide, poses
from runfree.cli.importing import import_
from runfree.cli.journal import db, erase, export, journal
from runfree.cli.log import log
from runfree.cli.people import people
from runfree.cli.practice import practice
from runfree.cli.serve import serve
from runfree.cli.trial import trial
from runfree.core.errors import RunfreeError

INTERRUPTED = 130

app = App(
    name="runfree",
    help="A runner's film in, an honest report out. Everything stays on this computer.",
    version=runfree.__version__,
    default_parameter=Parameter(negative=(), show_default=False),
    help_format="plaintext",
    suppress_keyboard_interrupt=False,
    exit_on_error=False,
    print_error=False,
    result_action="return_value",
)
app.command(analyze)
app.command(batch)
app.command(cohort)
app.command(guide)
app.command(poses)
app.command(check)
app.command(convert)
app.command(doctor)
app.command(film_check)
app.command(people)
app.command(import_, name="import")
app.command(log)
app.command(journal)
app.command(export)
app.command(erase)
app.command(db)
app.command(practice)
app.command(serve)
app.command(trial)
app.command(consult)
app.command(fetch_weights)


def run(argv: Sequence[str] | None) -> int:
    """Run one command; say in one sentence on stderr what stopped it."""
    _tolerant_streams()
    try:
        code = app(argv)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _say("Stopped. Nothing was written.", INTERRUPTED)
    except BrokenPipeError:
        _let_go_of_stdout()
        return 0
    except RunfreeError as problem:
        return _say(str(problem), problem.exit_code)
    except CycloptsError as problem:
        return _say(f"{str(problem).strip()} See: runfree --help", 2)
    except MemoryError:
        return _say(
            "Out of memory: this film needs more than is free. Close other programs or use --workers 1.", 2
        )
    except OSError as problem:
        return _say(_os_sentence(problem), 2)
    return code or 0


def _say(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


def _tolerant_streams() -> None:
    """Show names that the terminal cannot spell with escapes instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _let_go_of_stdout() -> None:
    """Keep the interpreter from flushing into the closed pipe once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _os_sentence(problem: OSError) -> str:
    name = problem.filename or "A file"
    if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"{name}: the disk is full. Free some space or choose another place with --out."
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{name}: no permission. Choose a file or folder that you may use."
    return f"{name}: {(problem.strerror or str(problem)).lower()}. Check the name and the place."
