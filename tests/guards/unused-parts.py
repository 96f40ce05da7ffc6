# SPDX-License-Identifier: MIT
"""A program gets only the parts of the library that it uses, from a plain archive and without --gc-sections.

Three programs are linked for size: one with the data path only, a client and a server without SASL. What
must not be in them is looked up by the layer whose object defines it, or by the object; what drags it in is
told.
"""
import re

from _guard import ROOT, compilers, files, finish, gather, library_sources, relative, run, work_folder

DATA = """
#include <smtp/data.h>
int main(int argc, char **argv)
{
    smtp_data_decoder decoder = {0};
    smtp_data_encoder encoder = {0};
    smtp_str input = {argv[0], (size_t)argc}, piece;
    size_t used;
    return smtp_data_decode(&decoder, input, &piece, &used) + smtp_data_encode(&encoder, input, &piece, &used);
}
"""
ROLE = """
#include <smtp/ROLE.h>
int main(void)
{
    smtp_ROLE_config config = {.size = sizeof config};
    smtp_ROLE_callbacks callbacks = {.size = sizeof callbacks};
    smtp_ROLE *session;
    size_t used;
    if (smtp_ROLE_new(&session, &config, &callbacks, 0, 0) != 0)
        return 1;
    CALLS
    smtp_session_start(smtp_ROLE_session(session), 0);
    smtp_session_receive(smtp_ROLE_session(session), "", 0, 0, &used);
    smtp_ROLE_del(session);
    return 0;
}
"""
SEND = "smtp_envelope envelope = {.size = sizeof envelope}; smtp_client_send(session, &envelope, 0, 0);"
ANSWER = "smtp_server_answer(session, 1, 250, 0, (smtp_str){0, 0}, 0);"
# sasl/ has a few functions that a session calls with or without mechanisms; no object of a mechanism.
MECHANISMS = {"cram", "crypto", "external", "gs2", "oauth", "plain", "scram", "scram_client", "scram_server",
              "suite"}
# What a program has only when it asks for it.
ASKED_FOR = {"base/error_name", "base/version", "session/report", "syntax/compare", "syntax/date",
             "syntax/reply", "syntax/status_text", "syntax/trace"}
# What one side says and the other reads.
SAID_BY_SERVER = {"base/error", "data/decode", "syntax/capabilities_format", "syntax/reply_code",
                  "syntax/reply_format"}
SAID_BY_CLIENT = {"data/encode", "syntax/command_format", "syntax/reply_line"}
ABOVE_DATA = {"syntax", "sasl", "session", "server", "client", "transport"}
# Program: source, layers and objects that must not be in it.
PROGRAMS = {
    "data": (DATA, ABOVE_DATA),
    "client": (ROLE.replace("ROLE", "client").replace("CALLS", SEND),
               {"server", "transport", "mechanisms", "client/commands"} | ASKED_FOR | SAID_BY_SERVER),
    "server": (ROLE.replace("ROLE", "server").replace("CALLS", ANSWER),
               {"client", "transport", "mechanisms", "server/received"} | ASKED_FOR | SAID_BY_CLIENT),
}
folder = work_folder("unused-parts")
cc = compilers()[0][0]
FLAGS = ["-std=c99", "-Os", "-fno-pic", "-fno-asynchronous-unwind-tables", f"-I{ROOT / 'include'}", f"-I{ROOT / 'lib'}"]


def object_of(source):
    return folder / f"{source.parent.name}-{source.stem}.o"


def parts(source):
    """What a rule may call the part to which an object belongs."""
    layer = source.parent.name
    names = {layer, f"{layer}/{source.stem}"}
    return names | {"mechanisms"} if layer == "sasl" and source.stem in MECHANISMS else names


def compile_all():
    headers_changed = max(path.stat().st_mtime for path in files("include/**/*.h", "lib/**/*.h"))

    def look(source):
        made = object_of(source)
        if made.exists() and made.stat().st_mtime > max(source.stat().st_mtime, headers_changed):
            return
        result = run([cc, *FLAGS, "-c", source, "-o", object_of(source)])
        if result.returncode:
            yield result.stdout
    findings = gather(look, library_sources())
    archive = folder / "libsmtp.a"
    archive.unlink(missing_ok=True)
    result = run(["ar", "rcs", archive, *map(object_of, library_sources())])
    return findings + ([result.stdout] if result.returncode else []), archive


def symbols(path, kinds):
    return {line.split()[0] for line in run(["nm", "--format=posix", path]).stdout.splitlines()
            if len(line.split()) > 1 and line.split()[1] in kinds}


def dragged_in(said):
    """{object: (object that asked for it, symbol)} out of a linker's map."""
    begin = said.find("Archive member")
    end = said.find("Discarded input sections")
    pairs = re.findall(r"libsmtp\.a\(([\w-]+)\.o\)\s+(\S+) \((\w+)\)", said[begin:end])
    return {member: (re.sub(r".*[/(]|\.o\)?$", "", asker), symbol) for member, asker, symbol in pairs}


sizes = {}


def look(name):
    text, forbidden = PROGRAMS[name]
    source, program, linked = folder / f"{name}.c", folder / name, folder / f"{name}.map"
    source.write_text(text)
    result = run([cc, *FLAGS, source, archive, "-no-pie", f"-Wl,-Map={linked}", "-o", program])
    if result.returncode:
        yield result.stdout
        return
    why, inside = dragged_in(linked.read_text()), symbols(program, "TRDB")
    for member in library_sources():
        here = sorted(symbols(object_of(member), "TRDB") & inside)
        if here and parts(member) & forbidden:
            asker, symbol = why.get(object_of(member).stem, ("?", "?"))
            asker = asker if asker in why else "the program"
            yield f"{name}: has {here[0]} of {relative(member)}: {asker} asks for {symbol}"
    other = {"client": "smtp_server_|smtp__server_", "server": "smtp_client_|smtp__client_"}.get(name)
    for symbol in sorted(symbols(program, "TtRrDdBb") if other else ()):
        if re.match(other, symbol):
            yield f"{name}: has {symbol}"
    members = [folder / f"{member}.o" for member in why]
    sizes[name] = sum(int(line.split()[3]) for line in run(["size", *members]).stdout.splitlines()[1:])


findings, archive = compile_all()
findings = findings or gather(look, PROGRAMS)
finish(findings, ", ".join(f"{name} {sizes.get(name, 0)} octets" for name in PROGRAMS) + " of the library at -Os")
