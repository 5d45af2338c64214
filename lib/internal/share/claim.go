package share

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
)

const unfinished = ".tmp"

// Claim is the right to make a run, held by one holder alone.
type Claim struct {
	holder     *Holder
	name       string
	generation int
}

func (h *Holder) claimed(name string, generation int) string {
	return filepath.Join(h.folder, name[:min(2, len(name))], fmt.Sprint(name, ".", generation))
}

// Try claims what nobody has claimed yet: nil without an error if somebody has, dead or alive. It is one call to the file system.
func (h *Holder) Try(name string) (*Claim, error) { return h.enter(name, 0) }

// Claim claims what nobody who is alive has claimed: nil without an error if somebody has. A result may be there: who holds the
// claim looks again.
func (h *Holder) Claim(name string) (*Claim, error) {
	for generation := 0; ; generation++ {
		c, err := h.enter(name, generation)
		if c != nil || err != nil {
			return c, err
		}
		if dead, _, err := h.dead(h.claimed(name, generation)); err != nil || !dead {
			return nil, err
		}
	}
}

// enter makes the file of one generation of a claim.
func (h *Holder) enter(name string, generation int) (*Claim, error) {
	got, err := h.link(h.claimed(name, generation))
	if err != nil || !got {
		return nil, err
	}
	return &Claim{h, name, generation}, nil
}

// link makes a link to the holder's file, unless there is a file of the name.
func (h *Holder) link(to string) (bool, error) {
	h.mu.Lock()
	there := h.there
	h.mu.Unlock()
	if !there {
		if err := h.appear(); err != nil {
			return false, err
		}
	}
	err := h.files.Link(h.file, to)
	if errors.Is(err, fs.ErrNotExist) { // no folder yet, or the holder's file was swept away
		err = inFolderOf(h.files, to, func() error { return h.files.Link(h.file, to) })
		if errors.Is(err, fs.ErrNotExist) {
			if err = h.appear(); err == nil {
				err = h.files.Link(h.file, to)
			}
		}
	}
	if err != nil && unlinkable(err) {
		if err = inFolderOf(h.files, to, func() error { return h.files.Mark(to, h.about) }); err == nil {
			h.mu.Lock()
			h.plain[to] = true
			h.mu.Unlock()
		}
	}
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, fs.ErrExist):
		return false, nil
	}
	return false, fmt.Errorf("claiming %s: %w", to, err)
}

// Release gives the claim back, and with it those of dead holders before it. If a file stays it does no harm: it counts as a dead
// holder's as soon as this one has gone.
func (c *Claim) Release() {
	// From the oldest on: the claim itself keeps others out until the last has gone.
	for generation := range c.generation + 1 {
		name := c.holder.claimed(c.name, generation)
		_ = c.holder.files.Remove(name)
		if generation < c.generation {
			_ = c.holder.files.Remove(name + unfinished)
		}
		c.holder.mu.Lock()
		delete(c.holder.plain, name)
		c.holder.mu.Unlock()
	}
}

// Unfinished is the name of a file that nobody else writes, for what is to be the run's result.
func (c *Claim) Unfinished() string { return c.holder.claimed(c.name, c.generation) + unfinished }
