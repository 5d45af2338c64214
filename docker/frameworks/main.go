// Command frameworks prepares what docker/frameworks/compare.py runs in a framework, and makes tables of what came out.
//
//	frameworks trials FRAMEWORK FOLDER    reads FOLDER/defaults.json, writes FOLDER/trials.json
//	frameworks collect FOLDER…            reads defaults.json, lines.json and results.jsonl in each FOLDER, and writes the tables of
//	                                      lib/frameworks, in which other frameworks stay as they are
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"alphascale/lib/frameworks"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 3 && args[0] == "trials":
		return trials(args[1], args[2])
	case len(args) > 1 && args[0] == "collect":
		return collect(args[1:])
	}
	return fmt.Errorf("usage: frameworks trials FRAMEWORK FOLDER | collect FOLDER…")
}

// stated is what a framework says of itself.
type stated struct {
	Framework, Version, Date string
	Defaults                 map[string]frameworks.Values
	Norms                    map[string]frameworks.Values
}

func trials(framework, folder string) error {
	var of stated
	if err := readJSON(filepath.Join(folder, "defaults.json"), &of); err != nil {
		return err
	}
	list, err := frameworks.Trials(framework, of.Defaults)
	if err != nil {
		return err
	}
	data := frameworks.Data()
	return writeJSON(filepath.Join(folder, "trials.json"), map[string]any{
		"inputs": data.Inputs, "labels": data.Labels, "layers": frameworks.Start(),
		"batch": frameworks.Batch, "steps": frameworks.Steps, "trials": list,
		"everywhere": []string{frameworks.OnAll, frameworks.Midway},
	})
}

func readJSON(path string, into any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w; remove it and run make frameworks again", path, err)
	}
	return nil
}

func writeJSON(path string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o666)
}
