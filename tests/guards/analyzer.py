# SPDX-License-Identifier: MIT
"""gcc -fanalyzer finds nothing in the library."""
import shutil

from _guard import ROOT, WARNINGS, finish, gather, library_sources, nothing_to_do, run

if not shutil.which("gcc"):
    nothing_to_do("gcc is not here")


def look(source):
    said = run(["gcc", "-std=c99", "-O2", "-fanalyzer", *WARNINGS, f"-I{ROOT / 'include'}",
                f"-I{ROOT / 'lib'}", "-c", source, "-o", "/dev/null"])
    if said.returncode:
        yield said.stdout


paths = library_sources()
finish(gather(look, paths), f"{len(paths)} files")
