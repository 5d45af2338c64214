"""Makes the report: every notebook executed, and made into a folder that opens without a network.

    report.py FOLDER NOTEBOOK…

index.html with the ledger and the versions, a page a chapter, the figures as PNG, SVG and PDF with the data behind each,
and, where Chromium is installed, all of it as report.pdf. A notebook that was executed before for a report, with the same
library and environment, is not executed again.
"""

import csv
import hashlib
import html
import os
import re
import shutil
import subprocess
from pathlib import Path

import nbformat

from notebook import KERNEL, LANGUAGE, ROOT, Failure, execute, program

LAB = ROOT / ".lab"
PDF_LIMIT = 300  # seconds for Chromium to typeset everything

# MathJax beside the page, with the one font that its PyPI package carries.
MATHJAX = "mathjax/MathJax.js?config=TeX-AMS-MML_HTMLorMML-full,Safe"
MATHJAX_CONFIG = """<script type="text/x-mathjax-config">
MathJax.Hub.Config({"HTML-CSS": {availableFonts: [], preferredFont: null, imageFont: null, webFont: "STIX-Web"}});
</script>
"""
# In print a heading stays with what it is about, and a figure is no longer than a page.
STYLE = """<style>
body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;background:#fff;color:#222}
figure{margin:1rem 0}img{max-width:100%}table{border-collapse:collapse;font-size:14px}
td,th{border-bottom:1px solid #ccc;padding:4px 8px;text-align:left;vertical-align:top}
@media print{.jp-Cell:has(h1){break-before:page}.jp-Cell:first-child{break-before:auto}
h1,h2,h3,summary,.jp-Cell:has(h2:last-child,h3:last-child){break-after:avoid}.jp-MarkdownCell .jp-InputArea{display:block}
pre{orphans:4;widows:4}.highlight pre{white-space:pre-wrap;overflow-wrap:anywhere}.jp-OutputArea-output pre{word-break:normal}
img{max-height:23cm}}
</style>"""


def main(folder="", *paths):
    import jupyter_server_mathjax

    if not paths:
        raise Failure(__doc__)
    # The ledger of several seeds. Whoever is in a hurry asks for the quick one.
    os.environ.setdefault("ALPHASCALE_EFFORT", "full")
    os.environ.setdefault("ALPHASCALE_SAME_BITS", "1")  # where it can be, a report is the same on another machine
    folder, names = Path(folder), [Path(p).stem for p in paths]
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    chapters, notebooks = [], []
    for name, path in zip(names, paths):
        figures = part / "figures" / name
        notebook = executed(path, figures)
        notebooks.append(notebook)
        (part / f"{name}.html").write_text(page(notebook, names), encoding="utf-8")
        chapters.append((name, title(notebook), sorted(f.name for f in figures.iterdir())))
        print(f"  {name}.html, {len(pictures(chapters[-1][2]))} figures")
    shutil.copytree(Path(jupyter_server_mathjax.__file__).parent / "static", part / "mathjax",
                    ignore=shutil.ignore_patterns("a11y", "SVG", "localization", "otf", "eot"))
    (part / "index.html").write_text(index(part, chapters), encoding="utf-8")
    print_pdf(part, notebooks, names)
    shutil.rmtree(folder, ignore_errors=True)
    part.replace(folder)
    print(f"{folder}/index.html")


def executed(path, figures):
    """Returns the executed notebook and fills the folder figures, from an earlier report if nothing has changed since."""
    kept = LAB / "report" / f"{Path(path).stem}-{digest(path)}"
    if not kept.exists():
        for old in kept.parent.glob(f"{Path(path).stem}-*"):
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
    """Names all that determines what the notebook shows: itself, the library, and the environment."""
    names = [Path(path).resolve(), ROOT / "go.mod", ROOT / "go.sum", LAB / "settings.sh", LAB / "stamp"]
    for folder in ("lib", "plots", "docker/lab", "docker/notebook"):
        names += sorted(p for p in (ROOT / folder).rglob("*") if p.is_file() and not p.name.endswith("_test.go") and "__pycache__" not in p.parts)
    sum = hashlib.sha256("".join(os.environ.get(name, "") + ";" for name in ("GOMLX_BACKEND", "XLA_FLAGS", "ALPHASCALE_SAME_BITS", "ALPHASCALE_EFFORT")).encode())
    for name in names:
        if name.exists():
            sum.update(str(name).encode() + hashlib.sha256(name.read_bytes()).digest())
    return sum.hexdigest()[:16]


def page(notebook, chapters):
    """One notebook as HTML that opens without a network. A link to another chapter leads to its page."""
    from nbconvert import HTMLExporter  # slow to import, and only the report needs it

    body, _ = HTMLExporter(template_name="lab", embed_images=True, mathjax_url=MATHJAX).from_notebook_node(notebook)
    # The template knows no descriptions and puts a sentence in their place.
    described = iter([o.metadata["alt"] for c in notebook.cells for o in c.get("outputs", []) if "image/png" in o.get("data", {})])
    body = re.sub(r'alt="No description[^"]*"', lambda m: f'alt="{html.escape(next(described, ""))}"', body)
    body = re.sub(r"<script src=\"[^\"]*require[^\"]*\"></script>", lambda _: MATHJAX_CONFIG, body, count=1)
    # Markdown is cleaned block by block, which closes a fold before what it is to hide: the solutions.
    body = re.sub(r"(<details><summary>[^<]*</summary>)\s*</details>\s*(<ol>.*?</ol>)", r"\1\2</details>", body, flags=re.DOTALL)
    for chapter in chapters:
        body = body.replace(f'href="{chapter}.ipynb"', f'href="{chapter}.html"')
    return body


def title(notebook):
    for cell in notebook.cells:
        found = re.search(r"^# (.+)$", cell.source, re.MULTILINE)
        if cell.cell_type == "markdown" and found:
            return found[1]
    return "Untitled"


def index(folder, chapters):
    parts = [ledger(folder), "<h2>Chapters</h2>"]
    for name, heading, files in chapters:
        parts.append(f'<h3><a href="{name}.html">{html.escape(heading)}</a></h3>')
        for figure in pictures(files):
            # A figure's data are in FIGURE.csv, and in FIGURE-2.csv and so on where it shows several quantities.
            own = [f for f in files if re.fullmatch(re.escape(figure) + r"(\.(png|svg|pdf)|(-\d+)?\.csv)", f)]
            links = " · ".join(f'<a href="figures/{name}/{f}">{f.removeprefix(figure).lstrip(".")}</a>' for f in own)
            parts.append(f'<figure><img src="figures/{name}/{figure}.png" alt="{figure}">'
                         f"<figcaption>{figure}: {links}</figcaption></figure>")
    parts.append(versions(folder))
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>α-scaling: report</title>' + STYLE +
        "<h1>What happens when a network's weights are multiplied by α</h1>" + "\n".join(parts) + "</html>\n"
    )


def pictures(files):
    return [f.removesuffix(".png") for f in files if f.endswith(".png")]


def ledger(folder):
    """The table of verdicts that a chapter has measured, from the data behind its figure."""
    found = sorted(folder.glob("figures/*/ledger.csv"))
    if not found:
        return ""
    with found[0].open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.reader(file) if row and not row[0].startswith("#")]
    cells = lambda row, tag: "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in row) + "</tr>"
    return "<h2>The ledger</h2><table>" + cells(rows[0], "th") + "".join(cells(row, "td") for row in rows[1:]) + "</table>"


def machines(folder):
    """The processors, backends and flags that the data behind the figures name, as the library wrote them there."""
    named = {}  # for its order
    for file in sorted(folder.glob("figures/*/*.csv")):
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                if not line.startswith("# "):
                    break
                what, _, value = line[2:].strip().partition(": ")
                named[what, value] = True
    return list(named)


def versions(folder):
    """What the report was made with. The seeds are in the cells that use them: seed 1, and 1 to 5 where several are said."""
    go = subprocess.run(["go", "version"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    rows = [("Go", go[2] if len(go) > 2 else "unknown")]
    wanted = r"^\s*(?:require )?(github\.com/gomlx/\S+|gonum\.org/\S+|github\.com/janpfeifer/gonb|github\.com/parquet-go/\S+) (v\S+)"
    rows += re.findall(wanted, (ROOT / "go.mod").read_text(), re.MULTILINE)
    rows += machines(folder)
    rows += [("XLA plugin", line.strip()) for line in (ROOT / "docker/lab/xla.txt").read_text().splitlines() if line and line[0] not in "# "][:1]
    commit = ""
    if shutil.which("git"):  # the image has neither git nor a history
        commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    rows += [("commit", commit)] if commit else []
    return "<h2>Made with</h2><table>" + "".join(f"<tr><td>{html.escape(a)}</td><td>{html.escape(b)}</td></tr>" for a, b in rows) + "</table>"


def print_pdf(folder, notebooks, names):
    """Writes report.pdf: all chapters, one after the other."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not chromium:
        print("  no report.pdf: it needs Chromium (Debian: apt-get install chromium)")
        return
    whole = nbformat.v4.new_notebook(metadata={"kernelspec": KERNEL, "language_info": LANGUAGE})
    for number, notebook in enumerate(notebooks):
        for cell in notebook.cells:
            cell.id = f"{number}-{cell.id}"
            whole.cells.append(cell)
    source = folder / "report.html"
    body = page(whole, names).replace("<details>", "<details open>")  # nobody unfolds paper
    source.write_text(body.replace("</head>", STYLE.replace("body{", ".unused{") + "</head>", 1), encoding="utf-8")
    flags = ["--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--no-pdf-header-footer", "--virtual-time-budget=60000"]
    if os.geteuid() == 0:  # whom Chromium's sandbox does not work for
        flags.append("--no-sandbox")
    profile = folder / ".chromium"
    try:
        subprocess.run([chromium, *flags, f"--user-data-dir={profile}", f"--print-to-pdf={folder / 'report.pdf'}", source.resolve().as_uri()],
                       check=True, capture_output=True, timeout=PDF_LIMIT)
        print("  report.pdf")
    except (subprocess.SubprocessError, OSError) as err:
        print(f"  no report.pdf: {err}")
    finally:
        shutil.rmtree(profile, ignore_errors=True)
        source.unlink()


if __name__ == "__main__":
    program(main)
