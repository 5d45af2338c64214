package result

import (
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// WriteFile writes a file as a whole or not at all: under a temporary name in the same folder, then renamed. The errors
// are the file system's and those of write.
func WriteFile(path string, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			file.Close()
			os.Remove(file.Name())
			err = fmt.Errorf("cannot write %s: %w", path, err)
		}
	}()
	if err := write(file); err != nil {
		return err
	}
	if err := file.Chmod(0o644); err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// records are the lines of a file; the first is the header.
type records [][]string

func (r records) writeTo(w io.Writer) error {
	out := csv.NewWriter(w)
	for _, row := range r {
		for _, cell := range row {
			if strings.Contains(cell, "\r") {
				return fmt.Errorf("the cell %q has a carriage return, which a CSV file does not keep: end lines by \\n alone", cell)
			}
		}
		if len(row) == 1 && row[0] == "" { // an empty line, which a reader skips, would be written
			out.Flush()
			if _, err := io.WriteString(w, "\"\"\n"); err != nil {
				return err
			}
			continue
		}
		if strings.HasPrefix(row[0], comment) { // a reader would take the line for a remark
			out.Flush()
			end := ","
			if len(row) == 1 {
				end = "\n"
			}
			if _, err := io.WriteString(w, `"`+strings.ReplaceAll(row[0], `"`, `""`)+`"`+end); err != nil {
				return err
			}
			if row = row[1:]; len(row) == 0 {
				continue
			}
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// comment begins a line that says something about the file. A cell that begins so is quoted.
const comment = "#"

// WriteRemarks writes lines about a file, each after "# ", which go before what the other functions write there and which
// the reading functions pass over. A remark that is more than a line is an error.
func WriteRemarks(w io.Writer, remarks []string) error {
	for _, remark := range remarks {
		if strings.ContainsAny(remark, "\r\n") {
			return fmt.Errorf("the remark %q is more than a line: write one for each line", remark)
		}
		if _, err := fmt.Fprintf(w, "%s %s\n", comment, remark); err != nil {
			return err
		}
	}
	return nil
}

// readRecords returns the rows of a file and the line on which each begins.
func readRecords(r io.Reader, header int) (rows records, lines []int, err error) {
	in := csv.NewReader(r)
	in.Comment = rune(comment[0])
	for {
		row, err := in.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		for i, cell := range row {
			row[i] = strings.ReplaceAll(cell, "\r", "")
		}
		line, _ := in.FieldPos(0)
		rows, lines = append(rows, row), append(lines, line)
	}
	if len(rows) == 0 || len(rows[0]) < header {
		return nil, nil, fmt.Errorf("the file has no header of %d columns: is it one that this package wrote?", header)
	}
	return rows, lines, nil
}
