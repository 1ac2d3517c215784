"""The words of the web app in the language of the reader; English stands in the code."""

from __future__ import annotations

import gettext
from pathlib import Path

translations = gettext.translation("runfree", Path(__file__).parent / "locale", fallback=True)
_ = translations.gettext

SAID = {
    "practice": _("Noted: practice done. Well done."),
    "pain": _("Noted. Thank you for telling how it is."),
    "shoes": _("Noted: your shoes."),
    "note": _("Noted."),
    "trial": _("The plan is locked. This page says each day what to do."),
    "stopped": _("The trial is over; what was logged is kept."),
    "check": _("Noted: your self-check."),
    "erased": _("Erased."),
    "erased_all": _("Erased: nothing of your journal is left."),
}
"""What a page says after a form was sent, by the name in its address."""
