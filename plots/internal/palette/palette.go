// Package palette has the colours of curves and cells: safe for the colour-blind, a set without an order and a scale with one.
package palette

import (
	"image/color"
	"math"
)

// OkabeIto is the palette of Okabe and Ito (2008) for things without an order, less yellow, which white paper swallows.
var OkabeIto = [...]color.RGBA{
	{R: 0x00, G: 0x72, B: 0xb2, A: 255},
	{R: 0xd5, G: 0x5e, B: 0x00, A: 255},
	{R: 0x00, G: 0x9e, B: 0x73, A: 255},
	{R: 0xcc, G: 0x79, B: 0xa7, A: 255},
	{R: 0xe6, G: 0x9f, B: 0x00, A: 255},
	{R: 0x56, G: 0xb4, B: 0xe9, A: 255},
	{R: 0x00, G: 0x00, B: 0x00, A: 255},
}

// viridisAnchors are nine equidistant colours of matplotlib's viridis; between them linear interpolation cannot be told
// from the original.
var viridisAnchors = [...]color.RGBA{
	{R: 0x44, G: 0x01, B: 0x54, A: 255},
	{R: 0x47, G: 0x2d, B: 0x7b, A: 255},
	{R: 0x3b, G: 0x52, B: 0x8b, A: 255},
	{R: 0x2c, G: 0x72, B: 0x8e, A: 255},
	{R: 0x21, G: 0x90, B: 0x8c, A: 255},
	{R: 0x27, G: 0xad, B: 0x81, A: 255},
	{R: 0x5d, G: 0xc8, B: 0x63, A: 255},
	{R: 0xaa, G: 0xdc, B: 0x32, A: 255},
	{R: 0xfd, G: 0xe7, B: 0x25, A: 255},
}

// Viridis returns the colour at t in [0, 1].
func Viridis(t float64) color.RGBA {
	if !(t > 0) {
		return viridisAnchors[0]
	}
	position := math.Min(t, 1) * float64(len(viridisAnchors)-1)
	i := min(int(position), len(viridisAnchors)-2)
	a, b, rest := viridisAnchors[i], viridisAnchors[i+1], position-float64(i)
	mix := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + rest*(float64(y)-float64(x)))) }
	return color.RGBA{R: mix(a.R, b.R), G: mix(a.G, b.G), B: mix(a.B, b.B), A: 255}
}

// LineViridis is viridis without its light end, which is too faint for a thin line on white.
func LineViridis(t float64) color.RGBA { return Viridis(0.82 * t) }
