package training_test

import (
	"math"
	"testing"

	"alphascale/lib/subject"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/law"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/training"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// L11: a compensated run is the same at every α until a number leaves its format's range, and then it stops learning, at
// the α that the format predicts, within a factor of 2. XLA replaces subnormal numbers by zero on CPUs, and keeps them on GPUs.
func TestLawL11WhereARunStopsLearning(t *testing.T) {
	const eta = 0.01
	magnitudes := law.Magnitudes{Weight: 0.5, Gradient: 1, LearningRate: eta, Exponent: 2, Compensated: true}
	for _, test := range []struct {
		format law.Format
		dtype  dtypes.DType
		open   func() (compute.Backend, error)
		high   bool // whether the upper limit is tested too
	}{
		{law.Float32(), dtypes.Float32, backend.Open, true},
		{law.BFloat16(), dtypes.BFloat16, backend.Open, true},
		// XLA's CPU has no float16. The interpreter flushes the results of operations and not their inputs, a format of
		// neither kind, so only the lower limit, where the gradient is such a result, is that of the format.
		{law.Float16(), dtypes.Float16, backend.Interpreter, false},
	} {
		t.Run(test.format.Name, func(t *testing.T) {
			p := oneWeight(t, test.dtype, test.open)
			if flushes(t, test.dtype, test.open) {
				test.format = test.format.Flushing()
			}
			learns := func(alpha float64) bool {
				r, err := p.Run(training.Settings{Alpha: alpha, Hyper: optim.Values{optim.LearningRate: eta / alpha / alpha}})
				return err == nil && r.Loss[len(r.Loss)-1] < 0.0625
			}
			low, high, err := test.format.AlphaRange(magnitudes)
			if err != nil {
				t.Fatal(err)
			}
			if learns(low.Alpha/2) || !learns(low.Alpha*2) || !learns(1) {
				t.Errorf("predicted to stop below α = %.3g (%s), it does not within a factor of 2", low.Alpha, low.Reason)
			}
			if test.high && (learns(high.Alpha*2) || !learns(high.Alpha/2)) {
				t.Errorf("predicted to stop above α = %.3g (%s), it does not within a factor of 2", high.Alpha, high.Reason)
			}
			// The control: with the exponent of another optimizer the prediction fails or, where the limit is not that of the
			// learning rate, with another format.
			wrong, format := magnitudes, test.format
			wrong.Exponent = 1
			if test.dtype == dtypes.Float16 {
				format = law.BFloat16()
			}
			if low, _, err := format.AlphaRange(wrong); err != nil || learns(low.Alpha*2) {
				t.Errorf("the limit α = %.3g of another optimizer or format is confirmed as well: %v", low.Alpha, err)
			}
		})
	}
}

// flushes reports whether a backend replaces a subnormal product of two normal numbers by zero.
func flushes(t *testing.T, dtype dtypes.DType, open func() (compute.Backend, error)) bool {
	t.Helper()
	be, err := open()
	if err != nil {
		t.Fatal(err)
	}
	small := map[dtypes.DType]float64{dtypes.Float16: 0x1p-8}[dtype]
	if small == 0 {
		small = 0x1p-64
	}
	x, err := backend.Tensor([]float64{small}, shapes.Make(dtype))
	if err != nil {
		t.Fatal(err)
	}
	exec, err := graph.NewExec(be, func(x *graph.Node) *graph.Node { return graph.Mul(x, x) })
	if err != nil {
		t.Fatal(err)
	}
	square, err := exec.Call(x)
	if err != nil {
		t.Fatal(err)
	}
	flat, err := backend.Floats(square[0])
	if err != nil {
		t.Fatal(err)
	}
	return flat[0] == 0
}

// oneWeight trains one weight from 0.5 towards 1 in the given format.
func oneWeight(t *testing.T, dtype dtypes.DType, open func() (compute.Backend, error)) *training.Program {
	t.Helper()
	c := training.Config{
		Subject: subject.Subject{Model: network.MLP{Outputs: 1, NoBias: true}.Model, Data: dataset.Set{Name: "one number", Shape: []int{1}, Inputs: []float64{1}, Targets: []float64{1}}, DType: dtype, Store: model.NewStore()}, Steps: 400,
		Optimizer: optim.New(optim.SGD),
	}
	begin(t, c.Store, "/output/dense/weights", 0.5, shapes.Make(dtype, 1, 1))
	var err error
	if c.Backend, err = open(); err != nil {
		t.Fatal(err)
	}
	return compile(t, c)
}

// The losses of the learning run are finite numbers that fall; that of a format that cannot hold w = u/α is not.
func TestOverflowOfAWeightIsADivergence(t *testing.T) {
	p := oneWeight(t, dtypes.Float32, backend.Open)
	r := run(t, p, training.Settings{Alpha: math.Pow(2, -140), Start: training.KeepFunction})
	if r.Diverged != 0 {
		t.Errorf("w = 0.5·2¹⁴⁰ in float32: diverged at step %d, want 0", r.Diverged)
	}
}
