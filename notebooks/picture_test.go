package notebooks_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"slices"
	"strings"
)

// What two pictures share is their shape: every curve is there along the axis, most of it near its old place, and areas of
// one colour, such as the cells of a heat map, mostly keep their colour.
const (
	// tile is the side, in pixels, of the squares in which colours are looked for: about one letter. A curve may move by
	// one or two of them.
	tile = 16
	// likeness is the greatest difference between two shades, out of 255 in each channel, that are one colour.
	likeness = 16
	// leastPixels is how many pixels of a colour a curve has; shades in the ramp of a heat map's key have fewer.
	leastPixels = 60
	// pngShare is how many of a lawful picture's pixels may differ visibly.
	pngShare = 0.002
)

// limits are shares, from 0 to 1.
type limits struct {
	lost   float64 // of a curve's extent: it may go behind other curves there
	moved  float64 // of a curve: it may lie elsewhere
	filled float64 // of the picture: it may have another colour
}

var (
	lawful = limits{lost: 0.05, moved: 0.02, filled: 0.002}
	// Between processors 0.17 was seen lost, where a curve missing from one of three panels is 0.32; 0.25 moved, where two
	// points of seven did; 0.013 filled anew, a diagonal of a heat map beyond the edge of stability.
	chaotic = limits{lost: 0.25, moved: 0.6, filled: 0.04}
)

func samePNG(was, is string, set settings) error {
	a, err := decode(was)
	if err != nil {
		return fmt.Errorf("the committed picture: %w", err)
	}
	b, err := decode(is)
	if err != nil {
		return fmt.Errorf("the fresh picture: %w", err)
	}
	return sameImage(a, b, set)
}

// sameImage allows for a few pixels, where a curve's rounding differs, but for no curve; of what is chaotic or volatile it
// compares the shape alone.
func sameImage(was, is *image.RGBA, set settings) error {
	if was.Rect != is.Rect {
		return fmt.Errorf("the picture was %v and is %v", was.Rect, is.Rect)
	}
	if set.Chaotic || set.Volatile {
		return sameShape(was, is, chaotic)
	}
	differ, all := 0, len(was.Pix)/4
	for i := 0; i < len(was.Pix); i += 4 {
		if visible(was.Pix[i:i+4], is.Pix[i:i+4]) {
			differ++
		}
	}
	if float64(differ) > pngShare*float64(all) {
		return fmt.Errorf("%d of the picture's %d pixels differ", differ, all)
	}
	if differ == 0 {
		return nil
	}
	return sameShape(was, is, lawful)
}

func decode(encoded string) (*image.RGBA, error) {
	raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(encoded), ""))
	if err != nil {
		return nil, err
	}
	picture, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	pixels := image.NewRGBA(picture.Bounds())
	draw.Draw(pixels, pixels.Rect, picture, pixels.Rect.Min, draw.Src)
	return pixels, nil
}

// visible says whether two pixels differ by an eighth of the scale or more in one of their channels.
func visible(a, b []uint8) bool {
	for i := range a {
		if max(a[i], b[i])-min(a[i], b[i]) > 255/8 {
			return true
		}
	}
	return false
}

// at is the place of a tile.
type at struct{ row, column int }

// colours says, for each colour of a picture, in which tiles it is and with how many pixels. Pixels at the rim of a
// line, which is blended with what lies behind, are left out, and so are the greys of letters and axes.
type colours map[color.RGBA]map[at]int

// look splits the colours of a picture into those of lines and those that fill at least one tile, as the background does.
func look(p *image.RGBA) (lines, fills colours) {
	lines, fills = colours{}, colours{}
	at4 := func(i int) [4]uint8 { return [4]uint8(p.Pix[i : i+4]) }
	for y := 1; y < p.Rect.Dy()-1; y++ {
		for x := 1; x < p.Rect.Dx()-1; x++ {
			i := y*p.Stride + 4*x
			c := at4(i)
			if at4(i-4) != c || at4(i+4) != c || at4(i-p.Stride) != c || at4(i+p.Stride) != c {
				continue
			}
			rgba := color.RGBA{c[0], c[1], c[2], c[3]}
			if lines[rgba] == nil {
				lines[rgba] = map[at]int{}
			}
			lines[rgba][at{y / tile, x / tile}]++
		}
	}
	for c, tiles := range lines {
		switch {
		case slices.Contains(slices.Collect(maps.Values(tiles)), tile*tile):
			fills[c] = tiles
			delete(lines, c)
		case sum(tiles) < leastPixels || c.R == c.G && c.G == c.B && c.R != 0:
			delete(lines, c)
		}
	}
	return lines, fills
}

func sum(tiles map[at]int) int {
	all := 0
	for _, n := range tiles {
		all += n
	}
	return all
}

// like returns the tiles with a shade of the colour.
func (s colours) like(c color.RGBA) map[at]int {
	all := map[at]int{}
	for other, tiles := range s {
		if near(c.R, other.R) && near(c.G, other.G) && near(c.B, other.B) {
			maps.Copy(all, tiles)
		}
	}
	return all
}

func near(a, b uint8) bool { return max(a, b)-min(a, b) <= likeness }

// around says whether a tile or one of its neighbours is among the given ones.
func around(tiles map[at]int, t at) bool {
	for row := t.row - 1; row <= t.row+1; row++ {
		for column := t.column - 1; column <= t.column+1; column++ {
			if _, found := tiles[at{row, column}]; found {
				return true
			}
		}
	}
	return false
}

// sameShape compares two pictures of one size.
func sameShape(was, is *image.RGBA, limit limits) error {
	if err := within(was, is, limit); err != nil {
		return fmt.Errorf("of the committed picture %w in the fresh one", err)
	}
	if err := within(is, was, limit); err != nil {
		return fmt.Errorf("of the fresh picture %w in the committed one", err)
	}
	return nil
}

// within says what one picture has and the other has not.
func within(a, b *image.RGBA, limit limits) error {
	lines, fills := look(a)
	linesOfB, fillsOfB := look(b)
	everything := maps.Clone(linesOfB)
	maps.Copy(everything, fillsOfB)
	for c, tiles := range lines {
		there := everything.like(c)
		if lost := lost(tiles, there); lost > limit.lost {
			return fmt.Errorf("the curve of colour #%02x%02x%02x is missing over %.0f %% of its extent", c.R, c.G, c.B, 100*lost)
		}
		if missing(a, tiles, there) {
			return fmt.Errorf("the curve of colour #%02x%02x%02x is missing from a panel", c.R, c.G, c.B)
		}
		if moved := float64(astray(tiles, there)) / float64(sum(tiles)); moved > limit.moved {
			return fmt.Errorf("%.0f %% of the curve of colour #%02x%02x%02x are elsewhere", 100*moved, c.R, c.G, c.B)
		}
	}
	changed := 0
	for c, tiles := range fills {
		changed += astray(tiles, everything.like(c))
	}
	if share := float64(changed) / float64(a.Rect.Dx()*a.Rect.Dy()); share > limit.filled {
		return fmt.Errorf("%.1f %% have another colour", 100*share)
	}
	return nil
}

// astray counts the pixels of tiles that have none of there around them.
func astray(tiles, there map[at]int) int {
	count := 0
	for t, n := range tiles {
		if !around(there, t) {
			count += n
		}
	}
	return count
}

// lost is the share of a curve's columns of tiles in which it is nowhere, at whatever height.
func lost(tiles, there map[at]int) float64 {
	columns, others := map[int]bool{}, map[int]bool{}
	for t := range tiles {
		columns[t.column] = true
	}
	for t := range there {
		others[t.column-1], others[t.column], others[t.column+1] = true, true, true
	}
	missing := 0
	for column := range columns {
		if !others[column] {
			missing++
		}
	}
	return float64(missing) / float64(len(columns))
}
