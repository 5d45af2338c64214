package claim

import (
	"slices"
	"strings"

	"alphascale/lib/judge"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
)

// Aspect is something in which the settings of a claim differ, and which the article's words may name.
type Aspect string

// The aspects. Every case states the first two.
const (
	Operation Aspect = "operation"          // which of the six operations; the values are those of scaling.Operation
	Part      Aspect = "weights multiplied" // OneLayer or AllLayers
	Behind    Aspect = "network"            // what the weights feed
	Optimizer Aspect = "optimizer"
	Looked    Aspect = "looked at"     // which weight, whose gradient, what of a penalty
	Rate      Aspect = "learning rate" // what is done to it
	Penalty   Aspect = "penalty"       // its kind and its convention
	Number    Aspect = "numbers"       // their format, or the sign of α
	Start     Aspect = "start"         // what α leaves as it was: the function or the weights
	Ran       Aspect = "run in"        // a framework, where it is not this library
	Epsilon   Aspect = "ε"             // how it stands to the gradients
	Layer     Aspect = "layer"         // how its inputs and outputs go with the width
)

// Values of Part.
const (
	OneLayer  = "one layer"
	AllLayers = "all layers"
)

// Fact is the value of an aspect in one setting, in words that the ledger prints.
type Fact struct {
	Aspect Aspect
	Value  string
}

// facts are those of a setting: the operation, the weights that it multiplies, and what else it may depend on.
func facts(op scaling.Operation, part string, more ...Fact) []Fact {
	return append([]Fact{{Operation, string(op)}, {Part, part}}, more...)
}

// by is the fact that an optimizer trains.
func by(family optim.Family) Fact { return Fact{Optimizer, string(family)} }

// Word is what a sentence of the article says of the setting that it is about: the aspect that it names, and the values of the
// aspect that its words cover.
type Word struct {
	Quote  string // in the article's words, or in short ones for them
	Aspect Aspect
	Names  []string
}

// weightsAreScaled are the words of the article's title, which hold for every sentence that names no other operation.
var weightsAreScaled = Word{
	"scaling weights by a scalar", Operation, []string{string(scaling.OpReparameterise), string(scaling.OpRescale)},
}

// words are those by which it is decided which settings count: the claim's own, and for one of the article the title's for an operation
// that these do not name.
func (c Claim) words() []Word {
	if c.By != "" || slices.ContainsFunc(c.Words, func(w Word) bool { return w.Aspect == Operation }) {
		return c.Words
	}
	return append([]Word{weightsAreScaled}, c.Words...)
}

// Rule says in one sentence which settings count for a verdict.
const Rule = "A setting counts for the verdict if the sentence's words name it or leave it open; it stands beside, and shows what changes the verdict, if they name something else in its place."

// counts applies the rule: no fact of the setting is other than what the sentence's words name. What they do not speak of is open.
func (c Claim) counts(setting []Fact) bool {
	for _, word := range c.words() {
		for _, fact := range setting {
			if fact.Aspect == word.Aspect && !slices.Contains(word.Names, fact.Value) {
				return false
			}
		}
	}
	return true
}

// own reports whether a setting is the sentence's own: one that counts and has the facts of Claim.Setting. The article's is u = α·w in
// the forward pass, which is its formula and its code, on the weights of one layer.
func (c Claim) own(setting []Fact) bool {
	of := c.Setting
	if c.By == "" {
		of = facts(scaling.OpReparameterise, OneLayer)
	}
	return c.counts(setting) && !slices.ContainsFunc(of, func(f Fact) bool { return !slices.Contains(setting, f) })
}

// symbols of the operations, as the ledger prints them.
var symbols = map[string]string{
	string(scaling.OpReparameterise): "u = α·w", string(scaling.OpRescale): "w ← α·w", string(scaling.OpScaleOutput): "y = α·(Wx + b)",
	string(scaling.OpRebalance): "(αW₁, W₂/α)", string(scaling.OpScaleLoss): "ℓ ← α·ℓ", string(scaling.OpScaleLearningRate): "η ← α·η",
}

// short names a setting by the facts that not all of the cases share.
func short(setting []Fact, cases []Case) string {
	var out []string
	for _, fact := range setting {
		shared := true
		for _, c := range cases {
			shared = shared && slices.Contains(c.Facts, fact)
		}
		if shared {
			continue
		}
		if symbol, known := symbols[fact.Value]; known {
			out = append(out, symbol)
		} else {
			out = append(out, fact.Value)
		}
	}
	return strings.Join(out, ", ")
}

// Changes names what changes the verdict: the settings that do not agree with the article where its own does, or where no
// verdict of its own is plain, and those that do where its own does not. It is computed from what was measured.
func (e Entry) Changes() []string {
	var out []string
	for _, c := range e.Cases {
		if name := short(c.Facts, e.Cases); c.Agrees == (e.Own == judge.False) && name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}
