"""A report of the chapters as they are committed, which takes no executing: with the files of figures that `make report` would have."""

import base64
import csv
import html
import sys
from pathlib import Path

import bs4
import nbformat

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "docker/notebook"))

import report  # noqa: E402
from page import Chapter  # noqa: E402

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def chapter(path, figures):
    """The committed notebook, with a stand-in for each figure that it shows: an empty drawing that says what the figure says."""
    notebook = nbformat.read(path, as_version=4)
    figures.mkdir(parents=True)
    for number, output in enumerate(described(notebook)):
        shown = bs4.BeautifulSoup(output.data.get("text/html", ""), "html.parser")
        frames = [picture["alt"].partition(": ")[2] for picture in shown.select("img[data-value]")]  # of a slider, each a figure
        for frame, alt in enumerate(frames or [output.metadata["alt"]]):
            name = "ledger" if alt.startswith("The ledger. ") else f"shown-{number}-{frame}"
            drawing = f'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><desc>{html.escape(alt)}</desc></svg>'
            (figures / f"{name}.svg").write_text(drawing, encoding="utf-8")
            (figures / f"{name}.png").write_bytes(base64.b64decode(output.data.get("image/png", "")))
            if name == "ledger":
                write_table(figures / "ledger.csv", shown)
    return Chapter(path.stem, notebook, figures)


def write_table(path, shown):
    rows = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in shown.find_all("tr")]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["# processor: one of a kind"], *rows])


def described(notebook):
    """The outputs that are figures or tables."""
    return [o for cell in notebook.cells for o in cell.get("outputs", []) if "alt" in o.get("metadata", {})]


def make(folder, paths, printed=True):
    """Writes a report into a new folder and returns its chapters; without the PDF if nothing is to be printed."""
    chapters = [chapter(path, folder / "figures" / path.stem) for path in paths]
    report.write(folder, chapters, printed)
    return chapters
