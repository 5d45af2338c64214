package main

import (
	"go/scanner"
	"go/token"
	"strings"
)

// unreadable says why a request cannot be executed: because it reads standard input, for which gonb would wait for ever. A
// cell that asks by gonbui.RequestInput, or says %with_inputs, is given its input.
func unreadable(m *message) string {
	var request struct {
		Code string `json:"code"`
	}
	if m.content(&request) != nil || strings.Contains(request.Code, "%with_inputs") || strings.Contains(request.Code, "%with_password") ||
		strings.Contains(request.Code, "RequestInput") {
		return ""
	}
	if name := readsInput(request.Code); name != "" {
		return "a cell has no standard input, and " + name + " would wait for ever: write the value into the cell, or ask for it with " +
			"gonbui.RequestInput"
	}
	return ""
}

// readsInput finds what reads standard input in Go code: comments and strings do not.
func readsInput(code string) string {
	var s scanner.Scanner
	files := token.NewFileSet()
	source := []byte(code)
	s.Init(files.AddFile("", files.Base(), len(source)), source, func(token.Position, string) {}, 0)
	var last [3]string // the last three tokens
	for {
		_, kind, text := s.Scan()
		if kind == token.EOF {
			return ""
		}
		if kind != token.IDENT {
			text = kind.String()
		}
		last = [3]string{last[1], last[2], text}
		if last[1] != "." {
			continue
		}
		switch name := last[0] + "." + last[2]; name {
		case "os.Stdin", "fmt.Scan", "fmt.Scanf", "fmt.Scanln":
			return name
		}
	}
}
