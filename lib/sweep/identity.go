package sweep

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"unsafe"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/optim"
	"alphascale/lib/training"

	"github.com/gomlx/compute"
	"github.com/gomlx/go-xla/compute/xla"
	"github.com/gomlx/gomlx/core/graph"
)

// programVersion is raised by whoever changes how this module trains in a way that the graph of a step does not show,
// such as how a loop is driven or how weights are drawn.
const programVersion = 3

// Identity is all that determines what a run records. Its digest names the run's file.
type Identity struct {
	Program string   // training.Description's digest: model, loss, optimizer, batch, dtype, instruments, initial state
	Data    string   // digest of every input and label, in order
	Backend string   // backend.Identity, or the description of the backend that Config gives
	Modules []string // versions of GoMLX and its backends
	Version int      // of this module's way to train and of the file's schema

	Alpha  float64
	Start  string // "keep function": w₀ = u₀/α; "keep weights": w₀ = u₀; "scale weights": w₀ = α·u₀
	Scaled optim.Values
	Others optim.Values                      // absent if α multiplies every variable
	Groups map[string]training.GroupSettings `json:",omitempty"` // of training.Config.Groups, with every hyperparameter that is given
	Seed   int64
	First  int `json:",omitempty"` // Settings.FirstStep
	Steps  int
}

// digest is the name of the run, 32 hexadecimal digits.
func (id Identity) digest() (string, error) {
	text, err := json.Marshal(id)
	if err != nil {
		return "", fmt.Errorf("settings %+v cannot be written down: %w; use finite numbers", id, err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16]), nil
}

var starts = map[training.Start]string{
	training.KeepFunction: "keep function", training.KeepWeights: "keep weights",
	training.ScaleWeights: "scale weights",
}

// identify returns the identity of a run of the program. Settings that come to the same have the same.
func (p *program) identify(s training.Settings) Identity {
	id := p.base
	id.Alpha, id.Start, id.Seed, id.First, id.Steps = s.Alpha, starts[s.Start], s.Seed, s.FirstStep, s.Steps
	id.Scaled, id.Others = effective(s)
	id.Groups = p.groups(s)
	if id.Steps == 0 {
		id.Steps = p.about.Steps
	}
	if len(p.about.Unscaled) == 0 {
		id.Others = nil
	}
	if len(p.about.Scaled) == 0 {
		id.Alpha, id.Scaled = 1, nil
	}
	return id
}

// groups are the settings of the program's groups, whether they are stated or left to be those of all variables.
func (p *program) groups(s training.Settings) map[string]training.GroupSettings {
	var out map[string]training.GroupSettings
	for _, g := range p.setup.Config.Groups {
		own := s.Groups[g.Name]
		if own.Alpha == 0 {
			own.Alpha = 1
		}
		own.Hyper = s.Hyper.Merge(own.Hyper)
		if out == nil {
			out = map[string]training.GroupSettings{}
		}
		out[g.Name] = own
	}
	return out
}

// parallelism is in the Go backend's description: how many processors the machine has.
var parallelism = regexp.MustCompile(` \(parallelism=\d+\)`)

// baseOf is the part of the identity that all runs of a program share, and portable its Backend where the processor is left out.
func baseOf(c training.Config, about training.Description) (id Identity, portable string, err error) {
	id = Identity{Program: about.Digest, Data: digestOf(c.Data), Modules: modules(), Version: programVersion}
	if c.Backend != nil {
		id.Backend = c.Backend.Description()
		return id, parallelism.ReplaceAllString(id.Backend, ""), nil
	}
	if id.Backend, err = backend.Identity(); err == nil {
		portable, err = backend.Portable()
	}
	return id, portable, err
}

// modules lists the versions of what computes. They are read from the place of the source that the binary was built from,
// "…/gomlx@v0.28.2/…", because a test binary knows no other record of them and is to share results with a notebook.
func modules() []string {
	var out []string
	for _, function := range []any{graph.NewGraph, compute.NewWithConfig, xla.EnableAutoInstall} {
		entry := reflect.ValueOf(function).Pointer()
		file, _ := runtime.FuncForPC(entry).FileLine(entry)
		if _, version, found := strings.Cut(file, "github.com/gomlx/"); found {
			name, rest, _ := strings.Cut(version, "@")
			version, _, _ = strings.Cut(rest, "/")
			out = append(out, name+" "+version)
		}
	}
	return out
}

func digestOf(data dataset.Set) string {
	sum := sha256.New()
	for _, d := range append(slices.Clone(data.Shape), data.Classes, len(data.Labels), len(data.Targets)) {
		writeInt(sum, d)
	}
	writeFloats(sum, data.Inputs)
	writeFloats(sum, data.Targets)
	for _, label := range data.Labels {
		writeInt(sum, label)
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

func writeInt(sum hash.Hash, x int) { sum.Write(binary.LittleEndian.AppendUint64(nil, uint64(x))) }

// writeFloats hashes numbers as they lie in memory: converting a large data set byte by byte would take longer than all
// the rest of finding a finished sweep.
func writeFloats(sum hash.Hash, xs []float64) {
	if len(xs) > 0 {
		sum.Write(unsafe.Slice((*byte)(unsafe.Pointer(&xs[0])), 8*len(xs)))
	}
}
