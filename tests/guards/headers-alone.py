# SPDX-License-Identifier: MIT
"""Each public header compiles alone and twice, as C99 and as C++98, with every compiler."""
from _guard import (ROOT, WARNINGS, compilers, finish, gather, nothing_to_do, public_headers, run,
                    work_folder)

folder = work_folder("headers-alone")


def compile_twice(job):
    compiler, header = job
    source = folder / f"{header.stem}.{'cc' if '++' in compiler[0] else 'c'}"
    source.write_text(f"#include <smtp/{header.name}>\n" * 2 + "extern int nothing;\n")
    result = run([*compiler, *WARNINGS, f"-I{ROOT / 'include'}", "-fsyntax-only", source])
    if result.returncode:
        yield f"{header.name} with {' '.join(compiler)}:\n{result.stdout}"


commands = [command for cc, cxx in compilers()
            for command in ([cc, "-std=c99"], [cxx, "-std=c++98", "-Wno-long-long"])]
if not commands:
    nothing_to_do("neither gcc with g++ nor clang with clang++ is here")
jobs = [(command, header) for command in commands for header in public_headers()]
finish(gather(compile_twice, jobs), f"{len(jobs)} compilations")
