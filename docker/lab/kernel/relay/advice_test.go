package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestAdvice puts a sentence before what the compiler says of a cell that is no Go of a notebook's, and leaves other errors alone.
func TestAdvice(t *testing.T) {
	for says, want := range map[string]string{
		"Cell[1]: Line 1\n\nexpected declaration, found x":                                     "put %% above",
		"illegal character U+003F '?'":                                                         "Shift-Tab",
		"expected statement, found 'import' (and 1 more errors)":                               "Imports stand above",
		"go: x imports\n\tgithub.com/a/b: cannot find module providing package github.com/a/b": "GOPROXY",
		"undefined: nowhere": "",
	} {
		m := request("1", "error", map[string]any{"ename": "ERROR", "evalue": "was", "traceback": []string{says}})
		before := string(m.raw[partContent])
		m.advise()
		if want == "" {
			if string(m.raw[partContent]) != before {
				t.Errorf("%s became %s", before, m.raw[partContent])
			}
			continue
		}
		var got struct {
			Ename, Evalue string
			Traceback     []string
		}
		if err := json.Unmarshal(m.raw[partContent], &got); err != nil {
			t.Fatal(err)
		}
		if len(got.Traceback) != 2 || got.Traceback[1] != says || !strings.Contains(got.Traceback[0], want) || got.Ename != "ERROR" || !strings.Contains(got.Evalue, want) {
			t.Errorf("%q became %+v, want %q first", says, got, want)
		}
	}
	m := request("1", "stream", map[string]string{"text": "expected declaration, found x"})
	before := string(m.raw[partContent])
	if m.advise(); string(m.raw[partContent]) != before {
		t.Error("what a cell prints is taken for an error")
	}
}
