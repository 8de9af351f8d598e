"""Builds the row loops of the index (matching/index/kernel.c) where a C compiler is at hand.

Without one the product works as well, with the same answers from the loops in NumPy; the build
says so and goes on. ``TSUNAGU_KERNEL=required`` makes a missing compiler an error instead.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE = Path("matching/index/kernel.c")
#: Nothing that changes a sum: no fused steps, no reordering.
UNIX = ["-O3", "-shared", "-fPIC", "-ffp-contract=off", "-fno-math-errno"]
WINDOWS = ["/nologo", "/O2", "/LD", "/fp:precise"]


class KernelHook(BuildHookInterface):  # type: ignore[type-arg,misc,unused-ignore]
    """Compiles into the tree for an editable install, and into the wheel otherwise."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it packs."""
        del version
        root = Path(self.root)
        target = root / SOURCE.parent / f"_kernel{_suffix()}"
        try:
            compile_kernel(root / SOURCE, target)
        except (OSError, subprocess.CalledProcessError) as error:
            if os.environ.get("TSUNAGU_KERNEL") == "required":
                raise
            # 古いものが残ると、直したあとも前の計算をしてしまう。
            target.unlink(missing_ok=True)
            self.app.display_warning(f"Cの部分を組み立てません（NumPyで動きます）：{error}")
            return
        build_data["pure_python"] = False
        build_data["tag"] = f"cp311-abi3-{_platform()}"
        build_data["artifacts"].append(str(SOURCE.parent / target.name))


def compile_kernel(source: Path, target: Path) -> None:
    """Compile aside and put the finished file in its place. Raises OSError, CalledProcessError."""
    include = sysconfig.get_path("include")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".build-") as folder:
        made = Path(folder) / target.name
        command = _command(source, made, include)
        subprocess.run(command, check=True, capture_output=True, cwd=folder)  # noqa: S603 - ours
        made.replace(target)


def _command(source: Path, made: Path, include: str) -> list[str]:
    if sys.platform == "win32":
        libs = Path(sys.base_prefix) / "libs"
        link = [f"/Fe:{made}", "/link", f"/LIBPATH:{libs}"]
        return [_found("cl"), *WINDOWS, f"/I{include}", str(source), *link]
    compiler = os.environ.get("CC") or _found("cc", "gcc", "clang")
    apart = ["-undefined", "dynamic_lookup"] if sys.platform == "darwin" else []
    return [*compiler.split(), *UNIX, *apart, f"-I{include}", str(source), "-o", str(made), "-lm"]


def _found(*names: str) -> str:
    for name in names:
        if path := shutil.which(name):
            return path
    raise FileNotFoundError(f"{names[0]} がありません")


def _suffix() -> str:
    return ".pyd" if sys.platform == "win32" else ".abi3.so"


def _platform() -> str:
    return sysconfig.get_platform().replace("-", "_").replace(".", "_")
