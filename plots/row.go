package plots

// Row gathers figures to be set side by side. It keeps the first error of a chart, so that charts are given to it as they are:
//
//	must.Show(plots.Beside(plots.LossFan(runs)).And(plots.LossFan(compensated)).Figure())
type Row struct {
	figures []*Figure
	name    string
	err     error
}

// Beside begins a row with a figure, or with the error of the chart that should have drawn it.
func Beside(f *Figure, err error) *Row { return (&Row{}).And(f, err) }

// And adds a figure to the row, or the error of the chart that should have drawn it.
func (r *Row) And(f *Figure, err error) *Row {
	if r.err == nil {
		r.figures, r.err = append(r.figures, f), err
	}
	return r
}

// Name gives the row a name of its own, in place of that of its first figure: see the option Name.
func (r *Row) Name(name string) *Row {
	r.name = name
	return r
}

// Figure is that of SideBySide. The first error of a chart comes first.
func (r *Row) Figure() (*Figure, error) {
	if r.err != nil {
		return nil, r.err
	}
	f, err := SideBySide(r.figures...)
	if err == nil && r.name != "" {
		f.name = r.name
	}
	return f, err
}
