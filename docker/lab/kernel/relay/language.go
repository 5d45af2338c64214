package main

import "encoding/json"

// language is what Jupyter writes into a notebook that it opens. gonb gives the version of Go too, which would change each chapter
// on a machine with another Go, and no lexer, without which the cells of the report would be taken for Python's.
var language = map[string]string{"name": "go", "file_extension": ".go", "mimetype": "text/x-go", "pygments_lexer": "go"}

// nameLanguage puts the language into gonb's answer to what kernel it is.
func (m *message) nameLanguage() {
	var content map[string]any
	if m.content(&content) != nil {
		return
	}
	content["language_info"] = language
	m.raw[partContent], _ = json.Marshal(content)
}
