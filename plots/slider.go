package plots

import (
	"encoding/base64"
	"fmt"
	"html"
	"math"
	"os"
	"strings"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// Slide is a slider over figures that are all drawn beforehand: it follows the hand at once, needs no kernel once the cell has ended,
// and goes on working in a saved notebook and an exported page. Explore draws as it is asked, and can have many knobs.
type Slide struct {
	Label  string   // "α"
	Values []string // what is shown at each position, "1/8"
	Start  int      // the first position
}

// slideSharp is the number of device pixels a pixel of a slide: there are many, and the notebook holds them all.
const slideSharp = 1.25

// Show draws the figure of each position and shows them under the slider. Where a notebook runs no scripts, as one that is not
// trusted, they stand side by side. Where ALPHASCALE_FIGURES names a folder, the files of each are written as NAME-1, NAME-2 and so
// on; see FiguresFolder. An error comes back for a start that is no position, and from draw and the file system.
func (s Slide) Show(name string, draw func(position int) (*Figure, error)) error {
	if s.Start < 0 || s.Start >= len(s.Values) {
		return fmt.Errorf("slider %q starts at position %d of %d", name, s.Start, len(s.Values))
	}
	frames := make([]*Figure, len(s.Values))
	for i := range s.Values {
		f, err := draw(i)
		if err != nil {
			return fmt.Errorf("slider %q at %s = %s: %w", name, s.Label, s.Values[i], err)
		}
		if folder := os.Getenv(FiguresFolder); folder != "" {
			if err := f.writeFiles(folder, fmt.Sprintf("%s-%d", name, i+1)); err != nil {
				return fmt.Errorf("slider %q: %w", name, err)
			}
		}
		frames[i] = f
	}
	page, err := s.page(frames)
	if err != nil || !gonbui.IsNotebook {
		return err
	}
	alt := fmt.Sprintf("A slider over %s, from %s to %s. At %s: %s", s.Label, s.Values[0], s.Values[len(s.Values)-1], s.Values[s.Start], frames[s.Start].Alt)
	return deliver(&protocol.DisplayData{
		Data:     map[protocol.MIMEType]any{protocol.MIMETextHTML: page, protocol.MIMETextPlain: alt},
		Metadata: map[string]any{"alt": alt},
	})
}

// wake runs once the last figure is loaded, if scripts run at all: it shows the slider, and one figure in place of all.
const wake = `this.onload = null;
const box = this.parentElement, range = box.querySelector('input'), frames = [...box.querySelectorAll('img')];
range.dataset.lmSuppressShortcuts = 'true';
range.onkeydown = (event) => event.stopPropagation();
document.addEventListener('pointerdown', (event) => { if (event.target !== range) range.blur(); });
const show = () => {
  frames.forEach((f, i) => { f.style.display = i == range.value ? '' : 'none'; f.style.width = 'min(100%, ' + f.dataset.width + 'px)'; });
  box.querySelector('output').textContent = frames[range.value].dataset.value;
  range.setAttribute('aria-valuetext', frames[range.value].dataset.value);
};
box.querySelector('p').hidden = false;
range.oninput = show;
show();`

func (s Slide) page(frames []*Figure) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, `<div><p hidden><label>%s = <output></output> <input type="range" min="0" max="%d" value="%d" aria-label="%s" style="width:16em"></label></p>`,
		html.EscapeString(s.Label), len(frames)-1, s.Start, html.EscapeString(s.Label))
	for i, f := range frames {
		width := f.screenWidth()
		picture, err := f.PNG(width, 72*f.pixelsPerPoint()*slideSharp)
		if err != nil {
			return "", err
		}
		last := ""
		if i == len(frames)-1 {
			last = fmt.Sprintf(` onload="%s"`, html.EscapeString(wake))
		}
		fmt.Fprintf(&b, "\n"+`<img style="width:32%%" alt="%s" data-value="%s" data-width="%.0f"%s src="data:image/png;base64,%s">`,
			html.EscapeString(fmt.Sprintf("%s = %s: %s", s.Label, s.Values[i], f.Alt)), html.EscapeString(s.Values[i]),
			math.Round(float64(width)*f.pixelsPerPoint()), last, base64.StdEncoding.EncodeToString(picture))
	}
	b.WriteString("</div>")
	return b.String(), nil
}
