package plots

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"alphascale/lib/result"

	"gonum.org/v1/plot/vg"
)

// Venue is where a figure is printed: the widths that its pages have for one.
type Venue struct {
	Name                     string
	Column, OneAndHalf, Full vg.Length // OneAndHalf is halfway between where the venue names none
}

// Venues whose author kits were read. Both want figures at their final size, with letters and numbers that stay text.
var (
	// ICML has columns of 3.25 in on pages of 6.75 in, wants the caption below and no title in the file, and curves that are told
	// apart without colour (its author instructions, sections 2.4 and 3.4).
	ICML = Venue{"ICML", 3.25 * vg.Inch, 5 * vg.Inch, 6.75 * vg.Inch}
	// Nature has columns of 89 mm on pages of 183 mm, and letters a, b, c for panels
	// (https://research-figure-guide.nature.com/figures/building-and-exporting-figure-panels).
	Nature = Venue{"Nature", 89 * vg.Millimeter, 136 * vg.Millimeter, 183 * vg.Millimeter}

	Venues = []Venue{ICML, Nature}
)

// ForPaper writes the figure for a paper into a folder, at one of a venue's widths or one of your own: NAME.pdf, NAME.svg and NAME.tex (see
// TeX) without titles, with letters where there are several panels and with dashes that tell α apart in grey; NAME.caption.txt, what the titles and
// notes said; and the data as NAME.csv, as Show writes it. The figure stays as it is. A table has no such form, and is an error, as are
// a name that Show would not take, a width that Save would not, and what the file system says.
func (f *Figure) ForPaper(folder, name string, width vg.Length) error {
	if !plainName.MatchString(name) {
		return fmt.Errorf("%q is no name for a file: use letters, digits, and - _ . within", name)
	}
	if f == nil || len(f.panels) == 0 {
		return fmt.Errorf("figure %q has no axes: a table is set as text in a paper; its data are in what Show writes", name)
	}
	printed, caption := f.printed()
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, suffix := range []string{".pdf", ".svg", ".tex"} {
		if err := printed.Save(filepath.Join(folder, name+suffix), width); err != nil {
			return err
		}
	}
	if err := f.writeData(folder, name); err != nil {
		return err
	}
	return result.WriteFile(filepath.Join(folder, name+".caption.txt"), func(w io.Writer) error {
		_, err := fmt.Fprintln(w, caption)
		return err
	})
}

// printed is the figure as a paper has it, and its caption: each panel's letter and title, what the figure says of itself, which of a lone
// panel begins with its title, and notes.
func (f *Figure) printed() (*Figure, string) {
	out := *f
	out.panels = nil
	var titles, notes []string
	for i, p := range f.panels {
		own, letter := *p, ""
		if len(f.panels) > 1 {
			letter = fmt.Sprintf("(%c)", 'a'+i)
		}
		if title := strings.TrimSpace(letter + " " + p.title); title != "" && !strings.HasPrefix(f.Alt, title) {
			titles = append(titles, title+".")
		}
		for _, note := range slices.Concat(p.notes, p.leftOut) {
			notes = append(notes, strings.TrimSpace(letter+" "+note)+".")
		}
		own.title, own.notes, own.leftOut, own.grey = letter, nil, nil, true
		out.panels = append(out.panels, &own)
	}
	paint(out.panels)
	shareKeys(out.panels)
	return &out, strings.Join(slices.Concat(titles, []string{f.Alt}, notes), " ")
}
