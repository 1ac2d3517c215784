"""Write what the code says of each measure into docs/measures.md: ``uv run python tools/measure_facts.py [file]``.

Each section holds ``<!-- facts:ID -->`` … ``<!-- end -->``; all between is replaced.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from runfree.core.metrics import METRICS, Metric
from runfree.gait.accuracy import ACCURACY

PAGE = Path(__file__).resolve().parents[1] / "docs" / "measures.md"
UNITS = {
    "spm": "steps per minute",
    "deg": "degrees",
    "pct": "percent",
    "ms": "milliseconds",
    "cm": "centimetres",
    "BW": "body weights",
    "BW/m": "body weights per metre",
}
SIDES = {
    ("both",): "both legs together",
    ("left", "right"): "left and right apart",
    ("both", "left", "right"): "both legs together, left and right apart",
}
SYMBOLS = {"deg": "°", "cm": " cm", "ms": " ms"}
VIEWS = {"side": "from the side", "front": "from the front", "rear": "from behind", "oblique": "at an angle"}
_BLOCK = re.compile(r"(<!-- facts:(\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def facts(metric: Metric) -> str:
    """Return the lines on one measure: id, unit, sign, sides, films, half-widths."""
    lines = [
        f"`{metric.id}` · {UNITS[metric.unit]} · {SIDES[metric.sides]}"
        + (f" · **{metric.sign}**" if metric.sign else "")
    ]
    lines.append(
        f"Film: {', '.join(VIEWS[v] for v in metric.views)}"
        + ("" if metric.walking else "; running only")
        + ("" if metric.running else "; walking only")
    )
    return "  \n".join(lines + _half_widths(metric)) + "\n"


def _half_widths(metric: Metric) -> list[str]:
    rows = [(view, leg, a) for (name, view, leg), a in ACCURACY.items() if name == metric.id]
    if not rows:
        return []
    symbol = SYMBOLS[metric.unit]
    where = {"near": "near leg", "far": "far leg", "pass": "of a pass"}
    where |= {f"{leg} walking": f"{name} of a walk" for leg, name in where.items()}
    widths = [f"± {a.half_95:g}{symbol} {where.get(leg, VIEWS[view])}" for view, leg, a in rows]
    useful = rows[0][2].useful
    return [
        f"Half-width: {', '.join(widths)}; good up to ± {1.15 * useful:.3g}{symbol}, fair up to ± {2 * useful:g}{symbol}"
    ]


def with_facts(text: str) -> str:
    """Return the page with every block of facts made anew."""
    return _BLOCK.sub(lambda m: m[1] + facts(METRICS[m[2]]) + m[3], text)


if __name__ == "__main__":
    page = Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE
    page.write_text(with_facts(page.read_text(encoding="utf-8")), encoding="utf-8")
