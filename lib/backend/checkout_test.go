package backend

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPluginAbove(t *testing.T) {
	root := t.TempDir()
	want := filepath.Join(root, filepath.FromSlash(pluginFolder))
	deep := filepath.Join(root, "lib", "backend")
	for _, folder := range []string{want, deep} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if got := pluginAbove(deep); got != "" {
		t.Errorf("a set-up without a plugin: %q", got)
	}
	if err := os.WriteFile(filepath.Join(want, pluginFile), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for folder, want := range map[string]string{
		deep: want, root: want,
		"alphascale/lib/backend": "", // as -trimpath leaves it
		"":                       "",
	} {
		if got := pluginAbove(folder); got != want {
			t.Errorf("above %q: %q, want %q", folder, got, want)
		}
	}
}
