# SPDX-License-Identifier: MIT
"""Every public function is pinned in prototypes.c with its exact type, and nothing else is.

Who changes a prototype on purpose changes its line there; who adds a function gets its line printed here.
"""
import re
import textwrap

from _guard import ROOT, WARNINGS, compilers, finish, public_functions, run, split_prototype

PINS = ROOT / "tests/guards/prototypes.c"


def pin(prototype):
    result, name, types = split_prototype(prototype)
    space = "" if result.endswith("*") else " "
    line = f"{result}{space}(*const pin_{name[5:]})({', '.join(types)}) = {name};"
    return "\n".join(textwrap.wrap(line, 99, subsequent_indent="    ", break_on_hyphens=False))


def main():
    functions = public_functions()
    pinned = set(re.findall(r"=\s+(smtp_\w+);", PINS.read_text()))
    findings = [f"not pinned in prototypes.c:\n{pin(functions[name][0])}"
                for name in functions if name not in pinned]
    findings += [f"prototypes.c pins {name}, which is not public" for name in pinned - set(functions)]

    for cc, _ in compilers():
        result = run([cc, "-std=c99", *WARNINGS, f"-I{ROOT / 'include'}", "-fsyntax-only", PINS])
        if result.returncode:
            findings.append(result.stdout)
    finish(findings, f"{len(pinned)} functions")


if __name__ == "__main__":
    main()
