package tex

import (
	"fmt"
	"strings"
)

// Text is the text in LaTeX, which sets it with the document's own fonts: signs that LaTeX reads as its own are written out, Greek letters
// and operators are set as mathematics, and a run of raised or lowered digits becomes one exponent or index. An error names a letter
// that it does not know.
func Text(text string) (string, error) {
	var out strings.Builder
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		if i+1 < len(runes) && runes[i+1] == '\u0302' { // a circumflex over the letter before it
			letter, err := Text(string(r))
			if err != nil {
				return "", err
			}
			out.WriteString(`\ensuremath{\hat{` + strings.NewReplacer(`\ensuremath{`, "", "}", "").Replace(letter) + "}}")
			i++
			continue
		}
		if script, lies := scriptOf(r); lies != 0 {
			for i+1 < len(runes) {
				next, same := scriptOf(runes[i+1])
				if same != lies {
					break
				}
				script += next
				i++
			}
			fmt.Fprintf(&out, `\ensuremath{%c{%s}}`, lies, script)
			continue
		}
		switch {
		case escaped[r] != "":
			out.WriteString(escaped[r])
		case math[r] != "":
			out.WriteString(`\ensuremath{` + math[r] + "}")
		case r < 0x80 && r >= ' ':
			out.WriteRune(r)
		default:
			return "", fmt.Errorf("there is no LaTeX for %q (%U): add it to plots/internal/tex", r, r)
		}
	}
	return out.String(), nil
}

var escaped = map[rune]string{
	'\\': `\textbackslash{}`, '{': `\{`, '}': `\}`, '$': `\$`, '&': `\&`, '#': `\#`, '%': `\%`, '_': `\_`, '^': `\textasciicircum{}`, '~': `\textasciitilde{}`,
	'–': "--", '—': "---", '…': `\ldots{}`, '’': "'", '‘': "`", '“': "``", '”': "''", 'é': `\'e`, 'ö': `\"o`, 'ü': `\"u`, 'ä': `\"a`, '§': `\S{}`, '\u00a0': "~", '\u202f': `\,`,
	'<': `\ensuremath{<}`, '>': `\ensuremath{>}`, '|': `\ensuremath{|}`, '*': `\ensuremath{\ast}`, '"': "''",
}

var math = map[rune]string{
	'α': `\alpha`, 'β': `\beta`, 'γ': `\gamma`, 'δ': `\delta`, 'ε': `\varepsilon`, 'ζ': `\zeta`, 'η': `\eta`, 'θ': `\theta`, 'κ': `\kappa`,
	'λ': `\lambda`, 'μ': `\mu`, 'ν': `\nu`, 'ξ': `\xi`, 'π': `\pi`, 'ρ': `\rho`, 'σ': `\sigma`, 'τ': `\tau`, 'φ': `\varphi`, 'χ': `\chi`, 'ψ': `\psi`, 'ω': `\omega`,
	'Γ': `\Gamma`, 'Δ': `\Delta`, 'Θ': `\Theta`, 'Λ': `\Lambda`, 'Σ': `\Sigma`, 'Φ': `\Phi`, 'Ω': `\Omega`,
	'∇': `\nabla`, '∂': `\partial`, 'ℓ': `\ell`, '‖': `\|`, '√': `\surd`, '∞': `\infty`, '∠': `\angle`, '′': `'`, 'ẑ': `\hat{z}`, 'ŷ': `\hat{y}`,
	'·': `\cdot`, '×': `\times`, '±': `\pm`, '−': `-`, '≤': `\le`, '≥': `\ge`, '≈': `\approx`, '∝': `\propto`, '≠': `\ne`, '≪': `\ll`, '≫': `\gg`, '∈': `\in`, '∑': `\sum`,
	'⟨': `\langle`, '⟩': `\rangle`, '⌈': `\lceil`, '⌉': `\rceil`, '⌊': `\lfloor`, '⌋': `\rfloor`, '→': `\to`, '←': `\leftarrow`, '↔': `\leftrightarrow`, '✓': `\surd`, '°': `^\circ`,
	'½': `\frac12`, '¼': `\frac14`, '¾': `\frac34`,
}

const (
	raised  = "⁰0¹1²2³3⁴4⁵5⁶6⁷7⁸8⁹9⁺+⁻-⁽(⁾)ᵃaᵇbᶜcᵈdᵉeᶠfᵍgʰhⁱiʲjᵏkˡlᵐmⁿnᵒoᵖpʳrˢsᵗtᵘuᵛvʷwˣxʸyᶻzᵀT"
	lowered = "₀0₁1₂2₃3₄4₅5₆6₇7₈8₉9₊+₋-₍(₎)ₐaₑeₕhᵢiⱼjₖkₗlₘmₙnₒoₚpᵣrₛsₜtᵤuᵥvₓx"
)

// scriptOf is what a raised letter (lies is ^) or a lowered one (_) stands for; lies is 0 for any other.
func scriptOf(r rune) (plain string, lies rune) {
	for list, mark := range map[string]rune{raised: '^', lowered: '_'} {
		letters := []rune(list)
		for i := 0; i < len(letters); i += 2 {
			if letters[i] == r {
				return string(letters[i+1]), mark
			}
		}
	}
	return "", 0
}
