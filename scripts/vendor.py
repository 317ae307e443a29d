#!/usr/bin/env python3
"""Fetches what is vendored under static/vendor, as its lock file says. For developers; needs npm.

    scripts/vendor.py            everything again, from the versions and integrities of the lock
    scripts/vendor.py --icons    only the sprite: after a template or a table of ours names a new icon

A new version: change `version` and `integrity` (npm view PACKAGE@VERSION dist.integrity) in the lock, run it.
"""

from __future__ import annotations

import ast
import base64
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
LOCK = VENDOR / "vendor.lock.json"

ICON_IN_TEMPLATE = re.compile(r"""{%\s*icon\s+"([a-z0-9-]+)"|\bicon="([a-z0-9-]+)\"""")
FILLED = 'fill="currentColor" stroke="none"'
OUTLINE = 'stroke-linecap="round" stroke-linejoin="round"'
FRAME = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'  # says only how large the icon is
SOURCE_MAP = re.compile(rb"\n?(//[#@]\s*sourceMappingURL=[^\n]*|/\*[#@]\s*sourceMappingURL=[^*]*\*/)\n?")


def main(*, only_icons: bool) -> None:
    lock = json.loads(LOCK.read_text())
    for package in lock["packages"]:
        if only_icons and "icons" not in package:
            continue
        files = unpacked(package)
        folder = VENDOR / package["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        if "icons" in package:
            package["icons"] = sorted(used_icons())
            (folder / "sprite.svg").write_text(sprite(package["icons"], files))
        for name in package.get("files", []):
            # The hashing storage looks for imports in .js files only.
            keep(
                folder / Path(name).with_suffix(".js" if name.endswith(".mjs") else Path(name).suffix).name,
                files[name],
            )
        for tree in package.get("trees", []):
            for name in files:
                if name.startswith(tree):
                    keep(folder / name, files[name])
        (folder / "LICENSE").write_bytes(files[package["licence"]])
        (folder / "VERSION").write_text(f"{package['package']} {package['version']} (npm)\n")
    lock["sha256"] = digests()
    LOCK.write_text(json.dumps(lock, indent=2) + "\n")


def keep(place: Path, content: bytes) -> None:
    """Writes the file without the address of a source map, which is not vendored."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(SOURCE_MAP.sub(b"", content))


def unpacked(package: dict[str, Any]) -> dict[str, bytes]:
    """The files of a package, after its archive was held against the integrity in the lock."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = f"{package['package']}@{package['version']}"
        command = ["npm", "pack", "--silent", "--pack-destination", folder, wanted]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        archive = next(Path(folder).iterdir()).read_bytes()
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if integrity != package["integrity"]:
        sys.exit(f"{wanted}: the archive is not the one of the lock ({integrity})")
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return {
            member.name.removeprefix("package/"): stream.read()
            for member in tar.getmembers()
            if (stream := tar.extractfile(member))
        }


def sprite(names: list[str], files: dict[str, bytes]) -> str:
    """One SVG with a symbol for each icon, addressed as sprite.svg#i-name."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" fill="none" stroke="currentColor">\n'
        + "\n".join(symbol(name, files) for name in names)
        + "\n</svg>\n"
    )


def symbol(name: str, files: dict[str, bytes]) -> str:
    filled = name.endswith("-filled")
    source = files[f"icons/{'filled' if filled else 'outline'}/{name.removesuffix('-filled')}.svg"].decode()
    drawing = source[source.index(">", source.index("<svg")) + 1 : source.rindex("</svg>")]
    drawing = re.sub(r">\s+<", "><", drawing.strip()).replace(FRAME, "")
    paint = FILLED if filled else OUTLINE
    return f'<symbol id="i-{name}" viewBox="0 0 24 24" {paint}>{drawing}</symbol>'


def used_icons() -> set[str]:
    """The icons that our templates and Python tables name."""
    names = set()
    for template in (ROOT / "templates").rglob("*.html"):
        for match in ICON_IN_TEMPLATE.finditer(template.read_text()):
            names.add(match[1] or match[2])
    modules = [ast.parse(path.read_text()) for path in (ROOT / "ganeti_webmgr").rglob("*.py")]
    shapes = {name: place for module in modules for name, place in classes_with_icons(module)}
    return names.union(*(icons_in(module, shapes) for module in modules))


def classes_with_icons(module: ast.Module) -> Iterator[tuple[str, int]]:
    """The classes with a field `icon`, and its place among their fields."""
    for node in ast.walk(module):
        if not isinstance(node, ast.ClassDef):
            continue
        fields = [
            line.target.id
            for line in node.body
            if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
        ]
        if "icon" in fields:
            yield node.name, fields.index("icon")


def icons_in(module: ast.Module, shapes: dict[str, int]) -> set[str]:
    """The icons a module names: `icon = "x"`, `icon="x"`, and in their place where such a class is made."""
    found: list[ast.expr | None] = []
    for node in ast.walk(module):
        match node:
            case ast.keyword(arg="icon", value=value):
                found.append(value)
            case ast.Assign(targets=[ast.Name(id="icon")], value=value):
                found.append(value)
            case ast.AnnAssign(target=ast.Name(id="icon"), value=value):
                found.append(value)
            case ast.Call(func=ast.Name(id=name), args=args) if len(args) > shapes.get(name, len(args)):
                found.append(args[shapes[name]])
    names = (value.value for value in found if isinstance(value, ast.Constant))
    return {name for name in names if isinstance(name, str)}


def digests() -> dict[str, str]:
    """The SHA-256 of every vendored file."""
    return {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(VENDOR.rglob("*"))
        if path.is_file() and path != LOCK
    }


if __name__ == "__main__":
    main(only_icons="--icons" in sys.argv[1:])
