# SPDX-License-Identifier: MIT
"""No include runs up the layers, and nothing of the system comes in but what C99 has without a system."""
import re

from _guard import FLOORS, files, finish, layer_of_header, public_headers, relative

SYSTEM = {"stddef.h", "stdint.h", "string.h"}
SYSTEM_IN = {
    "lib/base/heap.c": {"stdlib.h"},
    "lib/data/scan.c": {"immintrin.h", "emmintrin.h", "arm_neon.h"},
}


def includes(path):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if match:
            yield number, match.group(1), match.group(2)


def layer_of_include(name):
    """The layer that an include names, or None where it names none."""
    folder, _, file = name.rpartition("/")
    return layer_of_header(file[:-2]) if folder == "smtp" else folder if folder in FLOORS else None


def wrong(mine, other):
    """Why a file of layer `mine` may not include one of layer `other`, or None."""
    if other is None or mine not in FLOORS:
        return "which belongs to no layer"
    if FLOORS[other] > FLOORS[mine]:
        return f"which lies above {mine}"
    if FLOORS[other] == FLOORS[mine] and other != mine:
        return f"which lies beside {mine}"
    return None


def library(path):
    mine = path.parent.name
    for number, mark, name in includes(path):
        place = f"{relative(path)}:{number}: includes {name}"
        if mark == "<":
            if name not in SYSTEM | SYSTEM_IN.get(relative(path), set()):
                yield place
        elif wrong(mine, layer_of_include(name)):
            yield f"{place}, {wrong(mine, layer_of_include(name))}"


def header(path):
    mine = layer_of_header(path.stem)
    if mine is None:
        yield f"{relative(path)}: belongs to no layer"
        return
    for number, mark, name in includes(path):
        place = f"{relative(path)}:{number}: includes {name}"
        if mark == "<":
            if name not in {"stddef.h", "stdint.h"}:
                yield place
        elif not name.endswith(".h") or wrong(mine, layer_of_header(name[:-2])):
            yield f"{place}, {wrong(mine, layer_of_header(name[:-2]))}"


def example(path):
    for number, mark, name in includes(path):
        if mark == '"' and layer_of_include(name) and not name.startswith("smtp/"):
            yield f"{relative(path)}:{number}: includes {name}, which is not public"


findings = []
looked = 0
for look, paths in ((library, files("lib/**/*.[ch]")), (header, public_headers()),
                    (example, files("examples/**/*.[ch]"))):
    looked += len(paths)
    findings += [finding for path in paths for finding in look(path)]
finish(findings, f"{looked} files")
