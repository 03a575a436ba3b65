"""Makes machine code of the modules that read texts: ``python -m assets.parse.compile``.

Here belongs how it is made, and what that takes. Not here: which modules, and where it lies (``assets.parse.native``).
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import sysconfig
import tempfile
from pathlib import Path

from assets.parse.native import HERE, ROOT, SOURCES, STORE, place

_DIRECT_CALLS = ["-fno-semantic-interposition", "-fno-plt"]
"""Functions of a shared library call one another directly: nobody puts others in their place when it is loaded."""


def obstacle() -> str:
    """Return what compiling takes and is missing here; nothing where all is there."""
    compiler = str(sysconfig.get_config_var("CC") or "cc").split()[0]
    if shutil.which(compiler) is None:
        return f"there is no C compiler ({compiler})"
    headers = Path(sysconfig.get_path("include")) / "Python.h"
    return "" if headers.is_file() else f"Python's own headers are missing ({headers})"


def build() -> Path:
    """Compile the modules, put what was made in its place and return that; what was made of older sources goes."""
    from mypyc.build import mypycify  # noqa: PLC0415 - a tool of developers
    from setuptools import setup  # noqa: PLC0415

    made_of = place()
    os.chdir(ROOT)
    package = HERE.relative_to(ROOT).parts
    with tempfile.TemporaryDirectory() as work:
        extensions = mypycify(
            [f"--cache-dir={work}/types", *(str(path.relative_to(ROOT)) for path in SOURCES)],
            group_name=".".join((*package, "native")),
            target_dir=f"{work}/c",
            # Without debug symbols and without the last optimisations: these only take longer to compile.
            opt_level="2",
            debug_level="0",
        )
        for extension in extensions:
            extension.extra_compile_args += _DIRECT_CALLS
        setup(
            name="fazhi-native",
            packages=[],
            ext_modules=extensions,
            script_args=["--quiet", "build_ext", f"--build-lib={work}/lib", f"--build-temp={work}/objects"],
        )
        shutil.rmtree(STORE, ignore_errors=True)
        STORE.mkdir(parents=True)
        made = Path(shutil.copytree(Path(work, "lib", *package), STORE / "new"))
    return made.rename(made_of)


def main() -> None:
    """Compile where it is not done yet; ``make setup`` goes on where it cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m assets.parse.compile", description=__doc__)
    parser.add_argument("--if-possible", action="store_true", help="where something is missing, only say so")
    missing = obstacle()
    if parser.parse_args().if_possible and missing:
        sys.stdout.write(f"The extractor is not compiled, so it runs at a third of its speed: {missing}\n")
    elif missing:
        sys.exit(f"The extractor cannot be compiled: {missing}; without it the same sources run as Python")
    elif not place().is_dir():
        sys.stdout.write(f"The extractor is compiled: {build()}\n")


if __name__ == "__main__":
    main()
