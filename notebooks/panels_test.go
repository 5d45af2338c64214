package notebooks_test

import (
	"image"
	"image/color"
)

// panels finds the axes of a figure by their vertical lines. A panel reaches from one to the next.
func panels(picture *image.RGBA) []image.Rectangle {
	const shortest, apart = 150, 100
	axisInk, bounds := color.RGBA{0x59, 0x59, 0x59, 0xff}, picture.Rect
	var found []image.Rectangle
	for x := bounds.Min.X; x < bounds.Max.X; x++ {
		run := 0
		for y := bounds.Min.Y; y < bounds.Max.Y && run < shortest; y++ {
			if picture.RGBAAt(x, y) == axisInk {
				run++
			} else {
				run = 0
			}
		}
		if n := len(found); run == shortest && (n == 0 || x > found[n-1].Min.X+apart) {
			if n > 0 {
				found[n-1].Max.X = x
			}
			found = append(found, image.Rect(x, bounds.Min.Y, bounds.Max.X, bounds.Max.Y))
		}
	}
	return found
}

// width is the number of columns of tiles that a curve takes up in a panel.
func width(tiles map[at]int, panel image.Rectangle) int {
	columns := map[int]bool{}
	for t := range tiles {
		if x := t.column * tile; x >= panel.Min.X && x < panel.Max.X {
			columns[t.column] = true
		}
	}
	return len(columns)
}

// leastColumns of tiles make a curve of what has a colour in a panel; less is a mark.
const leastColumns = 8

// missing reports whether a curve is gone from a whole panel of the picture: where most of it is in other panels, its share of the
// figure does not say so.
func missing(picture *image.RGBA, tiles, there map[at]int) bool {
	for _, panel := range panels(picture) {
		if width(tiles, panel) >= leastColumns && width(there, panel) == 0 {
			return true
		}
	}
	return false
}
