"""Makes the report: every notebook executed, and made into a folder that opens without a network.

    report.py FOLDER NOTEBOOK…

index.html with the ledger and the versions, a page a chapter, the figures as PNG, SVG and PDF with the data behind each,
and, where Chromium is installed, all of it as report.pdf, on A4 or, with PAPER=letter, on Letter. A notebook that was executed
before for a report, with the same library and environment, is not executed again.
"""

import hashlib
import os
import shutil
from pathlib import Path

import nbformat

import paper
from index import index
from notebook import ROOT, Failure, execute, program
from page import Chapter, page, shows

LAB = ROOT / ".lab"


def main(folder="", *paths):
    if not paths:
        raise Failure(__doc__)
    paper.size()  # what it cannot be is said before minutes of executing
    # The ledger of several seeds. Whoever is in a hurry asks for the quick one.
    os.environ.setdefault("ALPHASCALE_EFFORT", "full")
    os.environ.setdefault("ALPHASCALE_SAME_BITS", "1")  # where it can be, a report is the same on another machine
    os.environ.setdefault("ALPHASCALE_VENUE", "icml")  # whose widths figures/CHAPTER/paper has
    folder = Path(folder)
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    chapters = []
    for path in map(Path, paths):
        figures = part / "figures" / path.stem
        chapters.append(Chapter(path.stem, executed(path, figures), figures))
        own_names(chapters[-1])
    write(part, chapters)
    shutil.rmtree(folder, ignore_errors=True)
    part.replace(folder)
    print(f"{folder}/index.html")


def own_names(chapter):
    """A Failure where the files of a figure are not there: another of the chapter that has its name was written over them."""
    for output in (output for cell in chapter.notebook.cells for output in cell.get("outputs", [])):
        alt = output.get("metadata", {}).get("alt")
        if alt and not any(shows(output, figure) for figure in chapter.figures):
            raise Failure(f"{chapter.name}: a figure shares its name with a later one; give each its own, by plots.Name or Row.Name: {alt[:80]} …")


def write(folder, chapters, printed=True):
    """Writes everything but the figures, which are in the folder already; report.pdf if it is to be printed too."""
    import jupyter_server_mathjax

    shutil.copytree(Path(jupyter_server_mathjax.__file__).parent / "static", folder / "mathjax",
                    ignore=shutil.ignore_patterns("a11y", "SVG", "localization", "otf", "eot"))
    for chapter in chapters:
        (folder / f"{chapter.name}.html").write_text(page(chapter, chapters), encoding="utf-8")
        print(f"  {chapter.name}.html, {len(chapter.figures)} figures")
    if printed:
        paper.print_pdf(folder, chapters)
    (folder / "index.html").write_text(index(folder, chapters), encoding="utf-8")


def executed(path, figures):
    """Returns the executed notebook and fills the folder figures, from an earlier report if nothing has changed since."""
    kept = LAB / "report" / f"{path.stem}-{digest(path)}"
    if not kept.exists():
        for old in kept.parent.glob(f"{path.stem}-*"):
            shutil.rmtree(old)
        part = kept.with_name(f".{kept.name}.{os.getpid()}.part")
        (part / "figures").mkdir(parents=True)
        try:
            notebook, _ = execute(path, part / "figures")
            nbformat.write(notebook, part / "notebook.ipynb")
            part.replace(kept)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(kept / "figures", figures)
    return nbformat.read(kept / "notebook.ipynb", as_version=4)


def digest(path):
    """Names all that determines what the notebook shows: itself, the library, and the environment, but not what pages are made of."""
    names = [path.resolve(), ROOT / "go.mod", ROOT / "go.sum", LAB / "settings.sh", LAB / "stamp", ROOT / "docker/notebook/notebook.py"]
    for folder in ("lib", "plots", "docker/lab"):
        names += sorted(p for p in (ROOT / folder).rglob("*") if p.is_file() and not p.name.endswith("_test.go") and "__pycache__" not in p.parts)
    sum = hashlib.sha256("".join(os.environ.get(name, "") + ";" for name in ("GOMLX_BACKEND", "XLA_FLAGS", "ALPHASCALE_SAME_BITS", "ALPHASCALE_EFFORT", "ALPHASCALE_VENUE")).encode())
    for name in names:
        if name.exists():
            sum.update(str(name).encode() + hashlib.sha256(name.read_bytes()).digest())
    return sum.hexdigest()[:16]


if __name__ == "__main__":
    program(main)
