package backend

import (
	"fmt"
	"io"
	"reflect"

	"github.com/gomlx/compute"
)

// Recording returns a backend that does what b does and writes to w what graphs are built of: each operation with its
// operands and attributes, each constant in full, each closure where it is used. Two graphs for which it writes the same
// compute the same. (A graph's own text leaves out the values of large constants and what a loop or a branch is made of.)
func Recording(b compute.Backend, w io.Writer) compute.Backend { return recording{b, w} }

type recording struct {
	compute.Backend
	w io.Writer
}

func (r recording) Builder(name string) compute.Builder {
	return &recordedBuilder{Builder: r.Backend.Builder(name), w: r.w, values: map[compute.Value]int{}}
}

// recordedBuilder numbers values and functions in the order in which they come up.
type recordedBuilder struct {
	compute.Builder
	w         io.Writer
	main      *recorder
	values    map[compute.Value]int
	functions int
}

func (b *recordedBuilder) Main() compute.Function {
	if b.main == nil {
		b.main = b.function(b.Builder.Main(), nil)
	}
	return b.main
}

func (b *recordedBuilder) NewFunction(name string) (compute.Function, error) {
	inner, err := b.Builder.NewFunction(name)
	if err != nil {
		return nil, err
	}
	return b.function(inner, nil), nil
}

func (b *recordedBuilder) function(inner compute.Function, parent compute.Function) *recorder {
	b.functions++
	return &recorder{in: inner, builder: b, parent: parent, number: b.functions}
}

// recorder notes what it is asked for and has the other do it.
type recorder struct {
	in      compute.Function
	builder *recordedBuilder
	parent  compute.Function
	number  int
}

var _ compute.Function = (*recorder)(nil)

// note writes an operation with its arguments.
func (f *recorder) note(op string, arguments ...any) {
	fmt.Fprintf(f.builder.w, "\nf%d %s", f.number, op)
	for _, x := range arguments {
		f.builder.describe(reflect.ValueOf(x))
	}
}

// describe writes an argument: values that were computed before by their number, and what holds others part by part.
func (b *recordedBuilder) describe(v reflect.Value) {
	if v.IsValid() && v.CanInterface() && v.Comparable() {
		if f, is := v.Interface().(*recorder); is {
			fmt.Fprintf(b.w, " f%d", f.number)
			return
		}
		if number, known := b.values[v.Interface()]; known {
			fmt.Fprintf(b.w, " #%d", number)
			return
		}
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		b.describe(v.Elem())
	case reflect.Slice, reflect.Array:
		fmt.Fprint(b.w, " [")
		for i := range v.Len() {
			b.describe(v.Index(i))
		}
		fmt.Fprint(b.w, " ]")
	case reflect.Struct:
		fmt.Fprint(b.w, " {")
		for i := range v.NumField() {
			b.describe(v.Field(i))
		}
		fmt.Fprint(b.w, " }")
	case reflect.String:
		fmt.Fprintf(b.w, " %q", v)
	case reflect.Invalid: // nil
		fmt.Fprint(b.w, " -")
	default:
		fmt.Fprintf(b.w, " %v", v)
	}
}

// result gives a value its number, the old one if the backend has merged the operation with an earlier one.
func (b *recordedBuilder) result(v compute.Value) {
	if v == nil {
		return
	}
	if _, known := b.values[v]; !known {
		b.values[v] = len(b.values)
	}
	fmt.Fprintf(b.w, " → #%d", b.values[v])
}

// one notes an operation before it is done and takes its result after.
func (f *recorder) one(op string, arguments ...any) func(value, error) (value, error) {
	f.note(op, arguments...)
	return func(v value, err error) (value, error) {
		f.builder.result(v)
		return v, err
	}
}

func (f *recorder) two(op string, arguments ...any) func(_, _ value, _ error) (value, value, error) {
	f.note(op, arguments...)
	return func(a, b value, err error) (value, value, error) {
		f.builder.result(a)
		f.builder.result(b)
		return a, b, err
	}
}

func (f *recorder) three(op string, arguments ...any) func(_, _, _ value, _ error) (value, value, value, error) {
	f.note(op, arguments...)
	return func(a, b, c value, err error) (value, value, value, error) {
		for _, v := range []value{a, b, c} {
			f.builder.result(v)
		}
		return a, b, c, err
	}
}

func (f *recorder) several(op string, arguments ...any) func([]value, error) ([]value, error) {
	f.note(op, arguments...)
	return func(all []value, err error) ([]value, error) {
		for _, v := range all {
			f.builder.result(v)
		}
		return all, err
	}
}

func (f *recorder) oneAndSeveral(op string, arguments ...any) func(value, []value, error) (value, []value, error) {
	f.note(op, arguments...)
	return func(a value, all []value, err error) (value, []value, error) {
		for _, v := range append([]value{a}, all...) {
			f.builder.result(v)
		}
		return a, all, err
	}
}
