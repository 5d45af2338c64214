package result

import (
	"fmt"
	"strings"
)

// Quantity says what a number measures: what an axis or a column is labelled with.
type Quantity struct {
	Name   string // in words and lower case: "learning rate"
	Symbol string // as in the formulas, "η"; empty where the quantity has none
	Unit   string // "nats", "steps"; empty for a pure number
}

// Quantities that recur in every chapter. They are functions so that no caller can change them for another.

// Alpha is the factor α that multiplies the weights.
func Alpha() Quantity { return Quantity{Name: "weight multiplier", Symbol: "α"} }

// LearningRate is the optimizer's learning rate η.
func LearningRate() Quantity { return Quantity{Name: "learning rate", Symbol: "η"} }

// EffectiveLearningRate is the learning rate at which the unscaled network would take the same steps.
func EffectiveLearningRate() Quantity { return Quantity{Name: "effective learning rate"} }

// Loss is a cross-entropy in nats.
func Loss() Quantity { return Quantity{Name: "loss", Unit: "nats"} }

// Step counts optimizer updates, from 0.
func Step() Quantity { return Quantity{Name: "step"} }

// Label is the quantity as an axis shows it: "learning rate η", "loss (nats)".
func (q Quantity) Label() string {
	label := q.Name
	if q.Symbol != "" {
		label = strings.TrimSpace(label + " " + q.Symbol)
	}
	if q.Unit != "" {
		label += " (" + q.Unit + ")"
	}
	return label
}

// Check returns an error if the quantity has no name, or one that a file's header could not carry: ", " separates name
// and symbol there, and "(" opens the unit.
func (q Quantity) Check() error {
	if q.Name == "" {
		return fmt.Errorf("quantity %+v has no name: set Name, such as \"learning rate\"", q)
	}
	for _, part := range []string{q.Name, q.Symbol, q.Unit} {
		if strings.ContainsAny(part, "()\n\r") || strings.Contains(part, ", ") || strings.TrimSpace(part) != part {
			return fmt.Errorf("quantity part %q has parentheses, a comma, a line break or outer spaces: "+
				"put the unit in Unit and the symbol in Symbol", part)
		}
	}
	return nil
}

// header is the quantity as the first line of a file carries it: "learning rate, η (unit)".
func (q Quantity) header() string {
	header := q.Name
	if q.Symbol != "" {
		header += ", " + q.Symbol
	}
	if q.Unit != "" {
		header += " (" + q.Unit + ")"
	}
	return header
}

// parseHeader undoes header.
func parseHeader(header string) Quantity {
	var q Quantity
	if open := strings.LastIndex(header, " ("); open >= 0 && strings.HasSuffix(header, ")") {
		q.Unit = header[open+2 : len(header)-1]
		header = header[:open]
	}
	q.Name, q.Symbol, _ = strings.Cut(header, ", ")
	return q
}
