package plots

import (
	"fmt"
	"html"
	"strings"

	"alphascale/lib/result"
)

// SearchableTable is VerdictTable as a page of text: a reader can search it, select from it and follow its links, which lead from
// cells of the first column, by their text. The files of the figure are those of VerdictTable. Where a notebook runs no scripts,
// as one that is not trusted or a page on GitHub, the table is there and the field to search by does nothing.
//
// Errors are those of VerdictTable, and a link from a cell that the first column does not have.
func SearchableTable(t result.Table, links map[string]string, opts ...Option) (*Figure, error) {
	f, err := VerdictTable(t, opts...)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, row := range t.Rows {
		known[row[0]] = true
	}
	for from := range links {
		if !known[from] {
			return nil, fmt.Errorf("a link from %q, which the first column of the table %q does not have", from, t.Title)
		}
	}
	f.page = tablePage(t, links)
	return f, nil
}

// search hides the rows of the table behind the field that do not contain what was typed.
const search = `for (const row of this.nextElementSibling.tBodies[0].rows) row.hidden = !row.textContent.toLowerCase().includes(this.value.toLowerCase())`

func tablePage(t result.Table, links map[string]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<div><input type="search" placeholder="Search: an id, a verdict, a word" aria-label="Search %s" size="40" oninput="%s">`,
		html.EscapeString(t.Title), html.EscapeString(search))
	b.WriteString(`<table style="text-align:left"><thead><tr>`)
	for _, column := range t.Columns {
		fmt.Fprintf(&b, `<th style="text-align:left">%s</th>`, html.EscapeString(column.Label()))
	}
	b.WriteString("</tr></thead><tbody>\n")
	for _, row := range t.Rows {
		b.WriteString("<tr>")
		for j, cell := range row {
			text := html.EscapeString(cell)
			if to, linked := links[cell]; linked && j == 0 {
				text = fmt.Sprintf(`<a href="%s">%s</a>`, html.EscapeString(to), text)
			}
			fmt.Fprintf(&b, `<td style="text-align:left;vertical-align:top">%s</td>`, text)
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody></table></div>")
	return b.String()
}
