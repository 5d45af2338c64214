package claim

import (
	"testing"

	"alphascale/lib/scaling"
)

// verdicts are what the measurements must come to.
var verdicts = map[string]Verdict{
	"W1": True, "W2": Depends, "G1": Depends, "G2": Depends, "G3": Depends, "G4": IllPosed, "G5": Depends, "R1": Depends,
	"R2": Depends, "P1": Depends, "P2": True, "B1": Depends, "B2": True, "B3": True, "B4": True, "S1": Depends,
}

// Every verdict is earned: it comes out as it should, and with the law's exponents wrong by a tenth, or with another
// operation in place of the claim's own, the law is refuted and nothing is judged.
func TestVerdicts(t *testing.T) {
	lab := NewLab(Quick)
	defer lab.Close()
	for _, c := range Claims() {
		t.Run(c.ID, func(t *testing.T) {
			entry := c.Judge(t.Context(), lab)
			if entry.Verdict != verdicts[c.ID] {
				t.Errorf("judged %s in %s, want %s: %s", entry.Verdict, entry.Took, verdicts[c.ID], entry.Reason)
			}
			t.Logf("%s in %.2f s", entry.Verdict, entry.Took.Seconds())
			if altered := c.Judge(t.Context(), lab.WithError(0.1)); altered.Verdict != NotJudged {
				t.Errorf("with the exponents wrong by a tenth it is judged %s all the same", altered.Verdict)
			}
			other := scaling.OpScaleLearningRate
			if c.Operation == other {
				other = scaling.OpRescale
			}
			if swapped := c.Judge(t.Context(), lab.WithSwap(c.Operation, other)); swapped.Verdict != NotJudged {
				t.Errorf("with %s in place of %s it is judged %s all the same", other, c.Operation, swapped.Verdict)
			}
		})
	}
}
