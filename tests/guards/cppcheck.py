# SPDX-License-Identifier: MIT
"""cppcheck finds nothing in the library and the examples.

It looks for defects, portability and performance; its class "style" is left to clang-tidy and to readers.
What this table takes out, it takes out for a reason.
"""
import shutil

from _guard import ROOT, finish, nothing_to_do, run

LEFT_OUT = {
    "AssignmentIntegerToAddress": "takes a function out of a table for an integer",
    "integerOverflowCond": "takes a comparison of characters for an overflow; UBSan looks for those",
    "normalCheckLevelMaxBranches": "tells how far it looked",
    "toomanyconfigs": "tells how far it looked",
}

if not shutil.which("cppcheck"):
    nothing_to_do("cppcheck is not here")
said = run(["cppcheck", "--std=c99", "--enable=warning,portability,performance", "--quiet", "-j", "2",
            "--template={file}:{line}: {message} [{id}]", "-DHAVE_OPENSSL", "-D__GNUC__",
            *(f"--suppress={check}" for check in LEFT_OUT),
            "-Iinclude", "-Ilib", "-Iexamples", "lib", "examples"], cwd=ROOT)
finish([line for line in said.stdout.splitlines() if line.strip()], "lib and examples")
