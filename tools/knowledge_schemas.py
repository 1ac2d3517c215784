"""Write the JSON Schema of every kind of knowledge file to docs/schemas, for editors: ``python tools/knowledge_schemas.py``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from runfree.knowledge.loader import FOLDERS, SINGLE

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "schemas"


def schemas() -> dict[str, str]:
    """Return the text of each schema by file name; the id is the file's name, so it is not asked for inside."""
    out: dict[str, str] = {}
    for kind, model in {**FOLDERS, **SINGLE}.items():
        schema: dict[str, Any] = model.model_json_schema()
        if kind in FOLDERS:
            schema["properties"].pop("id")
            schema["required"].remove("id")
        out[f"{kind}.json"] = json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
    return out


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
