package plots

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"alphascale/lib/result"

	"gonum.org/v1/plot/vg"
)

// fan is a chart of the losses of several α.
func fan(t *testing.T, title string, alphas ...float64) *Figure {
	t.Helper()
	var series []result.Series
	for _, alpha := range alphas {
		s := lossOf(2, 1+alpha/100, 0.5+alpha/200)
		s.Alpha, s.Label = alpha, ""
		series = append(series, s)
	}
	f, err := LossFan(series, Title(title))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestForPaper writes a figure of two panels at a venue's widths: letters in place of titles, which the caption says, and the data.
func TestForPaper(t *testing.T) {
	both, err := SideBySide(fan(t, "Every α at one rate", 0.5, 1, 2), fan(t, "Compensated", 0.5, 1, 2))
	if err != nil {
		t.Fatal(err)
	}
	before, err := both.SVG(TwoColumns)
	if err != nil {
		t.Fatal(err)
	}
	for _, venue := range []Venue{ICML, Nature} {
		for _, width := range []vg.Length{venue.Column, venue.OneAndHalf, venue.Full, 5 * vg.Centimeter} {
			folder := t.TempDir()
			if err := both.ForPaper(folder, "fan", width); err != nil {
				t.Fatalf("%s at %.0f mm: %v", venue.Name, width/vg.Millimeter, err)
			}
			file := func(suffix string) string {
				text, err := os.ReadFile(filepath.Join(folder, "fan"+suffix))
				if err != nil {
					t.Error(err)
				}
				return string(text)
			}
			svg, caption := file(".svg"), file(".caption.txt")
			if _, drawn, found := strings.Cut(svg, "</desc>"); !found || strings.Contains(drawn, "Every") || strings.Contains(drawn, "Compensated") || !strings.Contains(drawn, "(a)") || !strings.Contains(drawn, "(b)") {
				t.Errorf("%s: titles stand in the file, or letters do not", venue.Name)
			}
			if !strings.HasPrefix(caption, "(a) Every α at one rate") || !strings.Contains(caption, "(b) Compensated") || !strings.Contains(caption, "Loss (nats) against step") {
				t.Errorf("the caption is %q", caption)
			}
			if !strings.HasPrefix(file(".pdf"), "%PDF") || !strings.Contains(file(".csv"), "processor: ") {
				t.Error("the PDF or the data's header is missing")
			}
		}
	}
	if after, err := both.SVG(TwoColumns); err != nil || string(after) != string(before) {
		t.Errorf("the figure itself has changed, %v", err)
	}
}

// TestGreyTellsAlphaApart: in print two neighbouring α have other dashes, and α = 1 is the one line without; on the screen none has any.
func TestGreyTellsAlphaApart(t *testing.T) {
	f := fan(t, "fan", 0.125, 0.25, 0.5, 1, 2, 4, 8, 16)
	on := familyOf(f.panels[0].curves)
	inPrint := on
	inPrint.grey = true
	var last []vg.Length
	for i, id := range on.members {
		if dashes := on.style(id).Dashes; dashes != nil {
			t.Errorf("on the screen α = %g has dashes %v", id.alpha, dashes)
		}
		dashes := inPrint.style(id).Dashes
		if (dashes == nil) != (id.alpha == 1) || i > 0 && slices.Equal(dashes, last) {
			t.Errorf("α = %g has dashes %v, after %v", id.alpha, dashes, last)
		}
		last = dashes
	}
}

func TestForPaperRefuses(t *testing.T) {
	table, err := VerdictTable(result.Table{Title: "T", Columns: []result.Quantity{{Name: "a"}}, Rows: [][]string{{"true"}}})
	if err != nil {
		t.Fatal(err)
	}
	f, folder := fan(t, "fan", 0.5, 1, 2), t.TempDir()
	for says, failed := range map[string]error{
		"no name":     f.ForPaper(folder, "a/b", ICML.Column),
		"a table":     table.ForPaper(folder, "table", ICML.Column),
		"3 cm":        f.ForPaper(folder, "fan", vg.Millimeter),
		"has no axes": (*Figure)(nil).ForPaper(folder, "fan", ICML.Column),
	} {
		if failed == nil || !strings.Contains(failed.Error(), says) {
			t.Errorf("%v, want a word on %s", failed, says)
		}
	}
}
