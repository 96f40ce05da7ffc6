# SPDX-License-Identifier: MIT
"""The shared library exports the public functions and nothing else; the static one adds only smtp__ names."""
from _guard import BUILD, finish, public_functions, run


def defined(library, *options):
    """The names of the global symbols that are defined in it."""
    result = run(["nm", "--defined-only", "--extern-only", "--format=posix", *options, library])
    rows = [line.split() for line in result.stdout.splitlines()]
    return {row[0].split("@")[0]: row[1] for row in rows if len(row) >= 3}


shared, static = BUILD / "libsmtp.so", BUILD / "libsmtp.a"
if not (shared.exists() and static.exists()):
    finish([f"{BUILD} does not hold both libraries"], "")

declared = set(public_functions())
exported = {name for name, kind in defined(shared, "--dynamic").items() if kind != "A"}
findings = [f"declared, and not exported: {name}" for name in sorted(declared - exported)]
findings += [f"exported, and not declared: {name}" for name in sorted(exported - declared)]
findings += [f"a global name in the static library that is not smtp__: {name}"
             for name in sorted(set(defined(static)) - declared) if not name.startswith("smtp__")]
finish(findings, f"{len(declared)} functions")
