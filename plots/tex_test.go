package plots_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"alphascale/lib/result"
	"alphascale/plots"
)

// TestPaperFiles shows the golden figures as a report does: each chart as a paper has it at three widths, in LaTeX with no letter that
// LaTeX would not read everywhere, and with every α.
func TestPaperFiles(t *testing.T) {
	t.Setenv(plots.PaperVenue, "icml")
	for _, example := range examples {
		t.Run(example.figure, func(t *testing.T) {
			folder := t.TempDir()
			t.Setenv(plots.FiguresFolder, folder)
			quietly(t, example.run)
			_, err := os.Stat(filepath.Join(folder, "paper"))
			if table := example.figure == "verdicts" || example.figure == "searchable"; table {
				if err == nil {
					t.Error("a table is written as a paper's figure")
				}
				return
			}
			for _, width := range []string{"column", "one-and-a-half", "full"} {
				beside := filepath.Join(folder, "paper", width, example.figure)
				for _, suffix := range []string{".pdf", ".svg", ".tex", ".caption.txt", ".csv"} {
					if info, err := os.Stat(beside + suffix); err != nil || info.Size() == 0 {
						t.Errorf("%s has no %s: %v", width, suffix, err)
					}
				}
				checkTeX(t, beside)
			}
		})
	}
}

func checkTeX(t *testing.T, beside string) {
	t.Helper()
	tex, err := os.ReadFile(beside + ".tex")
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(tex), "\n") {
		if at := strings.IndexFunc(line, func(r rune) bool { return r >= 0x80 }); at >= 0 {
			t.Fatalf("line %d has a letter that LaTeX does not read everywhere: %s", i+1, line)
		}
	}
	svg, err := os.ReadFile(beside + ".svg")
	if err != nil {
		t.Fatal(err)
	}
	_, drawn, _ := strings.Cut(string(svg), "</desc>")
	if drew, set := strings.Count(drawn, "α"), strings.Count(string(tex), `\alpha`); drew != set {
		t.Errorf("α stands %d times in the SVG and %d times in LaTeX", drew, set)
	}
}

// TestPaperVenueOfNoName names those that there are.
func TestPaperVenueOfNoName(t *testing.T) {
	t.Setenv(plots.PaperVenue, "neurips")
	t.Setenv(plots.FiguresFolder, t.TempDir())
	figure, err := plots.LossFan([]result.Series{descent(2, 0.1)})
	if err != nil {
		t.Fatal(err)
	}
	if err := plots.Show("fan", figure); err == nil || !strings.Contains(err.Error(), "neurips names no venue: there are ICML and Nature") {
		t.Errorf("it says %v", err)
	}
}

// TestTeXCompiles has LaTeX set the golden charts in one document, where there is a LaTeX: nothing else of the project needs it.
func TestTeXCompiles(t *testing.T) {
	if _, err := exec.LookPath("pdflatex"); err != nil {
		t.Skip("pdflatex is not installed (Debian: apt-get install texlive-latex-base texlive-pictures lmodern)")
	}
	folder := t.TempDir()
	t.Setenv(plots.PaperVenue, "icml")
	t.Setenv(plots.FiguresFolder, folder)
	for _, example := range examples {
		quietly(t, example.run)
	}
	charts, err := filepath.Glob(filepath.Join(folder, "paper", "full", "*.tex"))
	if err != nil || len(charts) == 0 {
		t.Fatal("no charts", err)
	}
	var document strings.Builder
	document.WriteString("\\documentclass{article}\n\\usepackage{pgf}\n\\usepackage[T1]{fontenc}\n\\usepackage{lmodern}\n\\begin{document}\n")
	for _, chart := range charts {
		document.WriteString("\\noindent\\input{" + chart + "}\n\n")
	}
	document.WriteString("\\end{document}\n")
	if err := os.WriteFile(filepath.Join(folder, "all.tex"), []byte(document.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex")
	cmd.Dir = folder
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// TestCaptionOfOnePanel has the title once, with which the figure's own description begins.
func TestCaptionOfOnePanel(t *testing.T) {
	folder := t.TempDir()
	figure, err := plots.LossFan([]result.Series{descent(0.5, 0.1), descent(2, 0.1)}, plots.Title("Both at one rate"))
	if err != nil {
		t.Fatal(err)
	}
	if err := figure.ForPaper(folder, "one", plots.ICML.Column); err != nil {
		t.Fatal(err)
	}
	caption, err := os.ReadFile(filepath.Join(folder, "one.caption.txt"))
	if err != nil || strings.Count(string(caption), "Both at one rate") != 1 || !strings.HasPrefix(string(caption), "Both at one rate. Loss") {
		t.Errorf("the caption is %q: %v", caption, err)
	}
}
