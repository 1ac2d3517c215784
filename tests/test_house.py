"""The laws of the house that a machine can hold."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = sorted((ROOT / "src" / "runfree").rglob("*.py"))
HEAVY = {"numpy", "xarray", "mediapipe", "scipy", "av", "pydantic", "altair"}
MODULE_LINES = 400
FUNCTION_LINES = 80

Function = ast.FunctionDef | ast.AsyncFunctionDef


def problems(text: str, *, may_print: bool = False) -> list[str]:
    """Name every broken law in one module's text."""
    tree = ast.parse(text)
    found = [f"{len(text.splitlines())} lines"] if len(text.splitlines()) > MODULE_LINES else []
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.ExceptHandler) and _is_broad(node):
            found.append(f"line {line}: broad except")
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            found.append(f"line {line}: star import")
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "print" and not may_print:
            found.append(f"line {line}: print")
        if isinstance(node, Function) and _code_lines(node) > FUNCTION_LINES:
            found.append(f"line {line}: {node.name} is longer than {FUNCTION_LINES} lines")
    found += [f"{name} has no docstring" for name in _undocumented(tree)]
    return found


def _code_lines(node: Function) -> int:
    """Lines from ``def`` to the end, the docstring left out."""
    told = ast.get_docstring(node, clean=False)
    return (node.end_lineno or 0) - node.lineno + 1 - (len(told.splitlines()) if told else 0)


def _is_broad(handler: ast.ExceptHandler) -> bool:
    """Bare, or everything caught and not raised again."""
    names = ast.unparse(handler.type) if handler.type else ""
    if handler.type and not re.search(r"\b(Base)?Exception\b", names):
        return False
    return not any(isinstance(node, ast.Raise) and node.exc is None for node in ast.walk(handler))


def _undocumented(tree: ast.Module) -> Iterator[str]:
    if ast.get_docstring(tree) is None:
        yield "the module"
    for node in tree.body:
        if isinstance(node, (*Function.__args__, ast.ClassDef)) and not node.name.startswith("_"):
            if ast.get_docstring(node) is None:
                yield node.name
            if isinstance(node, ast.ClassDef):
                yield from (
                    f"{node.name}.{method.name}"
                    for method in node.body
                    if isinstance(method, Function)
                    and not method.name.startswith("_")
                    and ast.get_docstring(method) is None
                )


@pytest.mark.parametrize("path", SOURCE, ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_a_module_keeps_the_laws(path: Path) -> None:
    assert problems(path.read_text(encoding="utf-8"), may_print="cli" in path.parts) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('"""."""\n' + "x = 1\n" * 401, "lines"),
        ('"""."""\ntry:\n    x = 1\nexcept Exception:\n    pass\n', "broad except"),
        ('"""."""\ntry:\n    x = 1\nexcept:\n    pass\n', "broad except"),
        ('"""."""\nfrom math import *\n', "star import"),
        ('"""."""\nprint(1)\n', "print"),
        ('"""."""\ndef _f():\n' + "    x = 1\n" * 80, "longer than"),
        ("def f():\n    return 1\n", "f has no docstring"),
        ('"""."""\nclass A:\n    """."""\n    def f(self):\n        return 1\n', "A.f has no docstring"),
    ],
)
def test_a_broken_law_is_seen(text: str, word: str) -> None:
    assert any(word in problem for problem in problems(text))


def test_imports_go_to_the_right_only() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _loaded_by(code: str) -> set[str]:
    script = f"import sys, json\n{code}\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    "code",
    [
        "import runfree",
        "import runfree.cli",
        "from runfree.cli import main; assert main(['--help']) == 0",
        "from runfree.cli import main; assert main(['analyze', '--help']) == 0",
        "sys.argv = ['runfree', '--help']; import runpy\n"
        "try: runpy.run_module('runfree', run_name='__main__')\nexcept SystemExit as end: assert not end.code",
    ],
)
def test_import_and_help_are_light(code: str) -> None:
    assert _loaded_by(code) & HEAVY == set()


def test_the_server_holds_little_before_it_is_asked_for_a_chart() -> None:
    assert _loaded_by("import runfree.web.app") & {"altair", "mediapipe", "pandas", "pyarrow", "xarray"} == set()


def test_the_lazy_names_are_real() -> None:
    loaded = _loaded_by("import runfree; assert callable(runfree.analyze); runfree.Analysis")
    assert {"runfree.app.analyze", "runfree.core.analysis"} <= loaded


def test_an_unknown_name_is_an_attribute_error() -> None:
    import runfree

    assert not hasattr(runfree, "no_such_name")
    assert {"analyze", "Analysis"} <= set(dir(runfree))


def _tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [path for name in done.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


MACHINE = re.compile(
    "|".join(("/" + "work/", "/" + "root/", "/" + "tmp/w" + r"\b", "/" + "opt/wheels", "/" + "opt/pypi"))
)


def test_no_path_of_a_machine_in_the_files() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in _tracked()
        if path.suffix not in {".mp4", ".nc", ".npz", ".png"}
        for match in MACHINE.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_packages_come_from_the_ordinary_index() -> None:
    lock = (ROOT / "uv.lock").read_text(encoding="utf-8")
    assert set(re.findall(r'registry = "([^"]*)"', lock)) == {"https://pypi.org/simple"}
    assert {re.split("/", url)[2] for url in re.findall(r'url = "([^"]*)"', lock)} == {"files.pythonhosted.org"}
