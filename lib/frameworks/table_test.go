package frameworks

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// tabled are the defaults in the table, by optimizer.
func tabled(framework string) map[string]Values {
	out := map[string]Values{}
	for _, r := range rulesOf(framework) {
		out[r.name] = defaultsOf(framework, r.name)
	}
	return out
}

// TestEveryLineWasRun: what Advice prints, for every settings of the comparison and each α of it, is the very line that was run.
func TestEveryLineWasRun(t *testing.T) {
	for _, framework := range All() {
		trials, err := Trials(framework, tabled(framework))
		if err != nil {
			t.Fatal(err)
		}
		ran := map[string][]Ran{}
		for _, row := range Runs() {
			ran[row.Trial] = append(ran[row.Trial], row)
		}
		for _, trial := range trials {
			rows := ran[trial.ID]
			if len(rows) != len(trial.Runs) {
				t.Errorf("%s %s(%s) is not in the table: run make frameworks ONLY=%s", framework, trial.Optimizer, trial.Given, framework)
				continue
			}
			r, err := find(framework, trial.Optimizer)
			if err != nil {
				t.Fatal(err)
			}
			for i, run := range trial.Runs {
				checkLine(t, r, trial.Given, run, rows[i])
			}
		}
	}
}

func checkLine(t *testing.T, r rule, given Values, run Run, row Ran) {
	t.Helper()
	if row.Alpha != run.Alpha || row.Place != run.Place || row.Wrong != run.Wrong {
		t.Errorf("%s(%s): the table has another run (%g, %s, %q) where (%g, %s, %q) belongs", r.name, given, row.Alpha, row.Place, row.Wrong, run.Alpha, run.Place, run.Wrong)
	}
	if run.Wrong != Nothing || r.none != "" {
		return
	}
	a, err := Advice(r.framework, r.name, given, run.Alpha)
	if err != nil {
		t.Errorf("%s(%s): %v", r.name, given, err)
		return
	}
	advised := a.Whole
	if run.Place == OnLayer {
		advised = a.Parts
	}
	if advised == "" || !strings.HasPrefix(row.Line, advised) && !strings.HasSuffix(row.Line, advised) { // a clipping stands last
		t.Errorf("advised is\n%s\nand run was\n%s", advised, row.Line)
	}
}

// rounding is how far a run may be off whose sums a compiler took in another order.
const rounding = 1e-6

// TestTheRunsBearOutTheRules: what has exponents is the same to the last bit, but where a constant stands in the way; what is said
// to have none differs; and each run in which one number was left as it was is off.
func TestTheRunsBearOutTheRules(t *testing.T) {
	for _, r := range allRules {
		seen := map[string]bool{} // what was left and made a difference
		for _, trial := range r.trials {
			s, err := r.settle(trial, defaultsOf(r.framework, r.name))
			if err != nil {
				t.Fatal(err)
			}
			rows := ranOf(r, s.given)
			came := summarise(rows)
			switch {
			case came.ran < 2:
				t.Errorf("%s(%s) was run %d times", r.spelling(), trial, came.ran)
			case r.none != "" && came.largest < 1e-3:
				t.Errorf("%s is said to have no compensation (%s), and is off by %g only", r.spelling(), r.none, came.largest)
			case r.none == "" && r.nearly == "" && !came.exact() && came.largest > rounding:
				t.Errorf("%s(%s) is off by %g with what is advised", r.spelling(), trial, came.largest)
			case r.none == "" && r.nearly == "" && came.midway != nil && came.midway.Largest > rounding:
				t.Errorf("%s(%s) is off by %g with α from the middle on", r.spelling(), trial, came.midway.Largest)
			case r.none == "" && !r.clip && came.midway == nil:
				t.Errorf("%s(%s) was not run with α from the middle on", r.spelling(), trial)
			case len(s.keptAt(2, rows)) > 0 && came.stateLeft < rounding:
				t.Errorf("%s(%s) is no other with its state left as it is", r.spelling(), trial)
			case len(came.wrong) == 0:
				t.Errorf("%s(%s) has no control that differs", r.spelling(), trial)
			}
			for _, row := range rows {
				if row.LossesDiffer > 0 && row.Largest > rounding {
					seen[row.Wrong] = true
				}
			}
			for _, name := range s.followers() {
				left := nameOf(map[string]int{name: 0})
				seen[left] = seen[left] || false
			}
		}
		for name, differs := range seen {
			if !differs && r.none == "" {
				t.Errorf("%s of %s was left as it is in every trial without a difference: its unit was not tested", name, r.spelling())
			}
		}
	}
}

// TestExactness counts, so that a table that got worse is seen: most rules are exact to the last bit.
func TestExactness(t *testing.T) {
	exact := map[string]int{}
	for _, r := range allRules {
		all := true
		for _, trial := range r.trials {
			s, err := r.settle(trial, defaultsOf(r.framework, r.name))
			if err != nil {
				t.Fatal(err)
			}
			all = all && summarise(ranOf(r, s.given)).exact()
		}
		if all {
			exact[r.framework]++
		} else if r.none == "" && r.nearly == "" && r.name != "muon" {
			t.Errorf("%s is not exact, and no reason is given", r.spelling())
		}
	}
	t.Log(exact)
}

// TestEveryOptimizerHasARule: the defaults are of all optimizers that a framework has, so that a new one is found here.
func TestEveryOptimizerHasARule(t *testing.T) {
	for _, d := range Defaults() {
		if strings.Contains(d.Owner, "Norm") { // a normalisation
			continue
		}
		if _, err := find(d.Framework, d.Owner); err != nil {
			t.Errorf("%s of %s has no rule: add a row to the list of the framework", d.Owner, d.Version)
		}
	}
	for _, r := range allRules {
		if len(defaultsOf(r.framework, r.name)) == 0 {
			t.Errorf("%s has no defaults in the table", r.spelling())
		}
	}
}

// TestDefaultsAreTheFrameworks: some that are known to differ between frameworks.
func TestDefaultsAreTheFrameworks(t *testing.T) {
	for _, test := range []struct {
		framework, owner, name string
		want                   any
	}{
		{Torch, "AdamW", "weight_decay", 0.01},
		{Keras, "AdamW", "weight_decay", 0.004},
		{Optax, "adamw", "weight_decay", 1e-4},
		{Torch, "Adam", "eps", 1e-8},
		{Keras, "Adam", "epsilon", 1e-7},
		{Optax, "adam", "eps", 1e-8},
		{Torch, "Adagrad", "eps", 1e-10},
		{Torch, "RMSprop", "alpha", 0.99},
		{Keras, "RMSprop", "rho", 0.9},
		{Optax, "rmsprop", "decay", 0.9},
		{Torch, "BatchNorm1d", "eps", 1e-5},
		{Keras, "BatchNormalization", "epsilon", 1e-3},
	} {
		if got := defaultsOf(test.framework, test.owner)[test.name]; got != test.want {
			t.Errorf("%s of %s.%s is %v in the table, want %v", test.name, test.framework, test.owner, got, test.want)
		}
	}
}

// TestTablesAreWrittenAsTheyAreRead keeps every row.
func TestTablesAreWrittenAsTheyAreRead(t *testing.T) {
	rows := Runs()[:3]
	var out bytes.Buffer
	if err := Write(&out, rows); err != nil {
		t.Fatal(err)
	}
	again, err := parquet.Read[Ran](bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil || !reflect.DeepEqual(again, rows) {
		t.Errorf("read back %v (%v), want %v", again, err, rows)
	}
}
