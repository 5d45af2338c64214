package claim

import (
	"context"
	"slices"
	"strings"
	"testing"

	"alphascale/lib/frameworks"
	"alphascale/lib/judge"
	"alphascale/lib/lab"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
)

// TestRecordedPlanted changes what the table says of a run: a loss that differs where none may, an exponent that is not the law's, and a
// run with the number as it was that is the same all the same. Each time the setting must not be judged.
func TestRecordedPlanted(t *testing.T) {
	l := lab.New(lab.Quick)
	t.Cleanup(l.Close)
	for _, r := range append(recordedRates(optim.SGD, optim.Adam), recordedDecay()...) {
		rows, err := r.find()
		if err != nil {
			t.Fatal(err)
		}
		for what, plant := range map[string]func(row *frameworks.Ran){
			"nothing": func(*frameworks.Ran) {},
			"a loss that differs": func(row *frameworks.Ran) {
				row.LossesDiffer += map[bool]int{true: 1}[row.Wrong == frameworks.Nothing && row.Alpha == 4]
			},
			"another number":       func(row *frameworks.Ran) { row.Line = strings.Replace(row.Line, r.adjusted+"=", r.adjusted+"=1", 1) },
			"no difference at all": func(row *frameworks.Ran) { row.LossesDiffer = 0 },
		} {
			planted := slices.Clone(rows)
			for i := range planted[1:] {
				plant(&planted[i+1])
			}
			r.rows = func() [][]frameworks.Ran { return [][]frameworks.Ran{planted} }
			c, err := recordedCase()(context.Background(), l, r)
			if err != nil {
				t.Fatal(err)
			}
			if verdict := judge.Judge(c.Checks, c.Controls); (verdict == judge.True) != (what == "nothing") {
				t.Errorf("%s, with %s: %v", c.Setting, what, verdict)
			}
		}
		r.rows = func() [][]frameworks.Ran { return [][]frameworks.Ran{rows[:3]} }
		if _, err := recordedCase()(context.Background(), l, r); err == nil || !strings.Contains(err.Error(), "make frameworks") {
			t.Errorf("of a table without the control it says %v", err)
		}
	}
}

// TestRecordedAltered asks for the settings in a lab whose exponents are off by a tenth and in one with another operation.
func TestRecordedAltered(t *testing.T) {
	off, swapped := lab.New(lab.Quick).WithError(0.1), lab.New(lab.Quick).WithSwap(scaling.OpReparameterise, scaling.OpRescale)
	for _, r := range append(recordedRates(optim.SGD), recordedDecay()...) {
		if c, err := recordedCase()(context.Background(), off, r); err != nil || judge.Judge(c.Checks, c.Controls) == judge.True {
			t.Errorf("%s is judged with exponents that are off by a tenth: %v", c.Setting, err)
		}
		if c, err := recordedCase()(context.Background(), swapped, r); err == nil {
			t.Errorf("%s is judged as another operation", c.Setting)
		}
	}
	if _, err := linesCase(context.Background(), swapped, "float32"); err == nil {
		t.Error("the lines are judged as another operation")
	}
}

// TestLineAnswers refuses a table that lacks an answer or a line.
func TestLineAnswers(t *testing.T) {
	table := frameworks.Lines()
	if got, err := lineAnswers(table, "float32"); err != nil || len(got) != 4 {
		t.Errorf("%v, %v", got, err)
	}
	lacks := slices.DeleteFunc(slices.Clone(table), func(l frameworks.Line) bool {
		return strings.HasPrefix(l.Question, "first numbers") && l.Framework == frameworks.Torch
	})
	for _, table := range [][]frameworks.Line{nil, lacks} {
		if _, err := lineAnswers(table, "float32"); err == nil || !strings.Contains(err.Error(), "make frameworks") {
			t.Errorf("of a table of %d rows it says %v", len(table), err)
		}
	}
}

// TestLinesPlanted changes one answer after the other in the table: in either format the setting must not be judged, or not agree.
func TestLinesPlanted(t *testing.T) {
	l := lab.New(lab.Quick)
	t.Cleanup(l.Close)
	table := frameworks.Lines()
	for _, dtype := range []string{"float32", "bfloat16"} {
		right, err := linesOf(table, l, dtype)
		if err != nil || judge.Judge(right.Checks, right.Controls) != judge.True {
			t.Fatalf("%s is not judged: %v", right.Setting, err)
		}
		planted := 0
		for i, row := range table {
			if !strings.HasSuffix(row.Case, ", "+dtype) || !strings.HasPrefix(row.Question, "first numbers") && !strings.HasPrefix(row.Question, "products other") {
				continue
			}
			changed := slices.Clone(table)
			changed[i].Answer = "1" + row.Answer
			if strings.HasPrefix(row.Answer, "-") {
				changed[i].Answer = row.Answer[1:]
			}
			c, err := linesOf(changed, l, dtype)
			if err == nil && judge.Judge(c.Checks, c.Controls) == judge.True && c.Agrees == right.Agrees {
				t.Errorf("%s: %s of %q is %q, and nobody notices", dtype, row.Question, row.Line, changed[i].Answer)
			}
			planted++
		}
		if planted != 12 {
			t.Errorf("%d answers in %s were changed, not 12", planted, dtype)
		}
	}
}
