# SPDX-License-Identifier: MIT
"""clang-tidy, told by .clang-tidy, finds nothing in the library and the examples."""
import re
import shutil

from _guard import ROOT, files, finish, gather, library_sources, nothing_to_do, run

VERSION = 14
INCLUDES = [f"-I{ROOT / folder}" for folder in ("include", "lib", "examples")]

if not shutil.which("clang-tidy"):
    nothing_to_do("clang-tidy is not here")
version = int(re.search(r"version (\d+)", run(["clang-tidy", "--version"]).stdout).group(1))
if version < VERSION:
    nothing_to_do(f"clang-tidy is {version}, and {VERSION} or later is needed")


def look(source):
    said = run(["clang-tidy", "--quiet", source, "--", "-std=c99", "-DHAVE_OPENSSL", *INCLUDES], cwd=ROOT)
    found = [line.removeprefix(f"{ROOT}/") for line in said.stdout.splitlines()
             if re.search(r": (warning|error): ", line)]
    return found or ([said.stdout] if said.returncode else [])


paths = [*library_sources(), *files("examples/*/*.c")]
finish(gather(look, paths), f"{len(paths)} files")
