package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
)

// connection is Jupyter's connection file.
type connection struct {
	Transport       string `json:"transport"`
	IP              string `json:"ip"`
	Shell           int    `json:"shell_port"`
	Control         int    `json:"control_port"`
	Stdin           int    `json:"stdin_port"`
	Publish         int    `json:"iopub_port"`
	Heartbeat       int    `json:"hb_port"`
	Key             string `json:"key"`
	SignatureScheme string `json:"signature_scheme"`
	KernelName      string `json:"kernel_name,omitempty"`
}

func readConnection(file string) (c connection, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return c, err
	}
	if err = json.Unmarshal(text, &c); err != nil {
		return c, fmt.Errorf("the connection file %s: %w", file, err)
	}
	if c.SignatureScheme != "" && c.SignatureScheme != "hmac-sha256" {
		return c, fmt.Errorf("the connection file %s asks for signatures by %s: hmac-sha256 is known", file, c.SignatureScheme)
	}
	return c, nil
}

// inside is a connection of the same key between relay and gonb, by sockets in the folder. The file has the name of Jupyter's
// own, from which gonb reads which kernel it is.
func (c connection) inside(folder, file string) (inner connection, path string, err error) {
	inner = c
	inner.Transport, inner.IP = "ipc", filepath.Join(folder, "s")
	inner.Shell, inner.Control, inner.Stdin, inner.Publish, inner.Heartbeat = 1, 2, 3, 4, 5
	text, err := json.Marshal(inner)
	if err != nil {
		return inner, "", err
	}
	path = filepath.Join(folder, filepath.Base(file))
	return inner, path, os.WriteFile(path, text, 0o600)
}

func (c connection) address(port int) string {
	if c.Transport == "ipc" {
		return fmt.Sprintf("ipc://%s-%d", c.IP, port)
	}
	return fmt.Sprintf("tcp://%s:%d", c.IP, port)
}

// socket sends whole messages, one at a time.
type socket struct {
	zmq4.Socket
	mu sync.Mutex
}

// send sends frames. What cannot be sent, because the other side is gone, is nobody's any more.
func (s *socket) send(frames [][]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.SendMulti(zmq4.NewMsgFrom(frames...))
}

// each calls take for all that comes, until the socket is closed.
func (s *socket) each(take func(frames [][]byte)) {
	for {
		m, err := s.Recv()
		if err != nil {
			return
		}
		take(m.Frames)
	}
}

// sockets are one side's.
type sockets struct{ shell, control, stdin, publish, heartbeat *socket }

// listen opens the sockets that Jupyter connects to.
func listen(ctx context.Context, c connection) (s sockets, err error) {
	s = sockets{
		&socket{Socket: zmq4.NewRouter(ctx)}, &socket{Socket: zmq4.NewRouter(ctx)}, &socket{Socket: zmq4.NewRouter(ctx)},
		&socket{Socket: zmq4.NewPub(ctx)}, &socket{Socket: zmq4.NewRep(ctx)},
	}
	for _, at := range s.places(c) {
		if err := at.socket.Listen(at.address); err != nil {
			return s, fmt.Errorf("listening at %s: %w", at.address, err)
		}
	}
	return s, nil
}

// dial connects to gonb's sockets, as soon as it has opened them. gonb sends what it asks of a client's standard input to the
// identity under which the request came, so that the sockets need a common one.
func dial(ctx context.Context, c connection) (s sockets, err error) {
	id := zmq4.WithID(zmq4.SocketIdentity("relay"))
	s = sockets{
		&socket{Socket: zmq4.NewDealer(ctx, id)}, &socket{Socket: zmq4.NewDealer(ctx, id)}, &socket{Socket: zmq4.NewDealer(ctx, id)},
		&socket{Socket: zmq4.NewSub(ctx)}, nil,
	}
	for _, at := range s.places(c) {
		for {
			if err = at.socket.Dial(at.address); err == nil {
				break
			}
			select {
			case <-ctx.Done():
				return s, fmt.Errorf("connecting to gonb at %s: %w", at.address, err)
			case <-time.After(20 * time.Millisecond):
			}
		}
	}
	return s, s.publish.SetOption(zmq4.OptionSubscribe, "")
}

// place is a socket with its address.
type place struct {
	socket  *socket
	address string
}

func (s sockets) places(c connection) []place {
	all := []place{
		{s.shell, c.address(c.Shell)}, {s.control, c.address(c.Control)}, {s.stdin, c.address(c.Stdin)}, {s.publish, c.address(c.Publish)},
	}
	if s.heartbeat != nil {
		all = append(all, place{s.heartbeat, c.address(c.Heartbeat)})
	}
	return all
}
