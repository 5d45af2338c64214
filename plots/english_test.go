package plots_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// translated are turns of phrase at which a native reader stops: they are right in another language. What to write instead stands
// beside each.
var translated = map[string]*regexp.Regexp{
	"derivative with respect to":    regexp.MustCompile(`(?i)(?:gradient|derivative|differentiat\w+)(?: of [^.;,]{0,30})? by (?:w\b|u\b|\$|the weights|W_|a weight)`),
	"what changes it":               regexp.MustCompile(`what turns it`),
	"explicitly, or nothing":        regexp.MustCompile(`in so many words`),
	"otherwise":                     regexp.MustCompile(`\bor else\b|[.;] Else\b`),
	"another order of words":        regexp.MustCompile(`\bkept is\b|\bafter is next\b`),
	"per row, per layer, per step":  regexp.MustCompile(`\b(?:one|once) (?:target|label|norm|number|value) a (?:row|layer|step)\b`),
	"agree, or coincide":            regexp.MustCompile(`\bfall together\b`),
	"for example, or left out":      regexp.MustCompile(`\bas for instance\b`),
	"until then, or left out":       regexp.MustCompile(`\bup to now\b`),
	"looks like":                    regexp.MustCompile(`\bhow it looks like\b`),
	"allows one to, or makes it so": regexp.MustCompile(`\ballows to\b|\bpermits to\b`),
}

// TestEnglish reads comments, texts of errors, documents and chapters for them.
func TestEnglish(t *testing.T) {
	read := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != ".." && strings.HasPrefix(entry.Name(), "."), entry.IsDir() && entry.Name() == "testdata":
			return filepath.SkipDir
		case entry.IsDir() || filepath.Base(path) == "english_test.go":
			return nil
		}
		text, known := prose(t, path)
		if known {
			read++
		}
		for better, phrase := range translated {
			if found := phrase.FindString(text); found != "" {
				t.Errorf("%s says %q: write %s", path, found, better)
			}
		}
		return nil
	})
	if err != nil || read < 300 {
		t.Errorf("%d files were read: %v", read, err)
	}
	if !translated["derivative with respect to"].MatchString("the gradient of the loss by the weights") {
		t.Error("a translated phrase is not found")
	}
}

// prose is the text of a file in which a person writes, and whether it is one: of a notebook its cells without their outputs.
func prose(t *testing.T, path string) (text string, known bool) {
	t.Helper()
	switch filepath.Ext(path) {
	case ".go", ".md", ".py", ".sh", ".mjs":
	case ".ipynb":
		known = true
	default:
		return "", false
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !known {
		return string(data), true
	}
	var notebook struct {
		Cells []struct{ Source []string }
	}
	if err := json.Unmarshal(data, &notebook); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	for _, cell := range notebook.Cells {
		text += strings.Join(cell.Source, "") + "\n"
	}
	return text, true
}
