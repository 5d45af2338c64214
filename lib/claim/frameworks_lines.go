package claim

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"alphascale/lib/frameworks"
	"alphascale/lib/judge"
	"alphascale/lib/lab"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
)

// linesCase holds the article's three lines, and JAX's beside them, against each other as each came out in its framework.
func linesCase(_ context.Context, l *lab.Lab, dtype string) (Case, error) {
	return linesOf(frameworks.Lines(), l, dtype)
}

func linesOf(table []frameworks.Line, l *lab.Lab, dtype string) (Case, error) {
	c := Case{
		Setting: "the article's lines on a " + dtype + " tensor, each run in its framework", Law: "L11: rounding α to the format of w first gives other products",
		Facts: facts(scaling.OpReparameterise, OneLayer, Fact{Number, dtype}, Fact{Ran, "each in its framework"}),
	}
	if err := reparameterised(l); err != nil {
		return c, err
	}
	answers, other := map[string]map[string][]float64{}, map[string]string{"float32": "bfloat16", "bfloat16": "float32"}[dtype]
	for _, of := range []string{dtype, other} {
		var err error
		if answers[of], err = lineAnswers(table, of); err != nil {
			return c, err
		}
	}
	lines := slices.Sorted(maps.Keys(answers[dtype]))
	var first, rest, firstOther, restOther []float64
	for _, line := range lines[1:] {
		first, rest = append(first, answers[dtype][lines[0]]...), append(rest, answers[dtype][line]...)
		firstOther, restOther = append(firstOther, answers[other][lines[0]]...), append(restOther, answers[other][line]...)
	}
	same := judge.Identical("numbers by which the lines differ in "+dtype, first, rest)
	if dtype == "float32" {
		c.Checks = []judge.Check{same}
		c.Controls = []judge.Check{judge.Identical("control: numbers by which they differ in "+other, firstOther, restOther)}
	} else {
		torch, tensorflow := answers[dtype]["alpha * w in "+frameworks.Torch], answers[dtype]["tf.multiply(w, alpha) in "+frameworks.Keras]
		n := len(torch)
		want, got := byRules(answers[dtype], tensorflow)
		c.Checks = []judge.Check{judge.Identical("answers that are not those of a rule of rounding", want, got)}
		c.Controls = []judge.Check{judge.Identical("control: had both the same rule", torch[n-2:n-1], tensorflow[n-2:n-1]), judge.Identical("control: "+same.String(), first, rest)}
	}
	for _, line := range lines {
		s := result.Series{Label: line, X: result.Quantity{Name: "weight"}, Y: result.Quantity{Name: "product with α = 2"}}
		for i, y := range answers[dtype][line][:3] {
			s.Xs, s.Ys = append(s.Xs, float64(i)), append(s.Ys, y)
		}
		c.Series = append(c.Series, s)
	}
	c.Agrees = same.Holds()
	return c, nil
}

// lineAnswers are the numbers that each line gave in a dtype: its first products at α = 2, and how many of a thousand at α = 0.1 are other
// than with α rounded first and other than rounded once.
func lineAnswers(table []frameworks.Line, dtype string) (map[string][]float64, error) {
	out := map[string][]float64{}
	number := regexp.MustCompile(`-?\d+(?:\.\d+)?(?:e[+-]?\d+)?`)
	for _, row := range table {
		if !strings.HasSuffix(row.Case, ", "+dtype) || !strings.HasPrefix(row.Question, "first numbers") && !strings.HasPrefix(row.Question, "products other") {
			continue
		}
		line := row.Line + " in " + row.Framework
		for _, text := range number.FindAllString(strings.TrimSuffix(row.Answer, " of 1000"), -1) {
			x, err := strconv.ParseFloat(text, 64)
			if err != nil {
				return nil, err
			}
			out[line] = append(out[line], x)
		}
	}
	for line, numbers := range out {
		if len(numbers) != 5 {
			return nil, fmt.Errorf("%s has %d answers in the table, not 5: make frameworks makes it anew", line, len(numbers))
		}
	}
	if len(out) < 4 {
		return nil, fmt.Errorf("%d lines were run in %s, not 4: make frameworks makes the table anew", len(out), dtype)
	}
	return out, nil
}

// byRules are the answers in bfloat16 that the rules of rounding give, and those that were given. At α = 2 nothing is rounded, so that all
// lines have the same products. At α = 0.1 TensorFlow and JAX round α first, PyTorch rounds the product alone, and by as many products
// as the one rule differs from the other each does from what it is not. A Lambda, whose products are of float32, differs from both alike.
func byRules(answers map[string][]float64, tensorflow []float64) (want, got []float64) {
	n := len(tensorflow)
	apart := tensorflow[n-1]
	for line, numbers := range answers {
		want, got = append(want, tensorflow[:n-2]...), append(got, numbers...)
		switch {
		case strings.HasSuffix(line, " in "+frameworks.Torch):
			want = append(want, apart, 0)
		case strings.Contains(line, "Lambda"):
			want = append(want, numbers[n-1], numbers[n-2])
		default:
			want = append(want, 0, apart)
		}
	}
	return want, got
}
