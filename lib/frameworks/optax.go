package frameworks

import (
	"maps"

	"alphascale/lib/optim"
)

// optaxUnits are those that names have in most of optax: ε outside the root, eps_root under it, λ beside the gradient.
func optaxUnits(own map[string]optim.Unit) map[string]optim.Unit {
	units := map[string]optim.Unit{"learning_rate": ofWeight, "eps": ofGradient, "eps_root": ofSquare, "weight_decay": perWeight}
	maps.Copy(units, own)
	return units
}

var (
	optaxUsual  = optaxUnits(nil)
	optaxLinear = map[string]optim.Unit{"learning_rate": perGradient}
	optaxRoots  = []Values{
		{"learning_rate": 0.003},
		{"learning_rate": 0.003, "eps": 1e-3, "eps_root": 1e-4},
	}
	optaxDecay = []Values{
		{"learning_rate": 0.003},
		{"learning_rate": 0.003, "eps": 1e-3, "eps_root": 1e-4, "weight_decay": 0.1},
	}
)

var optaxRules = []rule{
	{
		name: "sgd", units: optaxLinear,
		trials: []Values{
			{"learning_rate": 0.1},
			{"learning_rate": 0.02, "momentum": 0.9},
			{"learning_rate": 0.02, "momentum": 0.9, "nesterov": true},
		},
	},
	{name: "adam", units: optaxUsual, trials: append(optaxRoots[:2:2], Values{"learning_rate": 0.003, "eps": 1e-3, "eps_root": 1e-4, "nesterov": true})},
	{name: "adamw", units: optaxUsual, trials: optaxDecay},
	{name: "nadam", units: optaxUsual, trials: optaxRoots},
	{name: "nadamw", units: optaxUsual, trials: optaxDecay},
	{name: "amsgrad", units: optaxUsual, trials: optaxRoots},
	{name: "adabelief", units: optaxUsual, trials: optaxRoots},
	{name: "adan", units: optaxUsual, trials: optaxDecay},
	{name: "adamax", units: optaxUsual, states: map[string]optim.Unit{"nu": ofGradient}, trials: []Values{{"learning_rate": 0.003, "eps": 1e-3}}},
	{name: "adamaxw", units: optaxUsual, states: map[string]optim.Unit{"nu": ofGradient}, trials: []Values{{"learning_rate": 0.003, "eps": 1e-3, "weight_decay": 0.1}}},
	{
		name: "rmsprop", states: map[string]optim.Unit{"trace": ofWeight}, units: optaxUnits(map[string]optim.Unit{"eps": ofSquare, "initial_scale": ofSquare}),
		under: []under{{"eps_in_sqrt", false, map[string]optim.Unit{"eps": ofGradient}}},
		trials: []Values{
			{"learning_rate": 0.001},
			{"learning_rate": 0.001, "eps": 1e-3, "initial_scale": 0.01},
			{"learning_rate": 0.001, "eps": 1e-3, "initial_scale": 0.01, "eps_in_sqrt": false},
			{"learning_rate": 1e-4, "eps": 1e-3, "momentum": 0.9, "centered": true},
		},
	},
	{
		name: "adagrad", units: optaxUnits(map[string]optim.Unit{"eps": ofSquare, "initial_accumulator_value": ofSquare}),
		trials: []Values{{"learning_rate": 0.01}, {"learning_rate": 0.01, "eps": 1e-3}},
	},
	{
		name: "adadelta", units: map[string]optim.Unit{"learning_rate": perGradient, "eps": ofSquare, "weight_decay": coupled},
		trials: []Values{{"learning_rate": 0.5, "eps": 1e-6, "weight_decay": 0.01}},
	},
	{
		name: "adafactor", units: map[string]optim.Unit{"eps": ofSquare}, states: map[string]optim.Unit{"v": ofSquare},
		nearly: "optax fixes the least size of a parameter at 1e-3, which cannot follow α",
		trials: []Values{{"learning_rate": 0.01, "eps": 1e-8}},
	},
	{name: "lion", units: optaxUsual, trials: []Values{{"learning_rate": 0.001}, {"learning_rate": 0.001, "weight_decay": 0.1}}},
	{
		name: "lamb", units: optaxUnits(map[string]optim.Unit{"learning_rate": {}}),
		trials: []Values{{"learning_rate": 0.005, "eps": 1e-3, "eps_root": 1e-4, "weight_decay": 0.1}},
	},
	{
		name: "lars", states: map[string]optim.Unit{"trace": ofWeight}, units: optaxUnits(map[string]optim.Unit{"learning_rate": {}, "weight_decay": coupled}),
		trials: []Values{{"learning_rate": 5, "weight_decay": 1e-3}},
	},
	{name: "fromage", units: map[string]optim.Unit{}, nearly: "optax holds both norms to 1e-6 at least", trials: []Values{{"learning_rate": 0.01}}},
	{
		name: "novograd", units: optaxUsual, states: map[string]optim.Unit{"mu": {}},
		trials: []Values{{"learning_rate": 0.003, "eps": 1e-3, "eps_root": 1e-4, "weight_decay": 0.1}},
	},
	{name: "sign_sgd", units: optaxUsual, trials: []Values{{"learning_rate": 0.001}}},
	{name: "signum", units: optaxUsual, states: map[string]optim.Unit{"ema": ofGradient}, trials: []Values{{"learning_rate": 0.001}}},
	{
		name: "yogi", units: optaxUsual,
		none:   "optax starts its second moment at 1e-6, which cannot follow α",
		trials: []Values{{"learning_rate": 0.003}},
	},
	{name: "sm3", units: optaxUsual, states: map[string]optim.Unit{"mu": ofSquare, "nu": {}}, nearly: "optax fixes its ε at 1e-8, which cannot follow α", trials: []Values{{"learning_rate": 0.01}}},
	{
		name: "rprop", states: map[string]optim.Unit{"prev_updates": ofWeight}, // it takes each step one step later
		units:  optaxUnits(map[string]optim.Unit{"min_step_size": ofWeight, "max_step_size": ofWeight}),
		trials: []Values{{"learning_rate": 0.001, "max_step_size": 0.004}},
	},
	{name: "optimistic_gradient_descent", units: optaxLinear, trials: []Values{{"learning_rate": 0.1}}},
	{
		name: "noisy_sgd", units: map[string]optim.Unit{"learning_rate": perGradient, "eta": ofSquare}, joint: []string{"eta"},
		trials: []Values{{"learning_rate": 0.1, "eta": 0.001, "seed": 0}},
	},
	{
		name: "polyak_sgd", units: map[string]optim.Unit{"max_learning_rate": perGradient, "eps": ofSquare}, joint: []string{"max_learning_rate"},
		trials: []Values{{"max_learning_rate": 0.5, "eps": 0.1}},
	},
	{
		name: "muon", states: map[string]optim.Unit{"ns_coeffs": {}},
		units: optaxUnits(map[string]optim.Unit{"adam_eps_root": ofSquare, "adam_weight_decay": perWeight}),
		trials: []Values{
			{"learning_rate": 0.005},
			{"learning_rate": 0.005, "eps": 1e-3, "weight_decay": 0.1, "adam_eps_root": 1e-4, "adam_weight_decay": 0.1},
		},
	},
	{
		name: "radam", units: optaxUsual,
		none:   "its first steps are momentum's, for which α acts as α²η, and the later ones Adam's, for which it acts as αη",
		trials: []Values{{"learning_rate": 0.003, "eps": 1e-3}},
	},
	{
		name: "lbfgs", units: map[string]optim.Unit{}, joint: []string{"learning_rate"},
		none:   "its first step is as long as min(1, 1/‖g‖) makes it, which compares a gradient with 1",
		trials: []Values{{"learning_rate": 0.5}},
	},
	{
		name: "clip_by_global_norm", units: map[string]optim.Unit{"max_norm": ofGradient}, clip: true, joint: []string{"max_norm"},
		trials: []Values{{"max_norm": 0.3}},
	},
	{name: "clip_by_block_rms", units: map[string]optim.Unit{"threshold": ofGradient}, clip: true, trials: []Values{{"threshold": 0.003}}},
	{name: "clip", units: map[string]optim.Unit{"max_delta": ofGradient}, clip: true, trials: []Values{{"max_delta": 0.01}}},
	{
		name: "adaptive_grad_clip", units: map[string]optim.Unit{"clipping": coupled}, clip: true,
		nearly: "optax holds the norm of a weight to 1e-3 at least, which cannot follow α",
		trials: []Values{{"clipping": 0.01}},
	},
}

var optaxStates = map[string]optim.Unit{
	"trace": ofGradient, "mu": ofGradient, "nu": ofSquare, "nu_max": ofSquare, "sum_of_squares": ofSquare, "e_g": ofSquare, "e_x": ofSquare,
	"m": ofGradient, "v": ofGradient, "n": ofSquare, "g": ofGradient, "step_sizes": ofWeight, "prev_updates": ofGradient,
	"previous_gradient": ofGradient, "v_row": ofSquare, "v_col": ofSquare, "rng_key": {},
}
