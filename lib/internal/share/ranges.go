package share

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// Ranges divide a list of runs among tasks so that nobody has to look at all of it. Task i begins with range i, piece by piece;
// a piece is taken by a claim, which costs little since it stands for many runs. Who is done with its own range takes pieces of
// others', which it finds by listing two small folders. That a piece is finished is a file beside its claim, and so is that
// a range is. Claims to pieces only keep tasks out of each other's way: that a run is made once is the matter of its own claim.
type Ranges struct {
	Folder string
	Runs   int // how many there are
	Tasks  int // among which they are divided, one range each
}

// mostRuns are in a piece, and 1/smallest of a range at most: by so much may the last task come later than the others.
const (
	mostRuns = 64
	smallest = 32
)

func (r Ranges) piece() int { return max(1, min(mostRuns, r.Runs/(smallest*max(1, r.Tasks)))) }

// bounds are the first run of a range and the first of the next.
func (r Ranges) bounds(index int) (from, to int) {
	return index * r.Runs / r.Tasks, (index + 1) * r.Runs / r.Tasks
}

// First is the place of the run with which a task begins.
func (r Ranges) First(task int) int {
	from, _ := r.bounds(task % r.Tasks)
	return min(from, r.Runs-1)
}

func (r Ranges) pieces(index int) int {
	from, to := r.bounds(index)
	return (to - from + r.piece() - 1) / r.piece()
}

// span are the runs of a piece.
func (r Ranges) span(index, piece int) (from, to int) {
	first, last := r.bounds(index)
	return first + piece*r.piece(), min(last, first+(piece+1)*r.piece())
}

func (r Ranges) folder(index int) string { return filepath.Join(r.Folder, fmt.Sprint("range-", index)) }

// Prepare makes the folders, so that the tasks need not.
func (r Ranges) Prepare(files Files) error {
	for index := range r.Tasks {
		if err := files.MkdirAll(r.folder(index)); err != nil {
			return err
		}
	}
	return files.MkdirAll(filepath.Join(r.Folder, "finished"))
}

// walker is one task's way through the ranges.
type walker struct {
	Ranges
	files  Files
	holder *Holder
	own    int
	rng    *rand.Rand

	mu       sync.Mutex
	next     int  // piece of the own range
	finished int  // pieces of the own range that this task finished
	unsure   bool // the last look met a claim of which it is not known whether its holder is alive
}

// taken is a piece that the walker holds.
type taken struct {
	index, piece int
	claim        string
}

func (w *walker) nameOf(index, piece int) string {
	return filepath.Join(w.folder(index), fmt.Sprint(piece))
}

// take claims the next piece; nil where all that is left is in the hands of others, and over where nothing is left. patient asks
// whether those who hold what is left are alive.
func (w *walker) take(patient bool) (t *taken, over bool, err error) {
	for piece := w.advance(); piece >= 0; piece = w.advance() {
		if t, err = w.enter(w.own, piece, ""); t != nil || err != nil {
			return t, false, err
		}
	}
	w.unsure = !patient
	finished, err := w.files.List(filepath.Join(w.Folder, "finished"))
	if err != nil {
		return nil, false, err
	}
	known := map[string]bool{}
	for _, name := range finished {
		known[name] = true
	}
	over = true
	looks := mostLooks
	for _, index := range w.rng.Perm(w.Tasks) {
		if known[fmt.Sprint(index)] || w.pieces(index) == 0 {
			continue
		}
		if looks--; looks < 0 {
			w.unsure = true
			return nil, false, nil
		}
		t, whole, err := w.steal(index, patient)
		if t != nil || err != nil {
			return t, false, err
		}
		over = over && whole
	}
	return nil, over, nil
}

const mostLooks = 4 // at ranges, and at the claims to pieces of one, before a pause

// advance is the next piece of the own range, −1 after the last.
func (w *walker) advance() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.next >= w.pieces(w.own) {
		return -1
	}
	w.next++
	return w.next - 1
}

// steal takes a piece of a range, the last first; whole says that all of the range is finished.
func (w *walker) steal(index int, patient bool) (t *taken, whole bool, err error) {
	names, err := w.files.List(w.folder(index))
	if err != nil {
		return nil, false, err
	}
	done, claims := map[string]bool{}, map[string]string{} // of claims the newest generation
	for _, name := range names {
		if piece, is := strings.CutSuffix(name, finishedMark); is {
			done[piece] = true
		} else if piece, generation, is := strings.Cut(name, "."); is && later(generation, claims[piece]) {
			claims[piece] = generation
		}
	}
	if len(done) == w.pieces(index) {
		return nil, true, w.finishRange(index)
	}
	looks := mostLooks
	for i := range w.pieces(index) {
		piece := w.pieces(index) - 1 - i
		name := fmt.Sprint(piece)
		if done[name] || claims[name] != "" && !patient {
			continue
		}
		if claims[name] != "" {
			if looks--; looks < 0 {
				w.unsure = true
				break
			}
		}
		if t, err := w.enter(index, piece, claims[name]); t != nil || err != nil {
			return t, false, err
		}
	}
	return nil, false, nil
}

const finishedMark = ".finished"

// later says whether one generation, written as a number, comes after another.
func later(a, b string) bool { return len(a) > len(b) || len(a) == len(b) && a > b }

// enter claims a piece; newest is its newest claim, "" for none, which is taken over if its holder is dead.
func (w *walker) enter(index, piece int, newest string) (*taken, error) {
	generation := 0
	if newest != "" {
		if _, err := fmt.Sscan(newest, &generation); err != nil {
			return nil, nil // not one of this package's files
		}
		dead, alive, err := w.holder.dead(w.nameOf(index, piece) + "." + newest)
		if err != nil || !dead {
			w.unsure = w.unsure || !alive
			return nil, err
		}
		generation++
	}
	claim := fmt.Sprint(w.nameOf(index, piece), ".", generation)
	got, err := w.holder.link(claim)
	if err != nil || !got {
		return nil, err
	}
	return &taken{index, piece, claim}, nil
}

// finish notes that every run of a piece has a result, and of a range of another task, or of the whole own one, that too.
func (w *walker) finish(t *taken) error {
	if err := w.mark(w.nameOf(t.index, t.piece) + finishedMark); err != nil {
		return err
	}
	w.mu.Lock()
	if t.index == w.own {
		w.finished++
	}
	more, whole := t.index == w.own && w.next < w.pieces(w.own), w.finished == w.pieces(w.own)
	w.mu.Unlock()
	if whole && t.index == w.own {
		return w.finishRange(t.index)
	}
	if more {
		return nil
	}
	names, err := w.files.List(w.folder(t.index))
	if err != nil {
		return err
	}
	done := slices.DeleteFunc(names, func(name string) bool { return !strings.HasSuffix(name, finishedMark) })
	if len(done) < w.pieces(t.index) {
		return nil
	}
	return w.finishRange(t.index)
}

func (w *walker) finishRange(index int) error {
	return w.mark(filepath.Join(w.Folder, "finished", fmt.Sprint(index)))
}

// mark makes a file, if it is not there.
func (w *walker) mark(name string) error {
	_, err := w.holder.link(name)
	return err
}
