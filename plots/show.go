package plots

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"alphascale/lib/machine"
	"alphascale/lib/result"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/protocol"
	"gonum.org/v1/plot/vg"
)

// FiguresFolder is the environment variable that names a folder: Show then also writes each figure there, as NAME.png,
// NAME.svg and NAME.pdf, with the data behind it as NAME.csv (NAME-2.csv … where it shows several quantities). Remarks at
// the top of the data, lines that begin with #, name the commit, the processor, the backend and XLA's flags.
const FiguresFolder = "ALPHASCALE_FIGURES"

// PaperVenue is the environment variable that names one of Venues: Show then also writes each chart as a paper has it (see ForPaper), at
// the venue's widths into the folders paper/column, paper/one-and-a-half and paper/full of the one that FiguresFolder names.
const PaperVenue = "ALPHASCALE_VENUE"

// retina is the number of device pixels a pixel; tableRetina that of a table, which is long and all text: a picture of half
// the size that a reader takes for the same.
const (
	retina      = 2
	tableRetina = 1.5
)

// pixelsPerPoint makes text of 8 points 15 pixels high on the screen, as JupyterLab's own; a little less for a wide figure,
// which would not fit beside an open side bar.
func (f *Figure) pixelsPerPoint() float64 {
	if f.screenWidth() > screenPanel {
		return 1.7
	}
	return screenPixels
}

// screenPixels are the pixels of a point of a lone panel.
const screenPixels = 1.9

var plainName = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._-]*$`)

// Show displays the figure as the output of the notebook cell that calls it, sharp on a high-resolution screen, and returns
// when the notebook has it. Outside a notebook it displays nothing. Where the environment variable ALPHASCALE_FIGURES
// names a folder, it also writes the figure's files there (see FiguresFolder).
//
// The name, such as "loss-fan", is that of the files: letters, digits, and - _ . within. An error comes back for another
// name, for a figure that cannot be drawn, if the notebook does not answer, and from the file system.
func Show(name string, f *Figure) error { return show(name, f, func(*protocol.DisplayData) {}) }

// Show displays the figure under the name that the chart was given by Name, as the function Show does. A figure without a
// name is an error.
func (f *Figure) Show() error {
	switch {
	case f == nil:
		return fmt.Errorf("there is no figure to show: check the error of the function that returned it")
	case f.name == "":
		return fmt.Errorf("the figure has no name: give its chart one, such as plots.Name(\"loss-fan\")")
	}
	return Show(f.name, f)
}

// show is Show with a last change to the message.
func show(name string, f *Figure, address func(*protocol.DisplayData)) error {
	if !plainName.MatchString(name) {
		return fmt.Errorf("%q cannot be a figure's name: use letters, digits, - and _, such as \"loss-fan\"", name)
	}
	if _, err := f.measure(Column); err != nil {
		return fmt.Errorf("figure %q: %w", name, err)
	}
	if folder := os.Getenv(FiguresFolder); folder != "" {
		if err := f.writeFiles(folder, name); err != nil {
			return fmt.Errorf("figure %q: %w", name, err)
		}
	}
	if !gonbui.IsNotebook {
		return nil
	}
	data, err := f.display()
	if err != nil {
		return fmt.Errorf("figure %q: %w", name, err)
	}
	address(data)
	if err := deliver(data); err != nil {
		return fmt.Errorf("figure %q: %w", name, err)
	}
	return nil
}

// display is the figure as a message to the notebook.
func (f *Figure) display() (*protocol.DisplayData, error) {
	if f.page != "" {
		return &protocol.DisplayData{
			Data:     map[protocol.MIMEType]any{protocol.MIMETextHTML: f.page, protocol.MIMETextPlain: f.Alt},
			Metadata: map[string]any{"alt": f.Alt},
		}, nil
	}
	width := f.screenWidth()
	sharp := float64(retina)
	if f.table != nil {
		sharp = tableRetina
	}
	picture, err := f.PNG(width, 72*f.pixelsPerPoint()*sharp)
	if err != nil {
		return nil, err
	}
	return &protocol.DisplayData{
		Data: map[protocol.MIMEType]any{protocol.MIMEImagePNG: picture, protocol.MIMETextPlain: f.Alt},
		Metadata: map[string]any{
			// Fewer than the picture's pixels. The height follows: given, it would distort the picture where a narrow
			// window makes it less wide.
			string(protocol.MIMEImagePNG): map[string]int{"width": int(math.Round(float64(width) * f.pixelsPerPoint()))},
			"alt":                         f.Alt,
		},
	}, nil
}

// patience is how long a notebook may take to confirm what was sent.
const patience = 10 * time.Second

// deliver sends a message to the notebook and waits until the notebook has it: a cell that ends before loses its output.
func deliver(data *protocol.DisplayData) error {
	gonbui.SendData(data)
	synced := make(chan struct{})
	go func() {
		gonbui.Sync()
		close(synced)
	}()
	select {
	case <-synced:
	case <-time.After(patience):
		return fmt.Errorf("the notebook did not confirm it within %v: restart the kernel and run the cell again", patience)
	}
	if err := gonbui.Error(); err != nil {
		return fmt.Errorf("it did not reach the notebook: %w", err)
	}
	return nil
}

// writeFiles writes the figure at the width of the screen and the data behind it.
func (f *Figure) writeFiles(folder, name string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, suffix := range []string{".png", ".svg", ".pdf"} {
		if err := f.Save(filepath.Join(folder, name+suffix), f.screenWidth()); err != nil {
			return err
		}
	}
	if err := f.writeData(folder, name); err != nil {
		return err
	}
	venue := os.Getenv(PaperVenue)
	if venue == "" || len(f.panels) == 0 {
		return nil
	}
	return f.forVenue(folder, name, venue)
}

// forVenue writes the figure at each width of the venue of that name.
func (f *Figure) forVenue(folder, name, venue string) error {
	var names []string
	for _, v := range Venues {
		names = append(names, v.Name)
		if !strings.EqualFold(v.Name, venue) {
			continue
		}
		for width, wide := range map[string]vg.Length{"column": v.Column, "one-and-a-half": v.OneAndHalf, "full": v.Full} {
			if err := f.ForPaper(filepath.Join(folder, "paper", width), name, wide); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("%s=%s names no venue: there are %s; for another width call ForPaper", PaperVenue, venue, strings.Join(names, " and "))
}

// writeData writes the data behind the figure, one CSV file for each pair of quantities, under what computed it.
func (f *Figure) writeData(folder, name string) error {
	for i, d := range f.merged() {
		path := filepath.Join(folder, name+".csv")
		if i > 0 {
			path = filepath.Join(folder, fmt.Sprintf("%s-%d.csv", name, i+1))
		}
		write := func(w io.Writer) error {
			if err := result.WriteRemarks(w, machine.Description()); err != nil {
				return err
			}
			return d.write(w)
		}
		if err := result.WriteFile(path, write); err != nil {
			return err
		}
	}
	return nil
}

// merged joins neighbouring series of the same quantities into one file, as the panels of SideBySide have them.
func (f *Figure) merged() []dataset {
	var all []dataset
	for _, d := range f.data {
		if n := len(all) - 1; n >= 0 && len(d.series) > 0 && len(all[n].series) > 0 &&
			all[n].series[0].X == d.series[0].X && all[n].series[0].Y == d.series[0].Y {
			all[n].series = append(all[n].series[:len(all[n].series):len(all[n].series)], d.series...)
			continue
		}
		all = append(all, d)
	}
	return all
}

func (d dataset) write(w io.Writer) error {
	switch {
	case d.grid != nil:
		return result.WriteGrid(w, *d.grid)
	case d.table != nil:
		return result.WriteTable(w, *d.table)
	default:
		return result.WriteSeries(w, d.series)
	}
}
