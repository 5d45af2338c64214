package result

import (
	"fmt"
	"io"
	"math"
	"strconv"
)

// WriteSeries writes curves of the same two quantities as CSV, a line per point: label, α (empty where there is none), x, y,
// and the interval where a series has one. Numbers are written so that reading gives the same bits.
func WriteSeries(w io.Writer, series []Series) error {
	if len(series) == 0 {
		return fmt.Errorf("there are no series to write: give at least one")
	}
	first := series[0]
	rows := records{{"label", "α", first.X.header(), first.Y.header(), "lower", "upper"}}
	for _, s := range series {
		if err := s.Check(); err != nil {
			return err
		}
		if s.X != first.X || s.Y != first.Y {
			return fmt.Errorf("series %q is %s against %s and series %q is %s against %s: write them to two files",
				first.Name(), first.Y.Label(), first.X.Label(), s.Name(), s.Y.Label(), s.X.Label())
		}
		for i := range s.Xs {
			row := []string{s.Label, "", format(s.Xs[i]), format(s.Ys[i]), "", ""}
			if s.Alpha != 0 {
				row[1] = format(s.Alpha)
			}
			if s.Lower != nil {
				row[4], row[5] = format(s.Lower[i]), format(s.Upper[i])
			}
			rows = append(rows, row)
		}
	}
	return rows.writeTo(w)
}

// ReadSeries reads what WriteSeries wrote. Series without points are not in the file. Lines of one label and α that
// follow one another are one series.
func ReadSeries(r io.Reader) ([]Series, error) {
	rows, lines, err := readRecords(r, 6)
	if err != nil {
		return nil, err
	}
	var all []Series
	for n, row := range rows[1:] {
		line := parser{line: lines[n+1]}
		alpha := line.optional(row[1])
		x, y, lower, upper := line.number(row[2]), line.number(row[3]), row[4], row[5]
		if len(all) == 0 || all[len(all)-1].Label != row[0] || all[len(all)-1].Alpha != alpha {
			all = append(all, Series{Label: row[0], Alpha: alpha, X: parseHeader(rows[0][2]), Y: parseHeader(rows[0][3])})
		}
		s := &all[len(all)-1]
		s.Xs, s.Ys = append(s.Xs, x), append(s.Ys, y)
		if lower != "" {
			s.Lower, s.Upper = append(s.Lower, line.number(lower)), append(s.Upper, line.number(upper))
		}
		if line.err != nil {
			return nil, line.err
		}
	}
	for _, s := range all {
		if err := s.Check(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// WriteGrid writes a grid as CSV, a line per cell: x, y, z.
func WriteGrid(w io.Writer, g Grid) error {
	if err := g.Check(); err != nil {
		return err
	}
	rows := records{{g.X.header(), g.Y.header(), g.Z.header()}}
	for i, y := range g.Ys {
		for j, x := range g.Xs {
			rows = append(rows, []string{format(x), format(y), format(g.Zs[i][j])})
		}
	}
	return rows.writeTo(w)
}

// ReadGrid reads what WriteGrid wrote. An error names the line where the cells stop being a grid.
func ReadGrid(r io.Reader) (Grid, error) {
	rows, lines, err := readRecords(r, 3)
	if err != nil {
		return Grid{}, err
	}
	g := Grid{X: parseHeader(rows[0][0]), Y: parseHeader(rows[0][1]), Z: parseHeader(rows[0][2])}
	for n, row := range rows[1:] {
		line := parser{line: lines[n+1]}
		x, y, z := line.number(row[0]), line.number(row[1]), line.number(row[2])
		if line.err != nil {
			return Grid{}, line.err
		}
		if len(g.Ys) == 0 || y != g.Ys[len(g.Ys)-1] {
			g.Ys, g.Zs = append(g.Ys, y), append(g.Zs, nil)
		}
		last := len(g.Ys) - 1
		if last == 0 {
			g.Xs = append(g.Xs, x)
		}
		if j := len(g.Zs[last]); j >= len(g.Xs) || g.Xs[j] != x {
			return Grid{}, fmt.Errorf("line %d: x = %v is not the next one of the grid's first row: write rows of the same x", lines[n+1], x)
		}
		g.Zs[last] = append(g.Zs[last], z)
	}
	return g, g.Check()
}

// WriteTable writes a table as CSV; its title is not in the file.
func WriteTable(w io.Writer, t Table) error {
	if err := t.Check(); err != nil {
		return err
	}
	header := make([]string, len(t.Columns))
	for i, column := range t.Columns {
		header[i] = column.header()
	}
	return append(records{header}, t.Rows...).writeTo(w)
}

// ReadTable reads what WriteTable wrote.
func ReadTable(r io.Reader) (Table, error) {
	rows, _, err := readRecords(r, 1)
	if err != nil {
		return Table{}, err
	}
	t := Table{Rows: rows[1:]}
	for _, header := range rows[0] {
		t.Columns = append(t.Columns, parseHeader(header))
	}
	return t, t.Check()
}

// format writes a number so that parsing it gives the same bits; NaN and Inf are written as such.
func format(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// parser reads numbers of one line and keeps the first error.
type parser struct {
	line int
	err  error
}

func (p *parser) number(cell string) float64 {
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil && p.err == nil {
		p.err = fmt.Errorf("line %d: %q is not a number", p.line, cell)
		return math.NaN()
	}
	return v
}

func (p *parser) optional(cell string) float64 {
	if cell == "" {
		return 0
	}
	return p.number(cell)
}
