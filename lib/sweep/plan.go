package sweep

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"alphascale/lib/instrument"
	"alphascale/lib/optim"
	"alphascale/lib/training"
)

// program is one compilation, made when the first run needs it.
type program struct {
	setup    Setup
	about    training.Description
	base     Identity
	portable string // base.Backend without the processor
	compiled *training.Program
	workers  sync.WaitGroup // those that use compiled
}

// job is one distinct run.
type job struct {
	digest    string
	at        At // the first point that it belongs to
	program   *program
	settings  training.Settings
	canonical canonical
	class     *class

	run     *training.Run // nil as long as it has not run
	machine string        // Identity.Backend of another processor that made it; "" of this one
	damaged bool          // its file is there, and is not it
}

// class is what the laws make one. jobs[0] is the natural representative: of the α nearest to 1, the first.
type class struct{ jobs []*job }

// lead is the job that the others are derived from: the first of those that have run or, if none has, of all.
func (c *class) lead() *job {
	for _, j := range c.jobs {
		if j.run != nil {
			return j
		}
	}
	return c.jobs[0]
}

// plan is the work that a sweep comes to.
type plan struct {
	points  []At
	of      []*job // by point
	jobs    []*job // distinct, in the order of points
	classes []*class
	notes   []string
}

// plan lists points, distinct runs and classes. Nothing is compiled or run.
func (s Spec) plan() (*plan, error) {
	p := &plan{points: points(s.Axes)}
	programs, jobs, classes := map[string]*program{}, map[string]*job{}, map[string]*class{}
	for _, at := range p.points {
		program, err := s.programOf(at, programs)
		if err != nil {
			return nil, err
		}
		settings := at.settings(s.Settings)
		if err := program.setup.Config.CheckGroups(settings); err != nil {
			return nil, fmt.Errorf("%s: %w", at, err)
		}
		id := program.identify(settings)
		digest, err := id.digest()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", at, err)
		}
		if jobs[digest] == nil {
			j := &job{digest: digest, at: at, program: program, settings: settings}
			jobs[digest], p.jobs = j, append(p.jobs, j)
			key := digest
			if !s.NoFold {
				key = p.classify(j, id, s.compensate)
			}
			if classes[key] == nil {
				classes[key] = &class{}
				p.classes = append(p.classes, classes[key])
			}
			j.class = classes[key]
			j.class.jobs = append(j.class.jobs, j)
		}
		p.of = append(p.of, jobs[digest])
	}
	for _, c := range p.classes {
		slices.SortStableFunc(c.jobs, func(a, b *job) int {
			d := math.Abs(math.Log(a.settings.Alpha)) - math.Abs(math.Log(b.settings.Alpha))
			if math.Abs(d) < 1e-9 {
				return 0
			}
			return int(math.Copysign(1, d))
		})
	}
	return p, nil
}

// classify returns the key of the job's class, its own digest if no law joins it to others.
func (p *plan) classify(j *job, id Identity, compensate compensation) string {
	var err error
	if j.canonical, err = j.program.canonical(j.settings, compensate); err != nil && !slices.Contains(p.notes, err.Error()) {
		p.notes = append(p.notes, err.Error())
	}
	if j.canonical.law == "" {
		return j.digest
	}
	return fmt.Sprint(id.Program, id.Data, id.Backend, j.canonical.law, id.Start, id.Seed, id.First, id.Steps, id.Groups, j.canonical.key())
}

// programOf returns the program of a point, one for all points that share the values of the compiled axes.
func (s Spec) programOf(at At, known map[string]*program) (*program, error) {
	key := ""
	for _, a := range s.Axes {
		if a.set == nil {
			key += a.Name + "=" + at.Label(a.Name) + "\n"
		}
	}
	if known[key] != nil {
		return known[key], nil
	}
	setup, err := s.setupOf(at)
	if err != nil {
		return nil, err
	}
	about, err := training.Describe(setup.Config)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at, err)
	}
	base, portable, err := baseOf(setup.Config, about)
	if err != nil {
		return nil, err
	}
	if setup.Config.Store != nil { // compiling fills the store, and a later sweep with it would find other weights
		if setup.Config.Store, err = setup.Config.Store.Clone(); err != nil {
			return nil, fmt.Errorf("copying the store: %w", err)
		}
	}
	known[key] = &program{setup: setup, about: about, base: base, portable: portable}
	return known[key], nil
}

// description is what the file of one of the program's runs says besides its numbers.
func (p *program) description(j *job) about {
	a := about{
		Run: j.digest, Identity: p.identify(j.settings), Label: p.setup.Label, Data: p.setup.Config.Data.Name,
		Optimizer: string(p.setup.Family), Batch: p.about.Batch, DType: p.about.DType.String(), Columns: map[string]string{},
	}
	for _, instrument := range p.setup.Config.Instruments {
		a.Columns[instrument.Name+":"] = instrument.Quantity.Label() + p.unitOf(instrument) + ", of the variable or layer after the colon"
	}
	return a
}

// unitOf says in words in which unit an instrument records weights, if it is known and the number has one.
func (p *program) unitOf(instrument instrument.Instrument) string {
	if instrument.Unit == nil || instrument.Weight == nil {
		return ""
	}
	if unit, err := instrument.Unit.For(p.setup.Family); err == nil && unit != (optim.Unit{}) {
		return ", in units of " + unit.String()
	}
	return ""
}
