"""``runfree doctor``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runfree.app.doctor import Check


def doctor(*, json: bool = False) -> int:
    """Say what works on this computer, and the exact command for what does not.

    Parameters
    ----------
    json
        Print it as JSON, and nothing else, on stdout.
    """
    from runfree.app.doctor import can_analyse, examine

    checks = examine()
    ready = can_analyse(checks)
    print(_as_json(checks, ready) if json else _as_text(checks, ready))
    return 0 if ready else 1


def _as_json(checks: tuple[Check, ...], ready: bool) -> str:
    from dataclasses import asdict
    from json import dumps

    return dumps({"schema": 1, "can_analyse": ready, "checks": [asdict(check) for check in checks]}, indent=2)


def _as_text(checks: tuple[Check, ...], ready: bool) -> str:
    lines: list[str] = []
    for area in dict.fromkeys(check.area for check in checks):
        lines.append(f"{area}s" if area != "this computer" else area)
        for check in (c for c in checks if c.area == area):
            lines.append(f"  {'ok' if check.works else '--'}  {check.name}: {check.detail}")
            if check.remedy:
                lines.append(f"      {check.remedy}")
    lines.append("Films can be analysed here." if ready else "Films cannot be analysed here yet; see -- above.")
    return "\n".join(lines)
