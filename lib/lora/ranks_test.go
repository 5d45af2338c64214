package lora_test

import (
	"testing"
	"time"

	"alphascale/lib/lora"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
)

func TestRanks(t *testing.T) {
	for _, f := range []optim.Family{optim.SGD, optim.Adam, optim.SignSGD} {
		for _, sc := range []lora.Scale{lora.Hu(4), lora.Kalajdzievski(4), lora.Fixed(1)} {
			t0 := time.Now()
			fit, err := lora.Ranks{
				Subject: subject.Of(mlp.Model, half(t, 1)), Weights: scaling.Select("/layer_*/dense/weights"), Scale: sc, Optimizer: f,
				Ranks: []int{2, 4, 8, 16, 32}, Values: pretrained(t),
			}.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			t.Log(lora.Check(fit), fit.Residual(), time.Since(t0))
		}
	}
}
