# SPDX-License-Identifier: MIT
"""Sessions in static arrays need no heap: the example that has them runs while every allocation fails."""
from _guard import ROOT, compilers, finish, library_sources, run, work_folder

FAILING = """
#include <stddef.h>
void *malloc(size_t bytes) { (void)bytes; return NULL; }
void *calloc(size_t n, size_t bytes) { (void)n; (void)bytes; return NULL; }
void *realloc(void *memory, size_t bytes) { (void)memory; (void)bytes; return NULL; }
void free(void *memory) { (void)memory; }
"""
LAST_WORDS = "octets arrived"
folder = work_folder("no-heap")
failing = folder / "failing.c"
failing.write_text(FAILING)


def look():
    cc = compilers()[0][0]
    for define in ("-DSMTP_NO_HEAP", "-USMTP_NO_HEAP"):
        program = folder / f"program{define[1]}"
        built = run([cc, "-std=c99", "-O1", "-fno-builtin", define, f"-I{ROOT / 'include'}", f"-I{ROOT / 'lib'}",
                     ROOT / "examples/small/no-heap.c", failing, *library_sources(), "-o", program])
        if built.returncode:
            yield built.stdout
            continue
        result = run([program])
        if result.returncode or LAST_WORDS not in result.stdout:
            yield f"{define}: status {result.returncode}: {result.stdout[-200:]}"


finish(list(look()), "two programs")
