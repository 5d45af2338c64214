package result

import "fmt"

// Table is what reads best in rows, such as the verdicts of a ledger.
type Table struct {
	Title   string
	Columns []Quantity
	Rows    [][]string // one cell per column
}

// Check returns an error if the table has no columns, a column has no proper name, or a row has another number of cells.
func (t Table) Check() error {
	if len(t.Columns) == 0 {
		return fmt.Errorf("table %q has no columns: name at least one", t.Title)
	}
	for i, column := range t.Columns {
		if err := column.Check(); err != nil {
			return fmt.Errorf("table %q: column %d: %w", t.Title, i, err)
		}
	}
	for i, row := range t.Rows {
		if len(row) != len(t.Columns) {
			return fmt.Errorf("table %q: row %d has %d cells and there are %d columns: give one cell a column",
				t.Title, i, len(row), len(t.Columns))
		}
	}
	return nil
}
