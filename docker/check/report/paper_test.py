"""report.pdf as a reader has it: paper, pages, contents, outline, links, and words that can be searched for."""

import contextlib
import io
import os
import re
import shutil
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from pypdf import PdfReader

import committed
import paper
from notebook import Failure

CHAPTERS = [p for p in committed.NOTEBOOKS if p.name[:2] in ("00", "02", "08")]  # a slider, formulas in headings, the ledger
MILLIMETRE = 72 / 25.4


def squeezed(text):
    return re.sub(r"\s+", "", text)


def headings(items, reader):
    for item in items:
        if isinstance(item, list):
            yield from headings(item, reader)
        else:
            yield item.title, reader.get_destination_page_number(item) + 1


class Paper(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.top = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.top)
        with mock.patch.dict(os.environ, {"SOURCE_DATE_EPOCH": "86400"}):
            cls.chapters = committed.make(cls.top / "report", CHAPTERS)
        cls.reader = PdfReader(cls.top / "report/report.pdf")
        cls.text = [page.extract_text() for page in cls.reader.pages]
        cls.outline = list(headings(cls.reader.outline, cls.reader))

    def test_the_title_page_says_when_and_with_what(self):
        page = squeezed(self.text[0])
        for word in ("multiplied by α", "1970-01-02", "Seeds", "go1.", "gomlx", "XLA plugin", "one of a kind"):
            self.assertIn(squeezed(word), page)
        self.assertIn("multiplied by α", self.reader.metadata.title)

    def test_every_page_but_the_first_has_its_number(self):
        self.assertNotIn(f"1/{len(self.text)}", squeezed(self.text[0]))
        for number, text in enumerate(self.text[1:], 2):
            self.assertIn(f"{number}/{len(self.text)}", squeezed(text))

    def test_contents_and_outline_name_every_heading_and_its_page(self):
        first = dict(reversed(self.outline))
        contents = {squeezed(line) for page in self.text[first["Contents"] - 1:first["The ledger"] - 1] for line in page.splitlines()}
        for chapter in self.chapters:
            source = "\n".join(c.source for c in chapter.notebook.cells if c.cell_type == "markdown")
            for heading in re.findall(r"^##? ([^$\n]+)$", source, re.MULTILINE):  # formulas are set in other letters
                pages = [page for title, page in self.outline if title == heading]
                self.assertTrue(pages, f"the outline lacks {heading}")
                for page in pages:
                    self.assertIn(squeezed(f"{heading}{page}"), contents)
                    self.assertIn(squeezed(heading), squeezed(self.text[page - 1]))

    def test_the_outline_has_formulas_in_letters(self):
        self.assertIn("Depth: one α becomes α^(D-1)", dict(self.outline))

    def test_links_stay_within_the_file_or_lead_to_the_web(self):
        places, within = set(self.reader.named_destinations), 0
        for page in self.reader.pages:
            for link in (a.get_object() for a in page.get("/Annots", [])):
                if "/Dest" in link:
                    within += 1
                    self.assertIn(str(link["/Dest"]), places)
                else:
                    self.assertRegex(link["/A"]["/URI"], "^https://")
        listed = len(paper.document(self.chapters).select(".contents a"))
        self.assertGreater(within, listed)  # the text has links too

    def test_the_ledger_and_formulas_are_text(self):
        text = squeezed("".join(self.text))
        for word in ("the article says", "Every magnitude is multiplied by α", "Solutions", "α = 0.125"):
            self.assertIn(squeezed(word), text)

    def test_the_paper_is_the_one_asked_for(self):
        self.assert_size(self.reader, 210 * MILLIMETRE, 297 * MILLIMETRE)
        with mock.patch.dict(os.environ, {"PAPER": "letter"}):
            committed.make(self.top / "letter", [committed.NOTEBOOKS[-1]])
        self.assert_size(PdfReader(self.top / "letter/report.pdf"), 612, 792)
        for other in ("A3", "letters"):
            with mock.patch.dict(os.environ, {"PAPER": other}), self.assertRaisesRegex(Failure, f"{other}.*A4 or letter"):
                paper.size()

    def assert_size(self, reader, width, height):
        for page in reader.pages:
            self.assertAlmostEqual(float(page.mediabox.width), width, delta=1)
            self.assertAlmostEqual(float(page.mediabox.height), height, delta=1)

    def test_a_browser_that_fails_is_said_in_a_sentence_and_leaves_no_file(self):
        browser = self.top / "chromium"
        browser.write_text("#!/bin/sh\necho 'first line' >&2\necho 'out of paper' >&2\nexit 1\n", encoding="utf-8")
        browser.chmod(0o755)
        said = io.StringIO()
        with mock.patch.dict(os.environ, {"PATH": f"{self.top}:{os.environ['PATH']}"}), contextlib.redirect_stdout(said):
            committed.make(self.top / "failed", [committed.NOTEBOOKS[-1]])
        self.assertEqual(said.getvalue().splitlines()[-1], "  no report.pdf: Chromium fails: out of paper")
        self.assertEqual(list((self.top / "failed").glob("report.*")), [])
        self.assertNotIn('"report.pdf"', (self.top / "failed/index.html").read_text(encoding="utf-8"))

    def test_nothing_names_the_folder_that_it_was_made_in(self):
        content = (self.top / "report/report.pdf").read_bytes()
        for path in (self.top, committed.ROOT):
            self.assertNotIn(str(path).encode(), content)


if __name__ == "__main__":
    unittest.main()
