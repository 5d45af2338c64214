"""What the report opens with: the ledger, the chapters with their figures, and what all of it was made with."""

import csv
import datetime
import html
import os
import re
import shutil
import subprocess

from notebook import ROOT
from page import PROJECT, STYLE

TITLE = "What happens when a network's weights are multiplied by α"


def index(folder, chapters):
    """The page that leads to all others in the folder of the report, and to the figures' files."""
    parts = [ledger(chapters, lambda name: f"{name}.html"), "<h2>Chapters</h2>"]
    for chapter in chapters:
        parts.append(f'<h3><a href="{chapter.name}.html">{html.escape(chapter.title)}</a></h3>')
        parts += [entry(chapter, figure) for figure in chapter.figures]
    pdf = '<p><a href="report.pdf">All chapters as one PDF</a></p>' if (folder / "report.pdf").exists() else ""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(TITLE)} · {PROJECT}</title><style>{STYLE}</style></head><body class=\"index\"><main>"
        f"<h1>{html.escape(TITLE)}</h1>{pdf}" + "\n".join(parts) + facts(made(chapters)) + "</main></body></html>\n"
    )


def entry(chapter, figure):
    """A figure with its caption: its title, the section that it is from, and its files. A table is in its chapter as text."""
    folder = f"figures/{chapter.name}"
    files = " · ".join(f'<a href="{folder}/{f}">{f.removeprefix(figure.name).lstrip(".-")}</a>' for f in figure.files)
    _, section, output = chapter.shown(figure)
    place = f'In <a href="{chapter.name}.html#figure-{figure.name}">{html.escape(section or chapter.title)}</a>. ' if output else ""
    picture = f'<a href="{folder}/{figure.name}.svg"><img loading="lazy" src="{folder}/{figure.name}.svg" alt="{html.escape(figure.alt)}"></a>'
    if output and "<table" in output.data.get("text/html", ""):
        picture = ""
    return (f"<figure>{picture}<figcaption><strong>{html.escape(chapter.caption(figure))}</strong> "
            f"{place}Files: {files}</figcaption></figure>")


def ledger(chapters, address):
    """The table of verdicts that a chapter has measured, as text, from the data behind its figure; address returns where a chapter is."""
    found = [c.folder / "ledger.csv" for c in chapters if (c.folder / "ledger.csv").exists()]
    if not found:
        return ""
    with found[0].open(newline="", encoding="utf-8") as file:
        head, *rows = [row for row in csv.reader(file) if row and not row[0].startswith("#")]
    # The table in the notebook leads from a claim to its chapter.
    shown = "".join(o.get("data", {}).get("text/html", "") for c in chapters for cell in c.notebook.cells for o in cell.get("outputs", []))
    about = {claim: name for name, claim in re.findall(r'<a href="([^"#]+)\.ipynb[^"]*">([A-Z]\d+)</a>', shown)}
    names = {c.name for c in chapters}
    lines = []
    for row in rows:
        cells = [html.escape(cell) for cell in row]
        if about.get(row[0]) in names:
            cells[0] = f'<a href="{address(about[row[0]])}">{cells[0]}</a>'
        lines.append("<tr>" + "".join(f'<td data-column="{html.escape(column)}">{cell}</td>' for column, cell in zip(head, cells)) + "</tr>")
    return ('<section><h2 id="ledger">The ledger</h2><div class="wide" tabindex="0" role="region" aria-label="The ledger"><table class="ledger"><thead><tr>' +
            "".join(f"<th>{html.escape(column)}</th>" for column in head) + "</tr></thead><tbody>" + "\n".join(lines) + "</tbody></table></div></section>")


def made(chapters):
    """When and with what the report was made: pairs of a name and what it was."""
    rows = [("Date", today()), ("Seeds", seeds())]
    if shutil.which("git") and (ROOT / ".git").exists():  # the image has neither git nor a history
        commit = said(["git", "describe", "--always", "--dirty"])
        rows += [("Commit", commit)] if commit else []
    go = said(["go", "version"]).split()
    rows.append(("Go", go[2] if len(go) > 2 else "unknown"))
    wanted = r"^\s*(?:require )?(github\.com/gomlx/\S+|gonum\.org/\S+|github\.com/janpfeifer/gonb|github\.com/parquet-go/\S+) (v\S+)$"  # none that is indirect
    rows += re.findall(wanted, (ROOT / "go.mod").read_text(), re.MULTILINE)
    plugins = [line.partition(";")[0].strip(" \\") for line in (ROOT / "docker/lab/xla.txt").read_text().splitlines() if line and line[0] not in "# "]
    return rows + [("XLA plugin", plugin) for plugin in plugins[:1]] + remarks(chapters)


def today():
    """Today, or the day that SOURCE_DATE_EPOCH names, as reproducible builds ask for."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    when = datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc) if epoch.isdigit() else datetime.datetime.now(datetime.timezone.utc)
    return when.date().isoformat()


def seeds():
    """The seeds of the ledger's experiments, as lib/lab chooses them; a chapter's own are in the cells that use them."""
    if os.environ.get("ALPHASCALE_EFFORT") == "full":
        return "1 to 5 in the ledger; elsewhere those that a cell names"
    return "1 in the ledger (quick effort; ALPHASCALE_EFFORT=full has five); elsewhere those that a cell names"


def remarks(chapters):
    """The machine: processors, backends and flags that the data behind the figures name, as the library wrote them there."""
    named = {}  # for its order
    for file in (chapter.folder / f for chapter in chapters for figure in chapter.figures for f in figure.files if f.endswith(".csv")):
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                if not line.startswith("# "):
                    break
                what, _, value = line[2:].strip().partition(": ")
                named.setdefault(what[:1].upper() + what[1:], {})[value] = True
    return [(what, "; ".join(values)) for what, values in named.items() if what.lower() in MACHINE]


# Which of the remarks are of the machine, and not of one figure alone.
MACHINE = ("processor", "backend", "xla_flags")


def said(command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def facts(rows):
    lines = "".join(f"<tr><th>{html.escape(a)}</th><td>{html.escape(b)}</td></tr>" for a, b in rows)
    return f'<section><h2 id="made-with">Made with</h2><table class="facts"><tbody>{lines}</tbody></table></section>'
