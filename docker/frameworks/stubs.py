"""stubs.py FOLDER: puts an empty library in the place of each that PyTorch's libraries in FOLDER want and the machine lacks.

On PyPI, PyTorch for Linux is built for NVIDIA's cards: its libraries name a dozen of NVIDIA's, some 4 GB, and are not loaded without
them, though nothing that runs on the processor calls one. Every function of an empty library returns 100, CUDA's "no such device", so
that PyTorch finds no card. On a system whose PyTorch wants nothing of the kind this does nothing.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

# What NVIDIA's functions are called.
NAMED = re.compile(r" U ((?:__)?(?:cu|nccl|nv)\w*)(?:@(\S+))?$", re.MULTILINE)


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def wanted_versions(libraries):
    """The versions of its symbols that are wanted of each library, by the library's name."""
    versions, library = {}, None
    for line in output("readelf", "--version-info", "--wide", *libraries).splitlines():
        if found := re.search(r"File: (\S+)", line):
            library = found[1]
        elif library and (found := re.search(r"Name: (\S+)  Flags: none", line)):
            versions.setdefault(library, set()).add(found[1])
    return versions


def build(path, functions):
    """Compiles a library with functions {version: names}; those without a version are under None."""
    with tempfile.TemporaryDirectory() as folder:
        source, script = pathlib.Path(folder, "stub.c"), pathlib.Path(folder, "stub.map")
        source.write_text("".join(f"long {name}(void) {{ return 100; }}\n" for names in functions.values() for name in names))
        flags = ["-shared", "-fPIC", "-w", "-fno-builtin", f"-Wl,-soname,{path.name}"]
        if None not in functions:
            script.write_text("".join(f"{v} {{ {' '.join(n + ';' for n in names)} }};\n" for v, names in functions.items()))
            flags.append(f"-Wl,--version-script,{script}")
        subprocess.run(["cc", *flags, "-o", str(path), str(source)], check=True)


def main(folder):
    folder = pathlib.Path(folder)
    libraries = [str(file) for file in folder.glob("*.so")]
    missing = sorted(set(re.findall(r"(\S+) => not found", output("ldd", *libraries))))
    versions, wanted = wanted_versions(libraries), set(NAMED.findall(output("nm", "-D", "--undefined-only", *libraries)))
    for library in missing:
        functions = {v: sorted(name for name, of in wanted if of == v) for v in versions.get(library, ())}
        build(folder / library, functions or {None: sorted(name for name, of in wanted if not of)})
    if missing:
        print(f"empty libraries in the place of {', '.join(missing)}")


if __name__ == "__main__":
    main(sys.argv[1])
