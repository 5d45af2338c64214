"""The report as one PDF: a title page, contents with page numbers, the ledger, all chapters, links that stay within the file."""

import html
import logging
import os
import re
import shutil
import subprocess
from urllib.parse import unquote

import bs4
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import NameObject, TextStringObject

from index import TITLE, facts, ledger, made
from notebook import Failure
from page import HEADINGS, picture_of, render

logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns that Chromium counts objects otherwise, which it mends itself
PDF_LIMIT = 300  # seconds for Chromium to typeset everything
PAPERS = {"a4": "A4", "letter": "Letter"}
FORMULA = re.compile(r"\$([^$]+)\$")
GREEK = {"alpha": "α", "beta": "β", "eta": "η", "lambda": "λ", "ell": "ℓ", "sigma": "σ", "chi": "χ", "varphi": "φ"}
# Margins have room for the page's number. A figure keeps its size: Chromium prints a pixel of CSS as 1/96 inch.
STYLE = """@page{size:%s;margin:18mm 16mm 20mm;@bottom-center{content:counter(page) " / " counter(pages);font:9pt sans-serif;color:#444}}
@page:first{@bottom-center{content:none}}
body{font:15px/1.45 sans-serif;color:#222}
article,section.part{break-before:page}
.title{padding-top:5cm}.title h1{font-size:32px;line-height:1.25}.title h2{display:none}.title .facts{margin-top:2cm;font-size:12px}
.contents nav{font-size:13px}.contents a{display:flex;color:inherit;text-decoration:none;break-inside:avoid}
.contents a.chapter{font-weight:bold;margin-top:.6em;break-after:avoid}.contents a.section{padding-left:1.5em}
.contents a::after{content:attr(data-page);order:3;min-width:2.5em;text-align:right;font-variant-numeric:tabular-nums}
.contents a i{order:2;flex:1;border-bottom:1px dotted #999;margin:0 .5em .35em}
.ledger{font-size:11px}.ledger td,.ledger th{padding:3px 8px 3px 0}
.frames{display:flex;flex-wrap:wrap}.frames figure{width:50%%;margin:0;break-inside:avoid}.frames img{width:100%%!important}
"""


def size():
    """The paper that PAPER asks for."""
    asked = os.environ.get("PAPER") or "A4"
    if asked.lower() not in PAPERS:
        raise Failure(f'PAPER is "{asked}": take A4 or letter.')
    return PAPERS[asked.lower()]


def print_pdf(folder, chapters):
    """Writes report.pdf into the folder of the report; without Chromium it says so and writes none."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not chromium:
        print("  no report.pdf: it needs Chromium (Debian: apt-get install chromium)")
        return
    source, target = folder / "report.html", folder / "report.pdf"
    try:
        soup = document(chapters)
        # Chromium knows on which page a heading is once it has printed it: the second time the contents say so.
        for _ in range(2):
            source.write_text(str(soup), encoding="utf-8")
            typeset(chromium, source, target)
            pages = places(target)
            for link in soup.select(".contents a"):
                link["data-page"] = pages.get(unquote(link["href"][1:]), "")
        spaced(target, [" ".join(heading.get_text().split()) for heading in soup.find_all(HEADINGS)])
        print("  report.pdf")
    except (Failure, PyPdfError, OSError) as err:
        target.unlink(missing_ok=True)
        print(f"  no report.pdf: {err}")
    finally:
        source.unlink(missing_ok=True)


def typeset(chromium, source, target):
    flags = ["--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--no-pdf-header-footer", "--generate-pdf-document-outline", "--virtual-time-budget=60000"]
    if os.geteuid() == 0:  # whom Chromium's sandbox does not work for
        flags.append("--no-sandbox")
    profile = target.with_name(".chromium")
    try:
        subprocess.run([chromium, *flags, f"--user-data-dir={profile}", f"--print-to-pdf={target}", source.resolve().as_uri()],
                       check=True, capture_output=True, text=True, timeout=PDF_LIMIT)
    except subprocess.TimeoutExpired:
        raise Failure(f"Chromium takes longer than {PDF_LIMIT} s") from None
    except subprocess.CalledProcessError as err:
        raise Failure(f"Chromium fails: {(err.stderr.strip().splitlines() or ['it says nothing'])[-1]}") from None
    finally:
        shutil.rmtree(profile, ignore_errors=True)


def places(path):
    """The page, counted from 1, of every place in the file that a link leads to."""
    reader = PdfReader(path)
    return {unquote(name.lstrip("/")): str(reader.get_destination_page_number(place) + 1) for name, place in reader.named_destinations.items()}


def spaced(path, titles):
    """Gives the outline its titles anew: Chromium leaves out formulas, and the space at which a heading's line was broken."""
    whole = {"".join(FORMULA.sub("", title).split()): FORMULA.sub(lambda m: plain(m[1]), title) for title in titles}
    writer = PdfWriter(clone_from=path)
    for item in outline(writer.root_object.get("/Outlines")):
        title = whole.get("".join(item["/Title"].split()))
        if title:
            item[NameObject("/Title")] = TextStringObject(title)
    writer.write(path)


def plain(formula):
    """A short formula in letters: α^(D-1) for its TeX."""
    return re.sub(r"\\([a-z]+) ?", lambda m: GREEK.get(m[1], m[0]), formula).replace("{", "(").replace("}", ")")


def outline(item):
    """All items of a PDF's outline below the given one."""
    item = item.get_object().get("/First") if item else None
    while item:
        item = item.get_object()
        yield item
        yield from outline(item)
        item = item.get("/Next")


def document(chapters):
    """All chapters as one page of HTML, in which each heading's id begins with its chapter's name."""
    rendered = [(chapter, render(chapter, lambda name, anchor: f"#{name}--{anchor}" if anchor else f"#{name}", chapters)) for chapter in chapters]
    soup = bs4.BeautifulSoup('<!DOCTYPE html>\n<html lang="en"><body class="jp-Notebook" data-jp-theme-light="true"></body></html>', "html.parser")
    if rendered:
        soup.html.insert(0, rendered[0][1].head.extract())  # style and formulas are the same for all
        soup.title.string = TITLE
        soup.head.append(tag(f"<style>{STYLE % size()}</style>"))
    articles = [article(chapter, page) for chapter, page in rendered]
    verdicts = tag(ledger(chapters, lambda name: f"#{name}"))
    for part in verdicts.select("section"):
        part["class"] = "part"
        part.h2.name = "h1"
    soup.body.append(tag(f'<section class="title"><h1>{html.escape(TITLE)}</h1>{facts(made(chapters))}</section>'))
    soup.body.append(tag(contents(verdicts.select("h1") + [h for a in articles for h in a.select("h1, h2")])))
    soup.body.append(verdicts)
    soup.body.extend(articles)
    return soup


def tag(text):
    return bs4.BeautifulSoup(text, "html.parser")


def article(chapter, page):
    """The chapter's part of the document: figures are drawings with text, nothing is folded, and no heading ends in a link to itself."""
    part = page.new_tag("article", id=chapter.name)
    part.extend(list(page.main.contents))
    for figure in chapter.figures:
        picture = picture_of(part, figure)
        if picture:
            picture["src"] = f"figures/{chapter.name}/{figure.name}.svg"
    for link in part.select("a.anchor-link"):
        link.decompose()
    for named in part.select("[id]"):
        named["id"] = f"{chapter.name}--{named['id']}"
    for fold in part.select("details"):  # nobody unfolds paper
        fold["open"] = ""
    for number, heading in enumerate(part.find_all(HEADINGS)):
        heading["id"] = heading.get("id") or f"{chapter.name}--heading-{number}"
    frames(page, part)
    return part


def frames(page, part):
    """Shows all pictures of a slider, each with its value below."""
    for box in {id(p.parent): p.parent for p in part.select("img[data-value]")}.values():
        box["class"] = "frames"
        for picture in box.select("img[data-value]"):
            del picture["onload"]
            caption = page.new_tag("figcaption")
            caption.string = f"{box.label.get_text().partition('=')[0].strip()} = {picture['data-value']}" if box.label else picture["data-value"]
            picture.wrap(page.new_tag("figure")).append(caption)


def contents(headings):
    lines = []
    for heading in headings:
        kind = "chapter" if heading.name == "h1" else "section"
        lines.append(f'<a class="{kind}" data-page="000" href="#{heading["id"]}"><span>{heading.decode_contents()}</span><i></i></a>')
    return f'<section class="part contents"><h1 id="contents">Contents</h1><nav>{"".join(lines)}</nav></section>'
