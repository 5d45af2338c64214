package main

import "sync"

// wires is where the relay sends: to Jupyter, or to gonb. Each may be called by several goroutines at once.
type wires struct {
	toJupyter func(m *message) // on the shell channel
	publish   func(m *message) // to all of Jupyter's clients
	toGonb    func(m *message) // on the shell channel
}

// queue passes requests on to gonb and keeps back all executions but one, so that those behind one that fails, or that is
// interrupted, can be refused as ipykernel refuses them: gonb itself would go on with the next.
type queue struct {
	wires

	mu      sync.Mutex
	running *message // what gonb executes
	waiting []*message
}

// request takes what a client asks on the shell channel.
func (q *queue) request(m *message) {
	switch m.header.Type {
	case "execute_request":
	case "complete_request":
		if reply := completeImport(m, importable); reply != nil {
			q.toJupyter(reply)
			return
		}
		fallthrough
	default:
		q.toGonb(m)
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, m)
	q.next()
}

// next begins with what waits, unless something runs.
func (q *queue) next() {
	for q.running == nil && len(q.waiting) > 0 {
		m := q.waiting[0]
		q.waiting = q.waiting[1:]
		if why := unreadable(m); why != "" {
			q.refuse(m, why)
			continue
		}
		q.running = m
		q.toGonb(m)
	}
}

// reply takes what gonb answers on the shell channel.
func (q *queue) reply(m *message) {
	if m.header.Type == "kernel_info_reply" {
		m.nameLanguage()
	}
	// A client that has its answer may ask for the next execution at once, which is then none of those that waited behind it.
	q.mu.Lock()
	defer q.mu.Unlock()
	q.toJupyter(m)
	if m.header.Type != "execute_reply" || q.running == nil || m.parent.ID != q.running.header.ID {
		return
	}
	if failed(m) && stopsOnError(q.running) {
		q.abort()
	}
	q.running = nil
	q.next()
}

// interrupt refuses what waits; what runs, gonb interrupts.
func (q *queue) interrupt() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.abort()
}

// abort answers all that waits as Jupyter's protocol has it for requests that were not begun.
func (q *queue) abort() {
	for _, m := range q.waiting {
		q.answer(m, map[string]any{"status": "aborted"})
	}
	q.waiting = nil
}

// refuse answers a request with an error, in place of executing it.
func (q *queue) refuse(m *message, why string) {
	failure := map[string]any{"status": "error", "ename": "ERROR", "evalue": why, "traceback": []string{why}}
	q.answer(m, failure, m.answer(nil, "error", failure))
	if stopsOnError(m) {
		q.abort()
	}
}

// answer replies to a request and publishes what a client waits for around it.
func (q *queue) answer(m *message, reply map[string]any, shown ...*message) {
	q.publish(m.answer(nil, "status", map[string]string{"execution_state": "busy"}))
	for _, s := range shown {
		q.publish(s)
	}
	q.toJupyter(m.answer(m.identities, "execute_reply", reply))
	q.publish(m.answer(nil, "status", map[string]string{"execution_state": "idle"}))
}

// failed reports whether an execution ended with an error.
func failed(reply *message) bool {
	var content struct {
		Status string `json:"status"`
	}
	return reply.content(&content) == nil && content.Status == "error"
}

// stopsOnError reports whether an error of a request ends those behind it, which is so unless the client says otherwise.
func stopsOnError(request *message) bool {
	content := struct {
		StopOnError *bool `json:"stop_on_error"`
	}{}
	return request.content(&content) != nil || content.StopOnError == nil || *content.StopOnError
}
