// Package truetype cuts a TrueType font down to the glyphs that a text needs.
package truetype

import (
	"encoding/binary"
	"fmt"
	"slices"

	"golang.org/x/image/font/sfnt"
)

// Subset returns a TrueType font that holds the glyphs of the given runes and nothing else: no hints, kerning or
// names. It makes an SVG file with its font a few kilobytes large instead of a megabyte.
func Subset(font []byte, runes []rune) ([]byte, error) {
	parsed, err := sfnt.Parse(font)
	if err != nil {
		return nil, err
	}
	source, err := readTables(font)
	if err != nil {
		return nil, err
	}
	s := subset{source: source, long: be16(source["head"][50:]) == 1, number: map[uint16]uint16{}}
	s.glyph(0) // .notdef comes first
	runes = slices.Compact(slices.Sorted(slices.Values(runes)))
	var chars []rune
	var glyphs []uint16
	for _, r := range runes {
		index, err := parsed.GlyphIndex(nil, r)
		if err != nil {
			return nil, err
		}
		if index != 0 && r < 0xffff {
			chars, glyphs = append(chars, r), append(glyphs, s.glyph(uint16(index)))
		}
	}
	return s.build(chars, glyphs)
}

// subset collects glyphs under new numbers.
type subset struct {
	source map[string][]byte
	long   bool              // loca has four-byte offsets
	number map[uint16]uint16 // from the number in the source
	order  []uint16          // numbers in the source
}

// glyph returns the new number of a glyph of the source.
func (s *subset) glyph(old uint16) uint16 {
	n, known := s.number[old]
	if !known {
		n = uint16(len(s.order))
		s.number[old] = n
		s.order = append(s.order, old)
	}
	return n
}

func (s *subset) outline(old uint16) []byte {
	loca, glyf := s.source["loca"], s.source["glyf"]
	if s.long {
		return glyf[be32(loca[4*int(old):]):be32(loca[4*int(old)+4:])]
	}
	return glyf[2*int(be16(loca[2*int(old):])) : 2*int(be16(loca[2*int(old)+2:]))]
}

// unhinted returns a glyph without its instructions; a composite's parts join the subset and get their new numbers.
func (s *subset) unhinted(outline []byte) []byte {
	if len(outline) == 0 {
		return nil
	}
	contours := int16(be16(outline))
	if contours >= 0 {
		at := 10 + 2*int(contours)
		size := int(be16(outline[at:]))
		return slices.Concat(outline[:at], []byte{0, 0}, outline[at+2+size:])
	}
	const words, scale, more, xyScale, twoByTwo, instructions = 1 << 0, 1 << 3, 1 << 5, 1 << 6, 1 << 7, 1 << 8
	out := slices.Clone(outline)
	at := 10
	for {
		flags := be16(out[at:])
		binary.BigEndian.PutUint16(out[at:], flags&^uint16(instructions))
		binary.BigEndian.PutUint16(out[at+2:], s.glyph(be16(out[at+2:])))
		at += 6
		if flags&words != 0 {
			at += 2
		}
		switch {
		case flags&scale != 0:
			at += 2
		case flags&xyScale != 0:
			at += 4
		case flags&twoByTwo != 0:
			at += 8
		}
		if flags&more == 0 {
			return out[:at]
		}
	}
}

func (s *subset) build(chars []rune, glyphs []uint16) ([]byte, error) {
	var glyf, loca, hmtx []byte
	measured := int(be16(s.source["hhea"][34:])) // glyphs from here on share the last advance width
	widths := s.source["hmtx"]
	for i := 0; i < len(s.order); i++ { // grows while composites bring their parts
		old := int(s.order[i])
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		glyf = append(glyf, s.unhinted(s.outline(uint16(old)))...)
		glyf = append(glyf, make([]byte, -len(glyf)&3)...)
		if old < measured {
			hmtx = append(hmtx, widths[4*old:4*old+4]...)
		} else {
			hmtx = append(hmtx, widths[4*measured-4:4*measured-2]...)
			hmtx = append(hmtx, widths[4*measured+2*(old-measured):][:2]...)
		}
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	count := uint16(len(s.order))

	tables := map[string][]byte{
		"glyf": glyf, "loca": loca, "hmtx": hmtx, "cmap": characterMap(chars, glyphs),
		"name": {0, 0, 0, 0, 0, 6},
		"post": append([]byte{0, 3, 0, 0}, s.source["post"][4:32]...),
		"OS/2": s.source["OS/2"],
	}
	for name, field := range map[string]struct {
		at    int
		value uint16
	}{"head": {50, 1}, "hhea": {34, count}, "maxp": {4, count}} {
		tables[name] = slices.Clone(s.source[name])
		binary.BigEndian.PutUint16(tables[name][field.at:], field.value)
	}
	return writeTables(tables), nil
}

// characterMap is a cmap table with a segment a character (format 4).
func characterMap(chars []rune, glyphs []uint16) []byte {
	segments := len(chars) + 1 // the last maps U+FFFF to .notdef, as the format wants it
	var starts, deltas []byte
	for i, r := range chars {
		starts = binary.BigEndian.AppendUint16(starts, uint16(r))
		deltas = binary.BigEndian.AppendUint16(deltas, glyphs[i]-uint16(r))
	}
	starts, deltas = append(starts, 0xff, 0xff), append(deltas, 0, 1)
	power := 1
	for 2*power <= segments {
		power *= 2
	}
	log := uint16(0)
	for 1<<log < power {
		log++
	}
	out := []byte{0, 0, 0, 1, 0, 3, 0, 1, 0, 0, 0, 12} // one table: Windows, Unicode
	for _, v := range []uint16{4, uint16(16 + 8*segments), 0, uint16(2 * segments), uint16(2 * power), log, uint16(2 * (segments - power))} {
		out = binary.BigEndian.AppendUint16(out, v)
	}
	return slices.Concat(out, starts, []byte{0, 0}, starts, deltas, make([]byte, 2*segments)) // ends equal starts
}

func readTables(font []byte) (map[string][]byte, error) {
	tables := make(map[string][]byte)
	for i := range int(be16(font[4:])) {
		record := font[12+16*i:]
		tables[string(record[:4])] = font[be32(record[8:]):][:be32(record[12:])]
	}
	for _, name := range []string{"head", "hhea", "maxp", "hmtx", "loca", "glyf", "post", "OS/2"} {
		if tables[name] == nil {
			return nil, fmt.Errorf("the font has no table %q: embed a TrueType font", name)
		}
	}
	return tables, nil
}

func writeTables(tables map[string][]byte) []byte {
	names := make([]string, 0, len(tables))
	for name := range tables {
		names = append(names, name)
	}
	slices.Sort(names)
	const searchRange, entrySelector = 128, 3 // of ten tables
	out := []byte{0, 1, 0, 0}
	for _, v := range []uint16{uint16(len(names)), searchRange, entrySelector, uint16(16*len(names) - searchRange)} {
		out = binary.BigEndian.AppendUint16(out, v)
	}
	var body []byte
	for _, name := range names {
		table := tables[name]
		out = append(out, name...)
		for _, v := range []uint32{checksum(table), uint32(12 + 16*len(names) + len(body)), uint32(len(table))} {
			out = binary.BigEndian.AppendUint32(out, v)
		}
		body = append(body, table...)
		body = append(body, make([]byte, -len(body)&3)...)
	}
	return append(out, body...)
}

func checksum(table []byte) (sum uint32) {
	padded := append(slices.Clone(table), make([]byte, -len(table)&3)...)
	for i := 0; i < len(padded); i += 4 {
		sum += be32(padded[i:])
	}
	return sum
}

func be16(b []byte) uint16 { return binary.BigEndian.Uint16(b) }
func be32(b []byte) uint32 { return binary.BigEndian.Uint32(b) }
