package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
)

// In the folder in which gonb composes cells, which ends with the kernel, stands what has been built and what modules were found for. Go does not see
// files whose names begin with a dot.
const (
	usedFile    = ".cellgo-used.go"
	overlayFile = ".cellgo-overlay.json"
	builtFile   = ".cellgo-built.json"
	fetchedFile = ".cellgo-fetched.json"
)

// readRecord is what the cell before had, the hash of each declaration by its key. It is nil for the first cell.
func readRecord() (before map[string]string) {
	text, err := os.ReadFile(builtFile)
	if err != nil || json.Unmarshal(text, &before) != nil {
		return nil
	}
	return before
}

func (c *cell) now() map[string]string {
	now := map[string]string{}
	for _, d := range c.declarations {
		if d.key != "main" { // each cell has its own
			now[d.key] = d.hash
		}
	}
	return now
}

// changed has the keys of declarations that are new, others than they were, or gone.
func (c *cell) changed(before map[string]string) map[string]bool {
	changed, now := map[string]bool{}, c.now()
	for key, hash := range now {
		if was, ok := before[key]; !ok || was != hash {
			changed[key] = true
		}
	}
	for key := range before {
		if _, ok := now[key]; !ok {
			changed[key] = true
		}
	}
	return changed
}

// record keeps what was built. Without it the next cell is checked whole.
func (c *cell) record() {
	text, _ := json.Marshal(c.now()) // strings are never an error
	_ = os.WriteFile(builtFile, text, 0o600)
}

// writeUsed writes what the cell uses, and the file by which go takes it for the cell.
func writeUsed(text []byte) error {
	whole, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	replace, _ := json.Marshal(map[string]map[string]string{"Replace": {whole: usedFile}})
	return errors.Join(os.WriteFile(usedFile, text, 0o600), os.WriteFile(overlayFile, replace, 0o600))
}

// fetchedFor are the imports that modules were found for, and the hash of the files that name the modules.
type fetchedFor struct {
	Modules string
	Imports map[string]bool
}

// wanted is what the cell imports now; ok is false if that cannot be told.
func wanted() (now fetchedFor, ok bool) {
	text, err := os.ReadFile(file)
	if err != nil {
		return now, false
	}
	c, err := parse(text)
	if err != nil {
		return now, false
	}
	sum := sha256.New()
	for _, name := range []string{"go.mod", "go.sum", "go.work"} {
		text, _ := os.ReadFile(name) // one that is not there has no text
		sum.Write(text)
	}
	now = fetchedFor{hex.EncodeToString(sum.Sum(nil)), map[string]bool{}}
	for _, spec := range c.imports {
		now.Imports[spec.Path.Value] = true
	}
	return now, true
}

// fetched reports whether the cell's imports are among those that modules have been found for.
func fetched() bool {
	now, ok := wanted()
	if !ok {
		return false
	}
	var then fetchedFor
	text, err := os.ReadFile(fetchedFile)
	if err != nil || json.Unmarshal(text, &then) != nil || then.Modules != now.Modules {
		return false
	}
	for path := range now.Imports {
		if !then.Imports[path] {
			return false
		}
	}
	return true
}

// fetch keeps that modules were found for the cell's imports.
func fetch() {
	if now, ok := wanted(); ok {
		text, _ := json.Marshal(now)
		_ = os.WriteFile(fetchedFile, text, 0o600)
	}
}
