package judge

// Verdict is what the measurements say of a claim.
type Verdict string

// The verdicts. A claim that could not be measured is not judged; it never counts as true.
const (
	True      Verdict = "true"
	False     Verdict = "false"
	Depends   Verdict = "depends"
	NotJudged Verdict = "not judged"
)

// Judge returns True when every check holds and every negative control, the same check with a wrong prediction, is
// refuted; False when a check is refuted; NotJudged when a check or a control is not decided, when a control holds, which
// means that the experiment cannot tell right from wrong, and when there is no check or no control.
func Judge(checks, controls []Check) Verdict {
	if len(checks) == 0 || len(controls) == 0 {
		return NotJudged
	}
	for _, c := range controls {
		if !c.Refuted() {
			return NotJudged
		}
	}
	verdict := True
	for _, c := range checks {
		switch {
		case !c.Decided():
			return NotJudged
		case !c.Holds():
			verdict = False
		}
	}
	return verdict
}
