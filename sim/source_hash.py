"""Hash of the source a result rests on: the modules that can be reached by imports, and no others.

Following the imports needs no list that somebody must keep: a new chart or command makes no result stale, a new
department does so by itself.
"""

import ast
import hashlib
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parent
MODEL = ("centre", "metrics", "flows")
"""A log, and what is kept of it."""
APART = ("executors", "dispatch", "store")
"""Modules of sim/engine that hand runs out and remember them: they carry numbers and make none."""
WORDS = "word"
"""Modules whose name begins so (words, wording) hold text in both languages and cannot change a number."""


def model_hash(package: Path = PACKAGE) -> str:
    """SHA-256 of the source that can change a replication and its measures.

    How replications are handed out to processes and what is looked at besides (laws, textbook quantities) is not
    part of it.
    """
    return source_hash(*MODEL, package=package)


def source_hash(*roots: str, package: Path = PACKAGE) -> str:
    """SHA-256 of all source that ``roots`` reach by imports; line ends are normalised, so Windows gives the same.

    Args:
        roots: modules inside the package, such as ``claims.audit``.
    """
    digest = hashlib.sha256()
    for path in sorted(reached(*roots, package=package), key=lambda path: path.relative_to(package).as_posix()):
        source = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.relative_to(package).as_posix()}\0{len(source)}\0".encode() + source)
    return digest.hexdigest()


def reached(*roots: str, package: Path = PACKAGE) -> set[Path]:
    """Files that ``roots`` import, directly or not, themselves included.

    A package whose files are found by name while it runs (the mechanisms) is reached as a whole. Imports for type
    checking only are not followed, nor is the package's own front door, which opens on everything.
    """
    found: set[Path] = set()
    open_ends = [_file(root.split("."), package) for root in roots]
    while open_ends:
        path = open_ends.pop()
        if path is None or path in found or path == package / "__init__.py":
            continue
        if path.name.startswith(WORDS) or path.stem in APART:
            continue
        found.add(path)
        tree = ast.parse(path.read_bytes())
        names = set(_imported(tree))
        open_ends += [_file(name.split(".")[1:], package) for name in names if name.startswith(f"{package.name}.")]
        if "pkgutil" in names:
            open_ends += path.parent.glob("*.py")
    return found


def _file(parts: list[str], package: Path) -> Path | None:
    path = package.joinpath(*parts)
    candidates = (path.with_suffix(".py"), path / "__init__.py")
    return next((candidate for candidate in candidates if candidate.is_file()), None)


def _imported(node: ast.AST) -> Iterator[str]:
    """Dotted names a module imports at any depth; ``from a import b`` is ``a`` and ``a.b``, either may be a file."""
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    for child in ast.iter_child_nodes(node):
        yield from _imported(child)
