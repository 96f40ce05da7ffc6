# SPDX-License-Identifier: MIT
"""cppcheck finds nothing in the library and the examples.

All that it can look for is on, but for what this table takes out, each with its reason.
"""
import shutil

from _guard import ROOT, finish, nothing_to_do, run

LEFT_OUT = {
    "missingIncludeSystem": "it looks without the system's headers",
    "unusedFunction": "the interface of a library is not called by the library",
    "variableScope": "variables stand at the head of their function where that reads better",
    "checkersReport": "it tells what it looked for",
    "normalCheckLevelMaxBranches": "it tells how far it looked",
    "toomanyconfigs": "it tells how far it looked",
    "unmatchedSuppression": "versions differ in what they find",
}

if not shutil.which("cppcheck"):
    nothing_to_do("cppcheck is not here")
said = run(["cppcheck", "--std=c99", "--enable=all", "--inline-suppr", "--quiet", "-j", "2",
            "--template={file}:{line}: {message} [{id}]", "-DHAVE_OPENSSL", "-D__GNUC__",
            *(f"--suppress={check}" for check in LEFT_OUT),
            "-Iinclude", "-Ilib", "-Iexamples", "lib", "examples"], cwd=ROOT)
finish([line for line in said.stdout.splitlines() if line.strip()], "lib and examples")
