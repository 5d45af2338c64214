"""The report's pages, as files and in Chromium: titles, links, descriptions, and what a narrow window shows."""

import shutil
import tempfile
import unittest
from pathlib import Path
from urllib.parse import unquote, urlsplit

import bs4

import committed
import report
from browser import Browser
from notebook import Failure

WIDTHS = (390, 1000)  # a phone's, and a small window's

# What reaches beyond the window and does not scroll by itself, and code of which a part can be neither seen nor scrolled to.
MEASURE = """(width => {
  const scrolls = e => ['auto', 'scroll'].includes(getComputedStyle(e).overflowX);
  const above = e => e.parentElement !== document.body ? [e.parentElement, ...above(e.parentElement)] : [];
  const shown = e => e.getClientRects().length > 0;
  const beyond = [...document.body.querySelectorAll('*')].filter(e => shown(e) && e.getBoundingClientRect().right > width + 1 && !above(e).some(scrolls));
  const cut = [...document.querySelectorAll('pre')].filter(shown).filter(pre => {
    const wide = [pre, ...above(pre)].find(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible');
    return wide && !scrolls(wide);
  });
  const wide = [...document.querySelectorAll('pre')].filter(pre => pre.scrollWidth > pre.clientWidth + 1 && scrolls(pre));
  return {page: document.documentElement.scrollWidth, beyond: beyond.slice(0, 5).map(e => e.outerHTML.slice(0, 100)), cut: cut.length, wide: wide.length};
})"""


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        top = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, top)
        cls.chapters = committed.make(top / "made here", committed.NOTEBOOKS, printed=False)
        cls.folder = (top / "made here").rename(top / "moved")
        cls.pages = {p.name: bs4.BeautifulSoup(p.read_text(encoding="utf-8"), "html.parser") for p in cls.folder.glob("*.html")}
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)

    def test_every_page_has_a_title_of_its_own(self):
        self.assertEqual(len(self.pages), len(self.chapters) + 1)
        self.assertEqual(len({soup.title.get_text() for soup in self.pages.values()}), len(self.pages))
        for chapter in self.chapters:
            self.assertIn(self.pages[f"{chapter.name}.html"].h1.get_text().rstrip("¶"), self.pages[f"{chapter.name}.html"].title.get_text())

    def test_links_lead_within_the_folder_wherever_it_is(self):
        ids = {name: {tag["id"] for tag in soup.select("[id]")} for name, soup in self.pages.items()}
        for name, soup in self.pages.items():
            self.assertNotIn(str(committed.ROOT), str(soup))
            for tag in soup.select("[href], [src]"):
                target = tag.get("href") or tag["src"]
                parts = urlsplit(target)
                if parts.scheme in ("https", "data"):
                    self.assertEqual(tag.name, "a" if parts.scheme == "https" else "img", f"{name} loads {target[:80]}")
                    continue
                file = unquote(parts.path) or name
                self.assertTrue((self.folder / file).is_file() and not Path(file).is_absolute() and not parts.scheme, f"{name}: {target}")
                if parts.fragment:
                    self.assertIn(unquote(parts.fragment), {unquote(i) for i in ids[file]}, f"{name}: {target}")

    def test_pictures_are_described_by_what_their_figures_say(self):
        for chapter in self.chapters:
            says = [o.metadata["alt"] for o in committed.described(chapter.notebook) if "image/png" in o.data]
            shown = [picture.get("alt") for picture in self.pages[f"{chapter.name}.html"].select(".jp-RenderedImage img")]
            self.assertEqual(shown, says, chapter.name)
            for picture in self.pages[f"{chapter.name}.html"].select(".jp-RenderedImage img"):  # opens in full size
                self.assertRegex(picture.parent["href"], rf"^figures/{chapter.name}/.*\.svg$")
            listed = [p.get("alt") for p in self.pages["index.html"].select(f'img[src^="figures/{chapter.name}/"]')]
            self.assertEqual([alt for alt in listed if alt in says], says, f"the index on {chapter.name}")
        for page in self.pages.values():
            for picture in page.find_all("img"):
                self.assertTrue(picture.get("alt", "").strip())

    def test_the_index_has_a_caption_for_every_figure(self):
        entries = self.pages["index.html"].find_all("figure")
        self.assertEqual(len(entries), sum(len(c.figures) for c in self.chapters))
        for entry in entries:
            self.assertRegex(entry.figcaption.strong.get_text(), r"^\S.+[^.?!][.?!]$")
            self.assertGreaterEqual(len(entry.figcaption.find_all("a")), 2, entry.figcaption)

    def test_a_figure_whose_files_another_has_is_refused(self):
        for chapter in self.chapters:
            report.own_names(chapter)  # sliders and tables among them
            alone = [f for f in chapter.figures if sum(f.alt == g.alt for g in chapter.figures) == 1 and chapter.shown(f)[2] is not None]
            shown = [f for f in alone if "image/png" in chapter.shown(f)[2].get("data", {})]
            self.assertTrue(shown, chapter.name)
            whole = chapter.figures
            chapter.figures = [f for f in whole if f is not shown[0]]
            with self.assertRaisesRegex(Failure, "shares its name"):
                report.own_names(chapter)
            chapter.figures = whole

    def test_each_value_of_a_slider_has_a_caption(self):
        captions = [strong.get_text() for strong in self.pages["index.html"].select("figcaption strong")]
        for value in [p["data-value"] for p in self.pages["00_start.html"].select("img[data-value]")]:
            self.assertEqual(len([c for c in captions if c.startswith(f"α = {value}: Loss")]), 1, value)

    def test_the_ledger_is_text_and_leads_to_the_chapters(self):
        rows = self.pages["index.html"].select(".ledger tbody tr")
        self.assertGreater(len(rows), 10)
        for row in rows:
            self.assertRegex(row.a["href"], r"^\d\d_\w+\.html$")
        self.assertIn("one of a kind", self.pages["index.html"].select_one(".facts").get_text())

    def test_solutions_with_their_code_are_folded(self):
        for chapter in self.chapters:
            folds = self.pages[f"{chapter.name}.html"].select("details:not([open])")
            source = "".join(c.source for c in chapter.notebook.cells if c.cell_type == "markdown")
            hidden = source.partition("<details>")[2].partition("</details>")[0]
            self.assertEqual(sum(len(fold.select(".highlight")) for fold in folds), hidden.count("```go"), chapter.name)
            self.assertNotIn("What to read", "".join(fold.get_text() for fold in folds))

    def test_nothing_is_wider_than_the_window_and_no_code_is_cut(self):
        wide = dict.fromkeys(WIDTHS, 0)
        for name in self.pages:
            self.browser.open(self.folder / name, WIDTHS[0])
            for width in WIDTHS:
                self.browser.resize(width)
                found = self.browser.evaluate(f"{MEASURE}({width})")
                self.assertLessEqual(found["page"], width, f"{name} at {width} px")
                self.assertEqual((found["beyond"], found["cut"]), ([], 0), f"{name} at {width} px")
                wide[width] += found["wide"]
        for width in WIDTHS:  # or the check would have had nothing to look at
            self.assertGreater(wide[width], 0)

    def test_what_is_cut_or_too_wide_would_be_found(self):
        self.browser.open(self.folder / "03_vanishing_exploding.html", WIDTHS[0])
        self.browser.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"width:900px\">too wide</p>')")
        found = self.browser.evaluate(f"{MEASURE}({WIDTHS[0]})")
        self.assertEqual(found["beyond"], ['<p style="width:900px">too wide</p>'])
        self.assertGreater(found["page"], WIDTHS[0])
        self.assertEqual(found["cut"], 0)
        self.browser.evaluate("document.querySelectorAll('pre').forEach(p => p.style.setProperty('overflow', 'hidden', 'important'))")
        self.assertGreater(self.browser.evaluate(f"{MEASURE}({WIDTHS[0]})")["cut"], 0)

    def test_the_slider_and_the_search_work(self):
        self.browser.open(self.folder / "00_start.html", WIDTHS[1])
        visible = "[...document.querySelectorAll('img[data-value]')].filter(i => i.style.display !== 'none').map(i => i.dataset.value).join()"
        before = self.browser.evaluate(visible)
        self.browser.evaluate("const r = document.querySelector('input[type=range]'); r.value = 0; r.dispatchEvent(new Event('input'))")
        self.assertNotEqual(self.browser.evaluate(visible), before)
        self.browser.open(self.folder / "08_verdicts.html", WIDTHS[1])
        self.browser.evaluate("const s = document.querySelector('input[type=search]'); s.value = 'momentum'; s.dispatchEvent(new Event('input'))")
        rows = self.browser.evaluate("[...document.querySelector('.jp-RenderedHTML tbody').rows].map(r => [r.hidden, r.textContent.includes('omentum')])")
        self.assertEqual([not hidden for hidden, _ in rows], [named for _, named in rows])


if __name__ == "__main__":
    unittest.main()
