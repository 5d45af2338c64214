package notebooks_test

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	laws "alphascale/lib/law"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
)

const lawsChapter = "08_verdicts.ipynb"

var (
	lawsSection = regexp.MustCompile(`(?s)## All the laws\n(.*?)\n## `)
	lawRow      = regexp.MustCompile(`(?m)^\| (\d+) \|(.+)\|(.+)\|(.+)\|$`)
	chapterLink = regexp.MustCompile(`\]\(\d\d_\w+\.ipynb\)`)
	sourceLink  = regexp.MustCompile(`\]\(https://(arxiv\.org/abs/|doi\.org/10\.)\S+\)`)
)

// TestLaws holds the table of all laws against the library's, so that neither changes without the other.
func TestLaws(t *testing.T) {
	table := lawsSection.FindStringSubmatch(strings.Join(texts(read(t, lawsChapter)), "\n"))
	if table == nil {
		t.Fatal("chapter 8 has no section All the laws with another one after it")
	}
	for _, problem := range wrongLaws(t, table[1]) {
		t.Error(problem)
	}
	for _, spoilt := range [][2]string{
		{"$p = 2$ SGD", "$p = 1$ SGD"},
		{`gradient $\alpha^{-1}$, Hessian`, `gradient $\alpha$, Hessian`},
		{"Lyu &", "Lu &"},
		{`Hessian $\alpha^{-2}$`, `Hessian $\alpha^{-1}$`},
		{"$s\\eta$", "$\\eta/s$"},
		{"0.77", "0.78"},
		{"2/(\\alpha^2 h)", "2/(\\alpha h)"},
		{"L2 by $\\alpha^2$", "L2 by $\\alpha$"},
		{"| 4 |", "| 14 |"},
		{"https://arxiv.org/abs/1703.04933", "dinh.pdf"},
		{"(06_regularisation.ipynb)", "()"},
	} {
		changed := strings.Replace(table[1], spoilt[0], spoilt[1], 1)
		if changed == table[1] || len(wrongLaws(t, changed)) == 0 {
			t.Errorf("the table with %q for %q is not found wrong", spoilt[1], spoilt[0])
		}
	}
}

// wrongLaws says what in a table of laws is not so by the library, or lacks a link.
func wrongLaws(t *testing.T, table string) (problems []string) {
	t.Helper()
	rows := map[string][]string{}
	for _, row := range lawRow.FindAllStringSubmatch(table, -1) {
		if rows[row[1]] != nil {
			problems = append(problems, "two rows of law "+row[1])
		}
		rows[row[1]] = row
		if !chapterLink.MatchString(row[3]) {
			problems = append(problems, "law "+row[1]+" names no chapter")
		}
		if !sourceLink.MatchString(row[4]) {
			problems = append(problems, "law "+row[1]+" links no source by arXiv or DOI")
		}
	}
	for _, want := range saidByLibrary(t) {
		if row := rows[want[0]]; row == nil || !strings.Contains(row[0], want[1]) {
			problems = append(problems, fmt.Sprintf("law %s does not say %q, which the library does", want[0], want[1]))
		}
	}
	return problems
}

// firstAuthor is the name before the first year of a law's source.
var firstAuthor = regexp.MustCompile(`([A-Z]\w+)(?: & \w+| et al\.)? \d{4}`)

// saidByLibrary is what the library says of each law, as the table spells it: the law's number and a part of its row.
func saidByLibrary(t *testing.T) (all [][2]string) {
	t.Helper()
	said := func(law, format string, value float64, err error) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, [2]string{law, fmt.Sprintf(format, value)})
	}
	exponent := func(l scaling.Law, of scaling.Observable, format string) {
		q, err := l.Exponent(of)
		said(l.ID[1:], format, q, err)
	}
	acts := func(l scaling.Law, family optim.Family, hyper optim.Hyper, format string) {
		q, err := l.EffectiveExponent(family, hyper)
		said(l.ID[1:], format, q, err)
	}
	acts(scaling.ReparameteriseLaw(), optim.SGD, optim.LearningRate, "$p = %g$ SGD")
	acts(scaling.ReparameteriseLaw(), optim.Adam, optim.LearningRate, " %g Adam")
	acts(scaling.ReparameteriseLaw(), optim.LARS, optim.LearningRate, " %g LARS")
	exponent(scaling.ScaleInvariantLaw(), scaling.Gradient, `gradient $\alpha^{%g}$`)
	exponent(scaling.ScaleInvariantLaw(), scaling.Hessian, `Hessian $\alpha^{%g}$`)
	exponent(scaling.PenaltyLaw(), scaling.L2Penalty, `L2 by $\alpha^%g$`)
	exponent(scaling.RebalanceLaw(), scaling.Gradient, `gradients $\alpha^{%g}$`)
	loss := func(family optim.Family, hyper optim.Hyper, exponent float64, spelled string) {
		q, err := scaling.LossLaw().EffectiveExponent(family, hyper)
		if q != exponent {
			spelled = fmt.Sprintf("s^%g", q)
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, [2]string{"10", spelled})
	}
	loss(optim.SGD, optim.LearningRate, 1, `$s\eta$ for SGD`)
	loss(optim.Adam, optim.Epsilon, -1, `$\varepsilon/s$ for Adam`)
	said("6", `$\alpha\lvert z\rvert = %.2f$`, laws.Tanh.Peak(), nil)
	low, err := laws.StabilityLimit(laws.GradientDescent, 1, 0, 2)
	said("5", `2/(\alpha^%g h)`, -math.Log2(low/2), err)

	stated, err := scaling.Laws(3)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range stated {
		author := ""
		if found := firstAuthor.FindStringSubmatch(l.Source); found != nil {
			author = found[1]
		}
		all = append(all, [2]string{l.ID[1:], author})
	}
	for _, id := range []string{"4", "7", "11"} { // of package law and of the formats
		all = append(all, [2]string{id, "|"})
	}
	return slices.Compact(all)
}
