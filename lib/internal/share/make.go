package share

import (
	"context"
	"errors"
	"io/fs"
	"time"
)

// claim claims a run, and hands it on to the workers unless it is held, or made.
func (t *Task) claim(ctx context.Context, p *piece, run string, patient bool) {
	begin := time.Now()
	ask := t.Holder.Try
	if patient {
		ask = t.Holder.Claim
	}
	c, err := ask(run)
	there := false
	if c != nil {
		// Now that nobody else can be making it.
		_, missing := t.Files.Stat(t.Mark(run))
		if there = missing == nil; !there && !errors.Is(missing, fs.ErrNotExist) {
			err = missing
		}
	} else if err == nil && patient {
		_, missing := t.Files.Stat(t.Mark(run)) // a claim that stayed although its run was made
		there = missing == nil
	}
	if err != nil {
		t.stop(err)
	}
	t.change(func() {
		t.callTime.add(time.Since(begin))
		p.asked--
		p.useful = p.useful || c != nil || there
	})
	if c != nil && !there && ctx.Err() == nil {
		t.ready <- work{run, c, p}
		return
	}
	if c != nil {
		c.Release()
	}
	t.change(func() { t.ahead-- })
	t.settle(p, there)
}

// work makes runs, one after the other.
func (t *Task) work(ctx context.Context, worker int) {
	for {
		t.change(func() { t.idle++ })
		var next work
		var more bool
		select {
		case next, more = <-t.ready:
		case <-ctx.Done():
		}
		t.change(func() { t.idle-- })
		if !more {
			return
		}
		t.change(func() { t.ahead--; t.making++ })
		begin := time.Now()
		result, err := t.Make(ctx, worker, next.run)
		t.change(func() { t.making--; t.runTime.add(time.Since(begin)) })
		if err != nil && ctx.Err() != nil {
			t.change(func() { t.ahead++ })
			t.giveBack(next)
			return
		}
		t.writers <- struct{}{}
		t.settling.Go(func() {
			defer func() { <-t.writers }()
			t.keep(next, result, err)
		})
	}
}

// keep keeps the result of a run, or its error.
func (t *Task) keep(made work, result Result, err error) {
	failed := err != nil
	if failed {
		err = t.Failed(made.run, err)
	} else {
		err = t.commit(made.claim, result)
	}
	if err != nil {
		t.stop(err)
	}
	made.claim.Release()
	t.change(func() {
		switch {
		case failed:
			t.failed++
		case err == nil:
			t.made++
		}
	})
	t.settle(made.of, err == nil)
}

// commit writes a result where nobody sees it and then gives it its names.
func (t *Task) commit(c *Claim, r Result) error {
	unnamed := c.Unfinished()
	err := inFolderOf(t.Files, unnamed, func() error { return t.Files.Write(unnamed, r.Data) })
	if err != nil {
		_ = t.Files.Remove(unnamed)
		return err
	}
	err = inFolderOf(t.Files, r.Mark, func() error { return t.Files.Link(unnamed, r.Mark) })
	switch {
	case errors.Is(err, fs.ErrExist): // this task was taken for dead, and another's result is there
		return t.Files.Remove(unnamed)
	case err != nil && unlinkable(err):
		if err = inFolderOf(t.Files, r.Mark, func() error { return t.Files.Write(r.Mark+unfinished, r.Data) }); err == nil {
			err = t.Files.Rename(r.Mark+unfinished, r.Mark)
		}
	}
	if err != nil {
		_ = t.Files.Remove(unnamed)
		return err
	}
	return t.Files.Rename(unnamed, r.File)
}

// giveBack gives up a run that was claimed.
func (t *Task) giveBack(w work) {
	w.claim.Release()
	t.change(func() { t.ahead-- })
	t.settle(w.of, false)
}

// settle notes what became of a run: it has a result, or this task is not to make it. With the last one the piece is finished, or
// given back.
func (t *Task) settle(p *piece, there bool) {
	last := false
	t.change(func() {
		p.left--
		p.busy = p.busy || !there
		last = p.left == 0
	})
	if last {
		if p.busy {
			_ = t.Files.Remove(p.claim)
		} else if err := t.way.finish(p.taken); err != nil {
			t.stop(err)
		}
	}
	t.change(func() { t.open-- })
}
