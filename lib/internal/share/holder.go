package share

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"
	"sync"
	"time"
)

const (
	// Beat is how often a holder touches its file.
	Beat = 10 * time.Second
	// Patience is how long the file of a holder on another machine is untouched until it counts as dead. It is more than
	// twice as long as NFS may show an old time.
	Patience = 150 * time.Second
)

// Holder is one process, or a part of one, that claims runs of a folder.
type Holder struct {
	files  Files
	folder string // of the claims
	file   string // that the claims are links to
	about  []byte
	beat   time.Duration
	wait   time.Duration // Patience

	mu      sync.Mutex
	there   bool            // the file was written
	plain   map[string]bool // claims that are files of their own, where there are no hard links
	seen    map[string]sign // of claims that others hold
	stop    chan struct{}
	stopped sync.WaitGroup
	closed  bool
	failing error // of the last beat
}

// sign is what was last seen of somebody's claim.
type sign struct {
	of      process
	touched time.Time // by the file system
	since   time.Time // by this process's clock: when it was first seen so
	beaten  bool      // it was seen otherwise before
}

// NewHolder is a holder of claims in a folder. Nothing is written before the first claim.
func NewHolder(files Files, folder string) *Holder {
	return newHolder(files, folder, self(), Beat, Patience)
}

func newHolder(files Files, folder string, p process, beat, wait time.Duration) *Holder {
	about, err := json.Marshal(p)
	if err != nil {
		panic(err) // of strings and a number
	}
	return &Holder{
		files: files, folder: folder, file: filepath.Join(folder, "holders", p.Node+"-"+rand.Text()[:12]), about: about, beat: beat, wait: wait,
		plain: map[string]bool{}, seen: map[string]sign{}, stop: make(chan struct{}),
	}
}

// Close ends the beat and removes the holder's file. Claims that are still held count as dead from then on.
func (h *Holder) Close() {
	h.mu.Lock()
	there := h.there && !h.closed
	if !h.closed {
		h.closed = true
		close(h.stop)
	}
	h.mu.Unlock()
	h.stopped.Wait()
	if there {
		_ = h.files.Remove(h.file)
	}
}

// appear writes the holder's file and begins to touch it.
func (h *Holder) appear() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	err := inFolderOf(h.files, h.file, func() error { return h.files.Mark(h.file, h.about) })
	if err = ignore(err, fs.ErrExist); err != nil || h.there || h.closed {
		return err
	}
	h.there = true
	h.stopped.Go(func() {
		tick := time.NewTicker(h.beat)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				h.touch()
			case <-h.stop:
				return
			}
		}
	})
	return nil
}

// touch shows that the holder is alive.
func (h *Holder) touch() {
	h.mu.Lock()
	names := []string{h.file}
	for name := range h.plain {
		names = append(names, name)
	}
	h.mu.Unlock()
	var failed error
	for _, name := range names {
		err := h.files.Touch(name)
		if errors.Is(err, fs.ErrNotExist) { // released, or swept away by somebody who thought that this one was dead
			continue
		}
		failed = errors.Join(failed, err)
	}
	h.mu.Lock()
	h.failing = failed
	h.mu.Unlock()
}

// dead says whether the holder of a claim will never come back to it, and alive whether it has been seen to live. Neither is known of
// a holder on another machine before it has beaten, or failed to.
func (h *Holder) dead(claim string) (dead, alive bool, err error) {
	info, err := h.files.Stat(claim)
	if err != nil {
		return false, false, ignore(err, fs.ErrNotExist) // released: not dead, and to be asked for again
	}
	now := time.Now()
	h.mu.Lock()
	last, known := h.seen[claim]
	h.mu.Unlock()
	if !known || !last.touched.Equal(info.ModTime()) {
		text, err := h.files.Read(claim)
		if err != nil {
			return false, false, ignore(err, fs.ErrNotExist)
		}
		last = sign{touched: info.ModTime(), since: now, beaten: known}
		_ = json.Unmarshal(text, &last.of) // of a text that is half written nothing is known, and its time counts
		h.mu.Lock()
		h.seen[claim] = last
		h.mu.Unlock()
	}
	if gone, known := last.of.gone(); known {
		return gone, !gone, nil
	}
	recent := now.Sub(last.touched).Abs() < 3*Beat // which clocks that are not the same can only get wrong in what is not decided by it
	return now.Sub(last.since) > h.wait, last.beaten || recent, nil
}

func ignore(err, harmless error) error {
	if errors.Is(err, harmless) {
		return nil
	}
	return err
}

// Folder is where the claims lie.
func (h *Holder) Folder() string { return h.folder }
