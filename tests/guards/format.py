# SPDX-License-Identifier: MIT
"""clang-format, version 14 or later, would change nothing."""
import re
import shutil

from _guard import files, finish, gather, nothing_to_do, relative, run

VERSION = 14

if not shutil.which("clang-format"):
    nothing_to_do("clang-format is not here")
version = int(re.search(r"version (\d+)", run(["clang-format", "--version"]).stdout).group(1))
if version < VERSION:
    nothing_to_do(f"clang-format is {version}, and {VERSION} or later is needed")


def look(batch):
    result = run(["clang-format", "--dry-run", "-Werror", *batch])
    first = {}
    for path, line in re.findall(r"^(/.*?):(\d+):\d+: error", result.stdout, re.M):
        first.setdefault(path, line)
    for path, line in first.items():
        yield f"{relative(path)}:{line}: clang-format -i changes it from here on"
    if result.returncode and not first:
        yield result.stdout


paths = files(*(f"{folder}/**/*.[ch]" for folder in ("include", "lib", "examples", "tests", "fuzz")))
finish(gather(look, [paths[i::8] for i in range(8)]), f"{len(paths)} files")
