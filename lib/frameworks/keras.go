package frameworks

import (
	"maps"

	"alphascale/lib/optim"
)

// Every optimizer of Keras clips, decays the weights on its own, outside the gradient, and takes η before it keeps a velocity.
func kerasUnits(own map[string]optim.Unit) map[string]optim.Unit {
	units := map[string]optim.Unit{"clipnorm": ofGradient, "global_clipnorm": ofGradient, "clipvalue": ofGradient}
	maps.Copy(units, own)
	return units
}

var (
	kerasAdam = kerasUnits(map[string]optim.Unit{"learning_rate": ofWeight, "epsilon": ofGradient, "weight_decay": perWeight})
	kerasRoot = kerasUnits(map[string]optim.Unit{"learning_rate": ofWeight, "epsilon": ofSquare, "weight_decay": perWeight})
	kerasNorm = []string{"global_clipnorm"}
)

var kerasRules = []rule{
	{
		name: "SGD", units: kerasUnits(map[string]optim.Unit{"learning_rate": perGradient, "weight_decay": coupled}), joint: kerasNorm,
		states: map[string]optim.Unit{"momentum": ofWeight}, // it holds steps, η included
		trials: []Values{
			{"learning_rate": 0.1},
			{"learning_rate": 0.02, "momentum": 0.9, "weight_decay": 0.1},
			{"learning_rate": 0.02, "momentum": 0.9, "weight_decay": 0.1, "nesterov": true},
			{"learning_rate": 0.1, "clipnorm": 0.3},
			{"learning_rate": 0.1, "global_clipnorm": 0.3},
			{"learning_rate": 0.1, "clipvalue": 0.01},
		},
	},
	{
		name: "Adam", units: kerasAdam, joint: kerasNorm,
		trials: []Values{
			{"learning_rate": 0.003},
			{"learning_rate": 0.003, "epsilon": 1e-3, "weight_decay": 0.1},
			{"learning_rate": 0.003, "epsilon": 1e-3, "weight_decay": 0.1, "amsgrad": true},
			{"learning_rate": 0.003, "epsilon": 1e-3, "weight_decay": 0.1, "clipnorm": 0.3},
			{"learning_rate": 0.003, "epsilon": 1e-3, "weight_decay": 0.1, "global_clipnorm": 0.3},
		},
	},
	{
		name: "AdamW", units: kerasAdam, joint: kerasNorm,
		trials: []Values{
			{"learning_rate": 0.003},
			{"learning_rate": 0.003, "epsilon": 1e-3, "weight_decay": 0.1},
			{"learning_rate": 0.003, "epsilon": 1e-3, "weight_decay": 0.1, "amsgrad": true},
			{"learning_rate": 0.003, "epsilon": 1e-3, "weight_decay": 0.1, "clipnorm": 0.3},
			{"learning_rate": 0.003, "epsilon": 1e-3, "weight_decay": 0.1, "global_clipnorm": 0.3},
		},
	},
	{
		name: "RMSprop", units: kerasRoot, joint: kerasNorm, states: map[string]optim.Unit{"momentum": ofWeight},
		trials: []Values{
			{"learning_rate": 0.001},
			{"learning_rate": 0.001, "epsilon": 1e-3, "weight_decay": 0.1},
			{"learning_rate": 1e-4, "epsilon": 1e-3, "momentum": 0.9, "weight_decay": 0.1, "centered": true},
		},
	},
	{
		name: "Adagrad", joint: kerasNorm,
		units: kerasUnits(map[string]optim.Unit{
			"learning_rate": ofWeight, "epsilon": ofSquare, "weight_decay": perWeight, "initial_accumulator_value": ofSquare,
		}),
		trials: []Values{
			{"learning_rate": 0.01},
			{"learning_rate": 0.01, "epsilon": 1e-3, "weight_decay": 0.1},
		},
	},
	{
		name: "Adadelta", units: kerasUnits(map[string]optim.Unit{"learning_rate": perGradient, "epsilon": ofSquare, "weight_decay": coupled}),
		joint:  kerasNorm,
		trials: []Values{{"learning_rate": 1, "epsilon": 1e-6, "weight_decay": 0.01}},
	},
	{
		name: "Adamax", units: kerasAdam, joint: kerasNorm,
		trials: []Values{{"learning_rate": 0.003, "epsilon": 1e-3, "weight_decay": 0.1}},
	},
	{
		name: "Nadam", units: kerasAdam, joint: kerasNorm, states: map[string]optim.Unit{"variable": {}}, // a product of decay rates
		trials: []Values{{"learning_rate": 0.002, "epsilon": 1e-3, "weight_decay": 0.1}},
	},
	{
		name: "Ftrl", joint: kerasNorm,
		units: kerasUnits(map[string]optim.Unit{
			"learning_rate": ofWeight, "weight_decay": perWeight, "initial_accumulator_value": ofSquare, "beta": ofGradient,
			"l1_regularization_strength": ofGradient, "l2_regularization_strength": coupled, "l2_shrinkage_regularization_strength": coupled,
		}),
		trials: []Values{{
			"learning_rate": 0.5, "weight_decay": 0.5, "beta": 1, "l1_regularization_strength": 1e-3,
			"l2_regularization_strength": 0.1, "l2_shrinkage_regularization_strength": 0.01,
		}},
	},
	{
		name: "Lion", units: kerasUnits(map[string]optim.Unit{"learning_rate": ofWeight, "weight_decay": perWeight}), joint: kerasNorm,
		trials: []Values{{"learning_rate": 0.001, "weight_decay": 0.1}},
	},
	{
		name: "Lamb", units: kerasUnits(map[string]optim.Unit{"epsilon": ofGradient}), joint: kerasNorm,
		trials: []Values{{"learning_rate": 0.005, "epsilon": 1e-3, "weight_decay": 0.1}},
	},
	{
		name: "Adafactor", units: kerasUnits(map[string]optim.Unit{"epsilon_1": ofSquare, "epsilon_2": ofWeight}), joint: kerasNorm,
		states: map[string]optim.Unit{"kernel": ofSquare, "bias": ofSquare}, // what it keeps of rows and columns is called after the weight
		trials: []Values{{"learning_rate": 0.01, "epsilon_1": 1e-6, "epsilon_2": 0.1, "weight_decay": 0.1}},
	},
	{
		name: "Muon", joint: kerasNorm,
		units: kerasUnits(map[string]optim.Unit{
			"learning_rate": ofWeight, "epsilon": ofGradient, "weight_decay": perWeight, "adam_weight_decay": perWeight,
		}),
		nearly: "Keras fixes the ε of the matrices' norm at 1e-7, which cannot follow α",
		trials: []Values{
			{"learning_rate": 0.005, "exclude_embeddings": false},
			{"learning_rate": 0.005, "exclude_embeddings": false, "epsilon": 1e-3, "weight_decay": 0.1, "adam_weight_decay": 0.1},
		},
	},
	{
		name: "ScheduleFreeAdamW", units: kerasAdam, joint: kerasNorm, states: map[string]optim.Unit{"momentum": ofWeight}, // it holds weights
		trials: []Values{{"learning_rate": 0.003, "epsilon": 1e-3, "weight_decay": 0.1}},
	},
}

var kerasStates = map[string]optim.Unit{
	"momentum": ofGradient, "velocity": ofSquare, "velocity_hat": ofSquare, "average_gradient": ofGradient, "norm": ofGradient,
	"accumulator": ofSquare, "accumulated_grad": ofSquare, "accumulated_delta_var": ofSquare, "linear": ofGradient,
	"r": ofSquare, "c": ofSquare, "u_product": {},
}
