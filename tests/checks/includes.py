#!/usr/bin/env python3
"""Holds the table of allowed includes against the code: arrows between rooms go one way, and each outside library
has one room. Prints every breach as file:line and exits 1 where there is one."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
PURE = {"base", "model", "schedule", "normalize", "dedup"}
USES = {  # room: the rooms it may include, besides base and model (which all may) and itself
    "base": set(), "model": set(), "loop": set(), "schedule": set(), "normalize": set(), "dedup": set(),
    "http": {"loop"}, "plugin": {"loop"}, "store": {"loop"}, "redis": {"loop"},
    "publish": {"loop", "store", "redis"},
    "alert": {"loop", "schedule", "store", "http"},
    "web": {"loop"},
    "push": {"loop", "schedule", "http", "store", "web"},
    "ingest": {"loop", "schedule", "http", "plugin", "normalize", "dedup", "store", "push"},
    "config": set(),  # and every room's options.h, and alert's query for checking rules
    "cli": None, "": None,  # the command and the daemon's main wire all rooms
}
LIBRARIES = {  # what an include begins with: the rooms that may have it
    "curl/": {"http"}, "ares.h": {"http"}, "hiredis/": {"redis"}, "sqlite3.h": {"store"}, "dlfcn.h": {"plugin"},
    "toml++/": {"config"}, "gumbo.h": {"normalize"}, "cld2/": {"normalize"}, "CLI/": {"cli", ""}, "boost/beast": {"loop", "http", "web", "cli"},
    "boost/asio": {"loop", "http", "plugin", "store", "redis", "publish", "alert", "web", "push", "ingest", "cli", ""},
}
NOT_IN_PURE = ("boost/asio", "fstream", "filesystem", "sys/socket.h", "unistd.h", "curl/", "hiredis/", "sqlite3.h", "thread", "mutex")
PURE_EXCEPTIONS = {("base", "unistd.h")}
CONFIG_MAY = re.compile(r"^(\w+/options\.h|alert/(query|rules)\.h)$")
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')


def check(path):
    parts = path.relative_to(ROOT / "daemon").parts
    room = parts[0] if len(parts) > 1 else ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        quote, name = found.groups()
        if quote == '"':
            target = name.split("/")[0]
            allowed = USES.get(room)
            if room not in USES:
                yield number, f"room '{room}' is not in the table of tests/checks/includes.py"
            elif allowed is not None and target not in allowed | {"base", "model", room}:
                if not (room == "config" and CONFIG_MAY.match(name)) and target in USES:
                    yield number, f"{room or 'main'} may not include {name}"
        else:
            for library, rooms in LIBRARIES.items():
                if name.startswith(library) and room not in rooms:
                    yield number, f"{room or 'main'} may not include <{name}>: only {', '.join(sorted(rooms)) or 'main'} may"
            if room in PURE and name.startswith(NOT_IN_PURE) and (room, name) not in PURE_EXCEPTIONS:
                yield number, f"{room} is pure and may not include <{name}>"


def main():
    breaches = files = 0
    for path in sorted((ROOT / "daemon").rglob("*")):
        if path.suffix in (".h", ".cc"):
            files += 1
            for number, message in check(path):
                breaches += 1
                print(f"{path.relative_to(ROOT)}:{number}: {message}")
    print(f"{files} files, {breaches} breaches")
    return breaches > 0 or files == 0


if __name__ == "__main__":
    sys.exit(main())
