package frameworks

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"alphascale/lib/result"
)

// Fan returns the losses that a framework had at several α, with every hyperparameter left as it is, and those with the hyperparameters
// that are advised. The optimizers of which a fan was run are SGD and Adam, sgd and adam in optax; another is an error.
func Fan(framework, optimizer string) (left, compensated []result.Series, err error) {
	r, err := find(framework, optimizer)
	if err != nil {
		return nil, nil, err
	}
	s, err := r.settle(r.trials[0], defaultsOf(framework, r.name))
	if err != nil {
		return nil, nil, err
	}
	for _, row := range ranOf(r, s.given) {
		switch {
		case row.Place != OnAll:
		case row.Alpha == 1:
			left, compensated = append(left, row.Curve()), append(compensated, row.Curve())
		case row.Wrong == Everything:
			left = append(left, row.Curve())
		case row.Wrong == Nothing:
			compensated = append(compensated, row.Curve())
		}
	}
	if len(left) < 2 {
		return nil, nil, fmt.Errorf("no fan of losses was run with %s: use one of %v", r.spelling(), fanned)
	}
	byAlpha := func(a, b result.Series) int { return int(1e3*a.Alpha - 1e3*b.Alpha) }
	slices.SortFunc(left, byAlpha)
	slices.SortFunc(compensated, byAlpha)
	return left, compensated, nil
}

// RunsOf are the runs of an optimizer in the table, by its trials; nil for one that is not known.
func RunsOf(framework, optimizer string) [][]Ran {
	var out [][]Ran
	for _, row := range Runs() {
		if row.Framework != framework || row.Optimizer != optimizer {
			continue
		}
		if n := len(out); n == 0 || out[n-1][0].Trial != row.Trial {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], row)
	}
	return out
}

// Curve is the loss of a run by step.
func (row Ran) Curve() result.Series {
	s := result.Series{Alpha: row.Alpha, X: result.Step(), Y: result.Loss()}
	for i, loss := range row.Loss {
		s.Xs, s.Ys = append(s.Xs, float64(i)), append(s.Ys, float64(loss))
	}
	return s
}

// Overview is the table of what was run in a framework: for each optimizer and its settings the exponents of α, and how far the
// compensated runs were from the one without α. An unknown framework is an error.
func Overview(framework string) (result.Table, error) {
	framework, err := resolve(framework)
	if err != nil {
		return result.Table{}, err
	}
	t := result.Table{Title: Version(framework), Columns: []result.Quantity{
		{Name: "run"}, {Name: "exponents of α"}, {Name: "losses that differ"}, {Name: "by"}, {Name: "with α from step 50 on"}, {Name: "with one exponent wrong"},
	}}
	for _, r := range rulesOf(framework) {
		for _, trial := range r.trials {
			s, err := r.settle(trial, defaultsOf(framework, r.name))
			if err != nil {
				return t, err
			}
			t.Rows = append(t.Rows, s.overview())
		}
	}
	return t, nil
}

func (s settled) overview() []string {
	came := summarise(ranOf(s.rule, s.given))
	var exponents []string
	for _, name := range s.followers() {
		exponents = append(exponents, name+" "+s.exponentText(name))
	}
	by, differ := "", fmt.Sprintf("%d of %d", came.lossesDiffer, came.losses)
	if came.lossesDiffer > 0 {
		by = share(came.largest)
	}
	text := strings.Join(exponents, ", ")
	if s.none != "" {
		text = "none: " + s.none
	}
	midway := ""
	if came.midway != nil {
		midway = fmt.Sprint(came.midway.LossesDiffer)
	}
	return []string{s.name + "(" + s.given.String() + ")", text, differ, by, midway, strings.Join(came.wrong, ", ")}
}

// DefaultsTable sets the same default of several optimizers or normalisations side by side, each given as "torch.Adam.eps".
func DefaultsTable(title string, names ...string) (result.Table, error) {
	t := result.Table{Title: title, Columns: []result.Quantity{{Name: "framework"}, {Name: "of"}, {Name: "name"}, {Name: "default"}}}
	for _, name := range names {
		parts := strings.Split(name, ".")
		if len(parts) != 3 {
			return t, fmt.Errorf("%q names no default: write it as torch.Adam.eps", name)
		}
		known := defaultsOf(parts[0], parts[1])
		value, ok := known[parts[2]]
		if !ok {
			return t, fmt.Errorf("no default %q is in the table: the nearest of %s.%s are %s", name, parts[0], parts[1],
				nearest(parts[2], slices.Sorted(maps.Keys(known))))
		}
		text, err := json.Marshal(value)
		if err != nil {
			return t, err
		}
		t.Rows = append(t.Rows, append(parts, string(text)))
	}
	return t, nil
}

// Questions lists what the article's three lines were asked, in order.
func Questions() []string {
	var out []string
	for _, l := range Lines() {
		if !slices.Contains(out, l.Question) {
			out = append(out, l.Question)
		}
	}
	return out
}

// Answers is what came of running the article's three lines: a row for each line, framework and kind of w, with an answer to each of the
// questions. Kinds that were asked none of them are left out, and a question that was not asked is an error.
func Answers(title string, questions ...string) (result.Table, error) {
	t := result.Table{Title: title, Columns: []result.Quantity{{Name: "line"}, {Name: "run in"}, {Name: "w"}}}
	for _, question := range questions {
		if !slices.Contains(Questions(), question) {
			return t, fmt.Errorf("no line was asked %q: the nearest known are %s", question, nearest(question, Questions()))
		}
		t.Columns = append(t.Columns, result.Quantity{Name: question})
	}
	rows := map[[3]string][]string{}
	for _, l := range Lines() {
		place := slices.Index(questions, l.Question)
		if place < 0 {
			continue
		}
		key := [3]string{l.Line, l.Framework, l.Case}
		if rows[key] == nil {
			rows[key] = append(key[:], make([]string, len(questions))...)
			t.Rows = append(t.Rows, rows[key])
		}
		rows[key][len(key)+place] = l.Answer
	}
	return t, nil
}
