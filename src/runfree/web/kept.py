"""What a route is handed: the journal of whoever is signed in, and of nobody else."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from runfree.journal import Journal


def _journal(request: Request) -> Journal:
    return request.app.state.journals.of(request.state.person)


Kept = Annotated[Journal, Depends(_journal)]
"""Annotate a parameter with it, in a route that only a person may use."""
