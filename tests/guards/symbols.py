# SPDX-License-Identifier: MIT
"""The object files hold no writable data and ask for nothing but memory functions.

They are compiled without PIC, so that constant tables of pointers do not count as writable. Only heap.c asks
for malloc and free, and not with SMTP_NO_HEAP.
"""
from _guard import (ROOT, compilers, files, finish, gather, library_sources, relative, run,
                    work_folder)

MEMORY = {"memcpy", "memmove", "memset", "memcmp", "bcmp", "memchr", "strlen"}
PROCESSOR = {"__cpu_model", "__cpu_indicator_init", "__cpu_features2"}  # the compiler's own, static
WRITABLE = set("bBdDsSgGC")
folder = work_folder("symbols")
headers_changed = max(path.stat().st_mtime for path in files("include/**/*.h", "lib/**/*.h"))


def refusal(cc, source, define, target):
    """Compiles what has changed; what the compiler says when it cannot, or nothing."""
    if target.exists() and target.stat().st_mtime > max(source.stat().st_mtime, headers_changed):
        return ""
    result = run([cc, "-std=c99", "-O2", "-fno-pic", f"-I{ROOT / 'include'}", f"-I{ROOT / 'lib'}",
                  *filter(None, [define]), "-c", source, "-o", target])
    return result.stdout if result.returncode else ""


def look(job):
    cc, source, define, extra = job
    target = folder / f"{source.parent.name}-{source.stem}-{cc}{define or ''}.o"
    text = refusal(cc, source, define, target)
    if text:
        yield text
        return
    for line in run(["nm", "--format=posix", target]).stdout.splitlines():
        name, kind = line.split()[:2]
        title = f"{relative(source)} ({' '.join(filter(None, [cc, define]))})"
        if kind in WRITABLE:
            yield f"{title}: writable data: {name}"
        elif kind in "Uw" and not name.startswith("smtp_") and name not in MEMORY | extra:
            yield f"{title}: asks for {name}"


jobs = []
for compiler, _ in compilers():
    for path in library_sources():
        heap = relative(path) == "lib/base/heap.c"
        needs = {"malloc", "free"} if heap else PROCESSOR if path.name == "scan.c" else set()
        jobs.append((compiler, path, None, needs))
        if heap:
            jobs.append((compiler, path, "-DSMTP_NO_HEAP", set()))
finish(gather(look, jobs), f"{len(jobs)} objects")
