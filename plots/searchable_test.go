package plots

import (
	"strings"
	"testing"

	"alphascale/lib/result"

	"github.com/janpfeifer/gonb/gonbui/protocol"
)

func ledgerOfTwo() result.Table {
	return result.Table{
		Title: "Two <claims>", Columns: []result.Quantity{{Name: "id"}, {Name: "verdict"}},
		Rows: [][]string{{"G1", "true"}, {"G2", "if α < 1 & not \"else\""}},
	}
}

// TestSearchableTable has every cell as text that no character of it can break, and links from the first column alone.
func TestSearchableTable(t *testing.T) {
	f, err := SearchableTable(ledgerOfTwo(), map[string]string{"G1": "02_gradients.ipynb#a&b"}, Name("two"))
	if err != nil {
		t.Fatal(err)
	}
	shown, err := f.display()
	if err != nil {
		t.Fatal(err)
	}
	page, isPage := shown.Data[protocol.MIMETextHTML].(string)
	if !isPage || shown.Data[protocol.MIMEImagePNG] != nil {
		t.Fatalf("it is shown as %v", shown.Data)
	}
	for _, want := range []string{
		`<a href="02_gradients.ipynb#a&amp;b">G1</a>`, ">true</td>", "if α &lt; 1 &amp; not &#34;else&#34;", `aria-label="Search Two &lt;claims&gt;"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s:\n%s", want, page)
		}
	}
	if n := strings.Count(page, "<tr>"); n != 3 {
		t.Errorf("%d rows, want a heading and two", n)
	}
}

func TestSearchableTableRefuses(t *testing.T) {
	if _, err := SearchableTable(ledgerOfTwo(), map[string]string{"G3": "x"}); err == nil || !strings.Contains(err.Error(), "G3") {
		t.Errorf("a link from a row that is not there: %v", err)
	}
	if _, err := SearchableTable(result.Table{Title: "empty", Columns: []result.Quantity{{Name: "id"}}}, nil); err == nil {
		t.Error("a table without rows is no error")
	}
}
