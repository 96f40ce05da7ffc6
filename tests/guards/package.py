# SPDX-License-Identifier: MIT
"""What is installed, or included as a source tree, is found and used by projects of every usual kind.

Installs the static library, the shared one and both, moves each prefix elsewhere, and there builds and runs a
program that prints smtp_version(): by find_package and by pkg-config. Does the same with the source tree, by
add_subdirectory and by FetchContent, where nothing but the library may be added to the project.
"""
import os
import re
import shutil

from _guard import ROOT, finish, gather, nothing_to_do, run, work_folder

if not all(map(shutil.which, ("cmake", "pkg-config", "gcc"))):
    nothing_to_do("cmake, pkg-config or gcc is not here")

FOLDER = work_folder("package")
VERSION = ".".join(re.findall(r"SMTP_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)",
                              (ROOT / "include/smtp/base.h").read_text()))
MAIN = """\
#include <smtp/base.h>
#include <stdio.h>

int main(void)
{
    return puts(smtp_version()) < 0;
}
"""
PROJECT = """\
cmake_minimum_required(VERSION 3.16)
project(consumer LANGUAGES C)
set(flags "${{CMAKE_C_FLAGS}}")
{find}
if(NOT CMAKE_C_FLAGS STREQUAL flags)
  message(FATAL_ERROR "CMAKE_C_FLAGS was changed")
endif()
foreach(name IN ITEMS smtp-receive smtp-send transcripts)
  if(TARGET ${{name}})
    message(FATAL_ERROR "${{name}} came along")
  endif()
endforeach()
{more}
add_executable(consumer main.c)
target_link_libraries(consumer PRIVATE smtp::smtp)
"""
FIND = f"find_package(smtp {VERSION} REQUIRED)"
ADD = f'add_subdirectory("{ROOT}" smtp)'
FETCH = f'include(FetchContent)\nFetchContent_Declare(smtp SOURCE_DIR "{ROOT}")\n' \
        "FetchContent_MakeAvailable(smtp)"


class Failed(Exception):
    pass


def must(command, **options):
    result = run(command, **options)
    if result.returncode:
        raise Failed(f"{' '.join(map(str, command))}\n{result.stdout}")
    return result.stdout.strip()


def cmake(source, build, *options):
    done = build / "configured"
    if not done.exists():
        shutil.rmtree(build, ignore_errors=True)
        generator = ["-G", "Ninja"] if shutil.which("ninja") else []
        must(["cmake", "-S", source, "-B", build, *generator, *options])
        done.touch()
    must(["cmake", "--build", build])


def write(path, text):
    """Writes the file where it is not so yet, and leaves its time alone where it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def project(name, find, more=""):
    folder = FOLDER / name
    write(folder / "main.c", MAIN)
    write(folder / "CMakeLists.txt", PROJECT.format(find=find, more=more))
    return folder


def expect_version(program, **environment):
    printed = must([program], env={**os.environ, **environment})
    if printed != VERSION:
        raise Failed(f"{program} printed {printed!r}, and not {VERSION!r}")


def expect_linkage(program, shared):
    """Says whether the program needs the shared library, as it should or should not."""
    needed = "libsmtp.so.0" in must(["objdump", "-p", program])
    if needed != shared:
        raise Failed(f"{program} {'needs' if needed else 'does not need'} the shared library")


def install(kind, libdir):
    """Installs one kind to a prefix and gives the place to which the prefix was moved."""
    build, prefix, moved = FOLDER / f"build-{kind}", FOLDER / f"prefix-{kind}", FOLDER / f"moved-{kind}"
    cmake(ROOT, build, f"-DSMTP_LIBRARY={kind}", f"-DCMAKE_INSTALL_LIBDIR={libdir}",
          "-DSMTP_BUILD_TESTS=OFF", "-DSMTP_BUILD_EXAMPLES=OFF", "-DCMAKE_BUILD_TYPE=Debug",
          f"-DCMAKE_INSTALL_PREFIX={prefix}")
    for folder in (prefix, moved):
        shutil.rmtree(folder, ignore_errors=True)
    must(["cmake", "--install", build])
    prefix.rename(moved)
    for path in ("include/smtp/base.h", f"{libdir}/pkgconfig/smtp.pc",
                 f"{libdir}/cmake/smtp/smtpConfigVersion.cmake", "share/doc/smtp/LICENSE"):
        if not (moved / path).is_file():
            raise Failed(f"{kind}: {path} is not installed")
    for config in files_below(moved, ("*.cmake", "*.pc")):
        if str(FOLDER) in config.read_text():
            raise Failed(f"{kind}: {config.name} names the folder that it was installed to")
    return moved


def files_below(folder, patterns):
    return [path for pattern in patterns for path in folder.rglob(pattern)]


def installed(job):
    kind, libdir = job
    shared = kind != "static"
    try:
        prefix = install(kind, libdir)
        targets = ["smtp_static", "smtp_shared"] if kind == "both" else [f"smtp_{kind}"]
        more = "\n".join(f"if(NOT TARGET smtp::{target})\n  message(FATAL_ERROR {target})\nendif()"
                         for target in targets)
        build = FOLDER / f"find-{kind}/build"
        cmake(project(f"find-{kind}", FIND, more), build, f"-DCMAKE_PREFIX_PATH={prefix}")
        expect_version(build / "consumer")
        expect_linkage(build / "consumer", shared)

        environment = {**os.environ, "PKG_CONFIG_PATH": str(prefix / libdir / "pkgconfig")}
        flags = must(["pkg-config", "--cflags", "--libs", "smtp"], env=environment).split()
        program = FOLDER / f"find-{kind}/by-pkg-config"
        must(["gcc", "-std=c99", FOLDER / f"find-{kind}/main.c", *flags, "-o", program])
        expect_version(program, LD_LIBRARY_PATH=str(prefix / libdir))
        expect_linkage(program, shared)
    except Failed as failure:
        yield str(failure)


def included(job):
    name, find, shared = job
    try:
        folder = project(name, find)
        cmake(folder, folder / "build", *(["-DBUILD_SHARED_LIBS=ON"] if shared else []),
              f"-DCMAKE_INSTALL_PREFIX={folder / 'prefix'}")
        expect_version(folder / "build/consumer")
        expect_linkage(folder / "build/consumer", shared)
        must(["cmake", "--install", folder / "build"])
        if (folder / "prefix").exists():
            raise Failed(f"{name}: the library installs itself with the project that includes it")
    except Failed as failure:
        yield str(failure)


INSTALLED = [("static", "lib"), ("shared", "lib/x86_64-linux-gnu"), ("both", "lib")]
INCLUDED = [("add-static", ADD, False), ("add-shared", ADD, True), ("fetch", FETCH, False)]
findings = gather(installed, INSTALLED) + gather(included, INCLUDED)
finish(findings, f"{2 * len(INSTALLED) + len(INCLUDED)} projects")
