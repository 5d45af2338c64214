package frameworks

import "alphascale/lib/optim"

// What adds decay to the gradient has λ of the unit gradient/weight; decoupled, as AdamW, 1/weight.
var torchAdam = map[string]optim.Unit{"lr": ofWeight, "eps": ofGradient, "weight_decay": coupled}

var torchRules = []rule{
	{
		name: "SGD", units: map[string]optim.Unit{"lr": perGradient, "weight_decay": coupled},
		trials: []Values{
			{"lr": 0.1},
			{"lr": 0.02, "momentum": 0.9, "weight_decay": 0.01},
			{"lr": 0.1, "momentum": 0.9, "dampening": 0.9},
			{"lr": 0.02, "momentum": 0.9, "weight_decay": 0.01, "nesterov": true},
			{"lr": 0.02, "momentum": 0.9, "weight_decay": 0.01, "foreach": true},
			{"lr": 0.02, "momentum": 0.9, "weight_decay": 0.01, "fused": true},
		},
	},
	{
		name: "Adam", units: torchAdam,
		under: []under{{"decoupled_weight_decay", true, map[string]optim.Unit{"weight_decay": perWeight}}},
		trials: []Values{
			{"lr": 0.003},
			{"lr": 0.003, "eps": 1e-3, "weight_decay": 0.01},
			{"lr": 0.003, "eps": 1e-3, "weight_decay": 0.01, "foreach": true},
			{"lr": 0.003, "eps": 1e-3, "weight_decay": 0.01, "fused": true},
			{"lr": 0.003, "eps": 1e-3, "weight_decay": 0.01, "amsgrad": true},
			{"lr": 0.003, "eps": 1e-3, "weight_decay": 0.1, "decoupled_weight_decay": true},
		},
	},
	{
		name: "AdamW", units: map[string]optim.Unit{"lr": ofWeight, "eps": ofGradient, "weight_decay": perWeight},
		trials: []Values{
			{"lr": 0.003},
			{"lr": 0.003, "eps": 1e-3, "weight_decay": 0.1},
			{"lr": 0.003, "eps": 1e-3, "weight_decay": 0.1, "foreach": true},
			{"lr": 0.003, "eps": 1e-3, "weight_decay": 0.1, "fused": true},
			{"lr": 0.003, "eps": 1e-3, "weight_decay": 0.1, "amsgrad": true},
		},
	},
	{
		name: "NAdam", units: torchAdam,
		under: []under{{"decoupled_weight_decay", true, map[string]optim.Unit{"weight_decay": perWeight}}},
		trials: []Values{
			{"lr": 0.002, "eps": 1e-3, "weight_decay": 0.01},
			{"lr": 0.002, "eps": 1e-3, "weight_decay": 0.1, "decoupled_weight_decay": true},
		},
	},
	{
		name: "Adamax", units: torchAdam,
		trials: []Values{{"lr": 0.003, "eps": 1e-3, "weight_decay": 0.01}},
	},
	{
		name: "RMSprop", units: torchAdam, states: map[string]optim.Unit{"momentum_buffer": {}},
		trials: []Values{
			{"lr": 0.001, "eps": 1e-3, "weight_decay": 0.01},
			{"lr": 1e-4, "eps": 1e-3, "weight_decay": 0.01, "momentum": 0.9},
			{"lr": 1e-4, "eps": 1e-3, "weight_decay": 0.01, "momentum": 0.9, "centered": true},
		},
	},
	{
		name: "Adagrad", ofAll: []string{"initial_accumulator_value"},
		units: map[string]optim.Unit{"lr": ofWeight, "eps": ofGradient, "weight_decay": coupled, "initial_accumulator_value": ofSquare},
		trials: []Values{
			{"lr": 0.01, "eps": 1e-3, "weight_decay": 0.01, "initial_accumulator_value": 0.1, "lr_decay": 0.01},
			{"lr": 0.01, "eps": 1e-3, "weight_decay": 0.01, "initial_accumulator_value": 0.1, "fused": true},
		},
	},
	{
		name: "Adadelta", units: map[string]optim.Unit{"lr": perGradient, "eps": ofSquare, "weight_decay": coupled},
		trials: []Values{{"lr": 1, "eps": 1e-6, "weight_decay": 0.01}},
	},
	{
		name: "Rprop", units: map[string]optim.Unit{"lr": ofWeight, "step_sizes[0]": ofWeight, "step_sizes[1]": ofWeight},
		trials: []Values{{"lr": 0.001}},
	},
	{
		name: "ASGD", units: map[string]optim.Unit{"lr": perGradient, "lambd": coupled, "weight_decay": coupled},
		trials: []Values{{"lr": 0.1, "lambd": 0.01, "weight_decay": 0.01}},
	},
	{
		name: "Adafactor", units: map[string]optim.Unit{"eps[1]": ofWeight},
		nearly: "its first ε is held against a gradient in one place and against the square of one in another",
		trials: []Values{{"lr": 0.01, "eps": []any{nil, 0.1}, "weight_decay": 0.1}},
	},
	{
		name: "Muon", units: map[string]optim.Unit{"lr": ofWeight, "eps": ofGradient, "weight_decay": perWeight},
		rest: "AdamW",
		trials: []Values{
			{"lr": 0.005},
			{"lr": 0.005, "weight_decay": 0.1, "adjust_lr_fn": "match_rms_adamw"},
		},
	},
	{
		name: "SparseAdam", units: map[string]optim.Unit{"lr": ofWeight, "eps": ofGradient},
		trials: []Values{{"lr": 0.003, "eps": 1e-3}},
	},
	{
		name: "RAdam", units: torchAdam,
		under: []under{{"decoupled_weight_decay", true, map[string]optim.Unit{"weight_decay": perWeight}}},
		none:  "its first steps are momentum's, for which α acts as α²η, and the later ones Adam's, for which it acts as αη",
		trials: []Values{
			{"lr": 0.003, "eps": 1e-3},
		},
	},
	{
		name: "LBFGS", units: map[string]optim.Unit{"tolerance_change": ofWeight, "tolerance_grad": ofGradient},
		joint:  []string{"lr"},
		none:   "its first step is as long as min(1, 1/‖g‖₁) makes it, which compares a gradient with 1",
		trials: []Values{{"lr": 0.05, "max_iter": 4}},
	},
	{
		name: "clip_grad_norm_", units: map[string]optim.Unit{"max_norm": ofGradient}, clip: true, joint: []string{"max_norm"},
		nearly: "torch adds 1e-6 to the norm that it divides by, which cannot follow α",
		trials: []Values{{"max_norm": 0.3}},
	},
	{
		name: "clip_grad_value_", units: map[string]optim.Unit{"clip_value": ofGradient}, clip: true,
		trials: []Values{{"clip_value": 0.01}},
	},
}

var torchStates = map[string]optim.Unit{
	"momentum_buffer": ofGradient, "exp_avg": ofGradient, "exp_avg_sq": ofSquare, "max_exp_avg_sq": ofSquare, "exp_inf": ofGradient,
	"square_avg": ofSquare, "grad_avg": ofGradient, "sum": ofSquare, "acc_delta": ofSquare, "prev": ofGradient, "step_size": ofWeight,
	"ax": ofWeight, "eta": perGradient, "row_var": ofSquare, "col_var": ofSquare, "variance": ofSquare,
	"mu": {}, "mu_product": {}, // products of decay rates
}
