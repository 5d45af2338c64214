package frameworks

import (
	"fmt"
	"maps"
	"math"
	"strings"
	"testing"
)

// What a reader writes in PyTorch where α = 4 multiplies some of the weights. The rate was given; ε and λ are PyTorch's defaults.
func ExampleAdvice() {
	a, err := Advice(Torch, "AdamW", Values{"lr": 0.001}, 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(a.Parts)
	_, err = Advice(Torch, "RAdam", nil, 4)
	fmt.Println(err)
	// Output:
	// torch.optim.AdamW([
	//     {"params": scaled, "lr": 0.00025, "eps": 4e-08, "weight_decay": 0.04},
	//     {"params": others, "lr": 0.001, "eps": 1e-08, "weight_decay": 0.01},
	// ])
	// no hyperparameters of torch.optim.RAdam give the training without α: its first steps are momentum's, for which α acts as α²η, and the later ones Adam's, for which it acts as αη
}

// What each framework is told, written by hand from its own code.
func TestAdviceIsWhatTheFrameworksCodeAsksFor(t *testing.T) {
	for _, test := range []struct {
		framework, optimizer string
		given                Values
		alpha                float64
		whole                string
	}{
		// ε outside the root, the unit of a gradient; λ in the gradient.
		{Torch, "torch.optim.Adam", Values{"lr": 0.5, "weight_decay": 0.25}, 2, `torch.optim.Adam(scaled, lr=0.25, eps=2e-08, weight_decay=1.0)`},
		{Torch, "Adam", Values{"lr": 0.5, "weight_decay": 0.25, "decoupled_weight_decay": true}, 2, `torch.optim.Adam(scaled, lr=0.25, decoupled_weight_decay=True, eps=2e-08, weight_decay=0.5)`},
		{Torch, "RMSprop", Values{"lr": 0.5}, 2, `torch.optim.RMSprop(scaled, lr=0.25, eps=2e-08)`},
		// ε under the root, the unit of a gradient's square; λ beside the gradient, times the learning rate.
		{Keras, "RMSprop", Values{"learning_rate": 0.5}, 2, `keras.optimizers.RMSprop(learning_rate=0.25, epsilon=4e-07)`},
		{Keras, "SGD", Values{"learning_rate": 0.5, "momentum": 0.5, "weight_decay": 0.25}, 2, `keras.optimizers.SGD(learning_rate=0.125, momentum=0.5, weight_decay=1.0)`},
		{Keras, "Lamb", Values{"weight_decay": 0.25}, 2, `keras.optimizers.Lamb(epsilon=2e-07, weight_decay=0.25)`},
		{Optax, "rmsprop", Values{"learning_rate": 0.5}, 2, `optax.rmsprop(learning_rate=0.25, eps=4e-08)`},
		{Optax, "rmsprop", Values{"learning_rate": 0.5, "eps_in_sqrt": false}, 2, `optax.rmsprop(learning_rate=0.25, eps=2e-08, eps_in_sqrt=False)`},
		{Optax, "lamb", Values{"learning_rate": 0.5}, 2, `optax.lamb(learning_rate=0.5, eps=2e-06)`},
		{Optax, "clip_by_global_norm", Values{"max_norm": 1}, 2, `optax.clip_by_global_norm(max_norm=2.0)`},
	} {
		a, err := Advice(test.framework, test.optimizer, test.given, test.alpha)
		if err != nil || a.Whole != test.whole {
			t.Errorf("%s %s(%s): %s, want %s (%v)", test.framework, test.optimizer, test.given, a.Whole, test.whole, err)
		}
		if !strings.HasPrefix(a.Measured, "Run in "+test.framework) {
			t.Errorf("%s says of what was measured: %q", a.Whole, a.Measured)
		}
	}
}

func TestAdviceForSomeOfTheWeights(t *testing.T) {
	for _, test := range []struct {
		framework, optimizer string
		given                Values
		parts                string
	}{
		{Torch, "SGD", Values{"lr": 0.5, "momentum": 0.5, "nesterov": true}, `torch.optim.SGD([
    {"params": scaled, "lr": 0.125},
    {"params": others, "lr": 0.5},
], momentum=0.5, nesterov=True)`},
		{Torch, "Adagrad", Values{"lr": 0.5, "initial_accumulator_value": 0.25}, `[
    torch.optim.Adagrad(scaled, lr=0.25, eps=2e-10, initial_accumulator_value=1.0),
    torch.optim.Adagrad(others, lr=0.5, eps=1e-10, initial_accumulator_value=0.25),
]`},
		{Keras, "Adam", Values{"learning_rate": 0.5}, `keras.optimizers.MultiOptimizer(keras.optimizers.OptimizerMap(
    keras.optimizers.Adam(learning_rate=0.5, epsilon=1e-07),
    dict.fromkeys(scaled, keras.optimizers.Adam(learning_rate=0.25, epsilon=2e-07)),
))`},
		{Optax, "sgd", Values{"learning_rate": 0.5}, `optax.multi_transform({
    "scaled": optax.sgd(learning_rate=0.125),
    "others": optax.sgd(learning_rate=0.5),
}, labels)`},
		{Keras, "SGD", Values{"global_clipnorm": 1.0}, ""}, // a joint norm
	} {
		if a, err := Advice(test.framework, test.optimizer, test.given, 2); err != nil || a.Parts != test.parts {
			t.Errorf("%s %s(%s):\n%s\nwant\n%s\n(%v)", test.framework, test.optimizer, test.given, a.Parts, test.parts, err)
		}
	}
}

// What an optimizer keeps, by hand: Keras' SGD keeps steps, η included, which have the unit of a weight.
func TestAdviceInMidTraining(t *testing.T) {
	for _, test := range []struct {
		framework, optimizer string
		given                Values
		state                map[string]float64
	}{
		{Torch, "SGD", Values{"momentum": 0.9}, map[string]float64{"momentum_buffer": 4}},
		{Keras, "SGD", Values{"momentum": 0.9}, map[string]float64{"momentum": 0.25}},
		{Optax, "sgd", Values{"learning_rate": 0.1, "momentum": 0.9}, map[string]float64{"trace": 4}},
		{Torch, "AdamW", nil, map[string]float64{"exp_avg": 4, "exp_avg_sq": 16}},
		{Torch, "SGD", nil, map[string]float64{}},
	} {
		a, err := Advice(test.framework, test.optimizer, test.given, 4)
		if err != nil || !maps.Equal(a.State, test.state) {
			t.Errorf("%s %s(%s): %v, want %v (%v)", test.framework, test.optimizer, test.given, a.State, test.state, err)
		}
	}
}

// TestAdviceSaysWhatIsWrong: one sentence, with the nearest known names.
func TestAdviceSaysWhatIsWrong(t *testing.T) {
	for _, test := range []struct {
		framework, optimizer string
		given                Values
		alpha                float64
		says                 []string
	}{
		{"pytorch", "Adam", nil, 2, []string{`"pytorch"`, "torch, keras, optax"}},
		{"torch==1.0", "Adam", nil, 2, []string{"torch 1.0 was not compared", "torch 2."}},
		{Torch, "AdmW", nil, 2, []string{`"AdmW"`, "AdamW"}},
		{Keras, "keras.optimizers.SDG", nil, 2, []string{`SDG`, "SGD"}},
		{Torch, "Adam", Values{"epsilon": 1e-8}, 2, []string{`"epsilon"`, "eps"}},
		{Torch, "Adam", Values{"lr": -1}, 2, []string{"lr = -1", "not negative"}},
		{Torch, "Adam", Values{"lr": math.NaN()}, 2, []string{"NaN", "finite"}},
		{Torch, "Adam", Values{"maximize": true}, 2, []string{"maximize=True", "was not run"}},
		{Keras, "Adagrad", Values{"clipvalue": 1}, 2, []string{"clipvalue=1", "was not run"}},
		{Optax, "adam", nil, 2, []string{"optax.adam has no default learning_rate"}},
		{Optax, "yogi", Values{"learning_rate": 1}, 2, []string{"no hyperparameters", "1e-6"}},
		{Torch, "Adam", nil, 0, []string{"α = 0"}},
		{Torch, "Adam", nil, -1, []string{"α = -1"}},
		{Torch, "Adam", Values{"lr": 1e-300}, 1e300, []string{"lr of torch.optim.Adam", "no number can hold it"}},
	} {
		_, err := Advice(test.framework, test.optimizer, test.given, test.alpha)
		for _, says := range test.says {
			if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s %s(%v) at α = %g: %v, want a sentence with %q", test.framework, test.optimizer, test.given, test.alpha, err, says)
			}
		}
	}
	if _, err := Advice(Torch+"=="+release(Version(Torch)), "Adam", nil, 2); err != nil {
		t.Errorf("the version that was compared is refused: %v", err)
	}
}
