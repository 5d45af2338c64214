package main

import (
	"encoding/json"
	"regexp"
	"strings"
)

// advice is what to write where a cell fails as Go fails that is not a notebook's: a sentence for what the compiler says.
var advice = []struct {
	says     *regexp.Regexp
	sentence string
}{
	{
		regexp.MustCompile(`illegal character U\+003F '\?'`),
		"For what a name means put the cursor on it and press Shift-Tab; ?name is none of Go's.",
	},
	{
		regexp.MustCompile(`expected declaration, found `),
		"What is to be run stands below a line %% of its own, and a value is shown by fmt.Println(value): put %% above it.",
	},
	{
		regexp.MustCompile(`expected statement, found 'import'`),
		"Imports stand above the line %%, or in a cell of their own: put them there.",
	},
	{
		regexp.MustCompile(`cannot find module providing package|module lookup disabled by GOPROXY=off`),
		"The package belongs to no module that is installed, and cells download none while GOPROXY is off: correct its path, or allow " +
			"downloads until the kernel is restarted by %env GOPROXY direct in a cell of its own.",
	},
}

// advise puts the sentence before the error that gonb publishes, if there is one for it.
func (m *message) advise() {
	if m.header.Type != "error" {
		return
	}
	var content map[string]json.RawMessage
	var traceback []string
	if m.content(&content) != nil || json.Unmarshal(content["traceback"], &traceback) != nil {
		return
	}
	for _, a := range advice {
		if a.says.MatchString(strings.Join(traceback, "\n")) {
			content["evalue"], _ = json.Marshal(a.sentence)
			content["traceback"], _ = json.Marshal(append([]string{a.sentence + "\n"}, traceback...))
			m.raw[partContent], _ = json.Marshal(content)
			return
		}
	}
}
