"""One notebook as a page of HTML that opens without a network, wherever its folder lies."""

import copy
import html
import posixpath
import re
from dataclasses import dataclass, field
from pathlib import Path

import bs4

# MathJax beside the page, with the one font that its PyPI package carries.
MATHJAX = "mathjax/MathJax.js?config=TeX-AMS-MML_HTMLorMML-full,Safe"
MATHJAX_CONFIG = """<script type="text/x-mathjax-config">
MathJax.Hub.Config({"HTML-CSS": {availableFonts: [], preferredFont: null, imageFont: null, webFont: "STIX-Web"}});
</script>"""
PROJECT = "α-scaling"
STYLE = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
FOLD_END = "fold-end"


@dataclass
class Figure:
    """What a cell has shown as a figure: its name, its files in the folder of its chapter's figures, what its SVG says of it."""

    name: str
    files: list
    alt: str

    @property
    def title(self):
        """The first sentence of what the figure says of itself, with its full stop or question mark; "" if it has no title."""
        found = re.match(r"\S.*?[.?!](?=[\s.]|$)", self.alt)
        return found[0] if found else ""


@dataclass
class Chapter:
    """An executed notebook, by the name of its file, with the folder of its figures."""

    name: str
    notebook: object
    folder: Path
    figures: list = field(init=False)

    def __post_init__(self):
        self.figures = sorted(figures(self.folder), key=lambda f: self.shown(f)[0])

    def shown(self, figure):
        """The number of the cell that shows the figure, the heading above it, and the output; after all cells, if none does."""
        heading = ""
        for number, cell in enumerate(self.notebook.cells):
            if cell.cell_type == "markdown":
                heading = ([heading] + re.findall(r"^##+ (.+)$", cell.source, re.MULTILINE))[-1].strip()
            for output in cell.get("outputs", []):
                if shows(output, figure):
                    return number, heading, output
        return len(self.notebook.cells), "", None

    def caption(self, figure):
        """The figure's title, with the value of a slider before it; the heading above it where it has none."""
        _, heading, output = self.shown(figure)
        text = html.unescape(output.get("data", {}).get("text/html", "")) if output else ""
        value = re.search(r'alt="([^":]+: )' + re.escape(figure.alt) + '"', text)
        return (value[1] if value else "") + (figure.title or f"{heading or figure.name}.")

    @property
    def title(self):
        for cell in self.notebook.cells:
            found = re.search(r"^# (.+)$", cell.source, re.MULTILINE)
            if cell.cell_type == "markdown" and found:
                return found[1].strip()
        return self.name


def shows(output, figure):
    """Whether the output is the figure, or a slider over figures of which it is one."""
    return output.get("metadata", {}).get("alt") == figure.alt or f'{figure.alt}"' in html.unescape(output.get("data", {}).get("text/html", ""))


def figures(folder):
    files = sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []
    found = []
    for name in (f.removesuffix(".svg") for f in files if f.endswith(".svg")):
        # A figure's data are in NAME.csv, and in NAME-2.csv and so on where it shows several quantities; but NAME-2 may also
        # be a figure of its own.
        own = [f for f in files if re.fullmatch(re.escape(name) + r"(\.\w+|(-\d+)?\.csv)", f)
               and (f.startswith(f"{name}.") or f.removesuffix(".csv") + ".svg" not in files)]
        desc = re.search(r"<desc>(.*?)</desc>", (folder / f"{name}.svg").read_text(encoding="utf-8"), re.DOTALL)
        found.append(Figure(name, own, html.unescape(desc[1]) if desc else name))
    return found


def page(chapter, chapters):
    """The chapter's page, with links to the ones beside it."""
    def address(name, anchor):
        return f"{name}.html#{anchor}" if anchor else f"{name}.html"

    soup = render(chapter, address, chapters)
    for figure in chapter.figures:  # a tap opens the drawing, which can be as large as one likes
        picture = picture_of(soup, figure)
        if picture:
            picture.wrap(soup.new_tag("a", href=f"figures/{chapter.name}/{figure.name}.svg"))
    soup.body.insert(0, bs4.BeautifulSoup(navigation(chapter, chapters), "html.parser"))
    return str(soup)


def navigation(chapter, chapters):
    at = [c.name for c in chapters].index(chapter.name)
    beside = [('rel="prev"', "← ", c) for c in chapters[max(at - 1, 0):at]] + [('rel="next"', "→ ", c) for c in chapters[at + 1:at + 2]]
    links = ['<a href="index.html">All chapters</a>']
    links += [f'<a {rel} href="{c.name}.html">{arrow}{html.escape(c.title)}</a>' for rel, arrow, c in beside]
    return f'<nav class="report" aria-label="Chapters">{"".join(links)}</nav>'


def render(chapter, address, chapters):
    """The notebook as a document. Links to a chapter, or to a heading of one, lead to what address returns for both."""
    from nbconvert import HTMLExporter  # slow to import, and only the report needs it

    notebook = copy.deepcopy(chapter.notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = cell.source.replace("</details>", f'\n\n<span class="{FOLD_END}"></span>\n')
    body, _ = HTMLExporter(template_name="lab", embed_images=True, mathjax_url=MATHJAX).from_notebook_node(notebook)
    soup = bs4.BeautifulSoup(body, "html.parser")
    soup.title.string = f"{chapter.title} · {PROJECT}"
    for script in soup.find_all("script"):
        # What the template loads from the network, for widgets and diagrams that no chapter has.
        if "require" in script.get("src", "") or "mermaid" in script.get_text():
            script.decompose()
    soup.head.append(bs4.BeautifulSoup(f"{MATHJAX_CONFIG}<style>{STYLE}</style>", "html.parser"))
    describe(soup, chapter)
    fold(soup)
    for link in soup.find_all("a", href=True):
        lead(link, address, chapter, {c.name for c in chapters})
    scroll(soup)
    return soup


def describe(soup, chapter):
    """Gives every picture what the figure says of itself, for which the template has no place, and the figure's name as its id."""
    left = list(chapter.figures)
    for cell in chapter.notebook.cells:
        shown = [o for o in cell.get("outputs", []) if "image/png" in o.get("data", {}) or "alt" in o.get("metadata", {})]
        boxes = soup.find(id=f"cell-id={cell.get('id')}").select(".jp-RenderedImage, .jp-RenderedHTML") if shown else []
        for output, box in zip(shown, boxes):
            alt = output.metadata.get("alt", "A figure without a description")
            if "image/png" in output.data:
                box.img["alt"] = alt
            for figure in [f for f in left if shows(output, f)][:1 if "image/png" in output.data else None]:
                left.remove(figure)
                box.insert(0, soup.new_tag("span", id=f"figure-{figure.name}"))


def picture_of(soup, figure):
    """The picture of a figure that describe has named; None if the notebook shows it as a table or a slider."""
    return soup.select_one(f'.jp-RenderedImage:has([id="figure-{figure.name}"]) img')


def fold(soup):
    """Puts back into a fold what it is to hide: the text is cleaned block by block, which closes the fold before it."""
    for end in soup.select(f".{FOLD_END}"):
        end = end.parent if end.parent.name == "p" else end
        details = end.find_previous_sibling("details")
        for block in list(details.next_siblings) if details else []:
            if block is end:
                break
            details.append(block.extract())
        end.decompose()


def lead(link, address, chapter, names):
    """Leads a link to another notebook to its chapter. One to a file of the checkout, which the report is without, ends up as text."""
    target, _, anchor = link["href"].partition("#")
    name = target.removesuffix(".ipynb")
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return
    if not target or (target != name and name in names):
        link["href"] = address(name or chapter.name, anchor)
        return
    link.name, link.attrs = "span", {"title": "In the project's folder: " + posixpath.normpath(posixpath.join("notebooks", target))}


def scroll(soup):
    """Lets what may be wider than a narrow screen scroll by itself, with the keys too."""
    for table in soup.select(".jp-RenderedMarkdown table"):
        table.wrap(soup.new_tag("div", attrs={"class": "wide", "tabindex": "0", "role": "region", "aria-label": "Table"}))
    for box in soup.select(".jp-RenderedHTML"):  # which may have a program that knows what stands beside what
        if box.table:
            box["class"] = [*box["class"], "wide"]
            box["tabindex"] = "0"
    for code in soup.select("pre"):
        code["tabindex"] = "0"
