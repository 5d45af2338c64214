package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// display is a message by which a kernel shows HTML.
func display(kind, page string) *message {
	return request("1", kind, map[string]any{"data": map[string]any{"text/html": page, "text/plain": "a < b"}, "metadata": map[string]any{"x": 1}})
}

func pageOf(t *testing.T, m *message) string {
	t.Helper()
	var content struct {
		Data     map[string]string
		Metadata map[string]int
	}
	if err := json.Unmarshal(m.raw[partContent], &content); err != nil || content.Data["text/plain"] != "a < b" || content.Metadata["x"] != 1 {
		t.Errorf("the rest of the message is %s, %v", m.raw[partContent], err)
	}
	return content.Data["text/html"]
}

// TestScriptIsMended: the very script of the gonb that is built finds its server behind https and a base URL, and asks again until it is
// answered. Should a new gonb have other words in it, this test says so.
func TestScriptIsMended(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/janpfeifer/gonb").Output()
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(out)), "internal/websocket/websocket.js"))
	if err != nil {
		t.Fatal(err)
	}
	page := "<script>" + string(script) + "</script>"
	for _, kind := range []string{"update_display_data", "display_data"} {
		m := display(kind, page)
		m.mendScript()
		got := pageOf(t, m)
		for _, want := range []string{`"wss://"`, "jupyter-config-data", "tries >= 20"} {
			if strings.Count(got, want) != 1 {
				t.Errorf("%s: %q stands %d times in the script", kind, want, strings.Count(got, want))
			}
		}
		if strings.Contains(got, `host + "/api`) {
			t.Errorf("%s: the address is still fixed", kind)
		}
	}
}

// What is no such script stays as it is, to the byte.
func TestOtherPagesStay(t *testing.T) {
	address := `"ws://" + document.location.host + "/api/kernels/`
	for _, m := range []*message{display("display_data", "<p>"+address+"</p>"), display("stream", "gonb_comm "+address), request("1", "display_data", "text")} {
		before := string(m.raw[partContent])
		if m.mendScript(); string(m.raw[partContent]) != before {
			t.Errorf("%s became %s", before, m.raw[partContent])
		}
	}
}
