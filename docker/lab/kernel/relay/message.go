package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// delimiter stands between the identities and the signature of a message on the wire.
var delimiter = []byte("<IDS|MSG>")

// message is one of Jupyter's messages: https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol. Its
// parts stay as they came, so that what is passed on is what was sent.
type message struct {
	identities [][]byte // for whom it is, or from whom
	raw        [4][]byte
	buffers    [][]byte
	header     header
	parent     header
}

// The places of a message's parts.
const (
	partHeader = iota
	partParent
	partMetadata
	partContent
)

// header is what the relay reads of a message's header.
type header struct {
	ID       string `json:"msg_id"`
	Type     string `json:"msg_type"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Date     string `json:"date"`
	Version  string `json:"version"`
}

// parse reads a message from its frames. A signature that is not that of the key is an error.
func parse(frames [][]byte, key []byte) (*message, error) {
	at := -1
	for i, frame := range frames {
		if bytes.Equal(frame, delimiter) {
			at = i
			break
		}
	}
	if at < 0 || len(frames) < at+6 {
		return nil, fmt.Errorf("%d frames are no message of Jupyter's", len(frames))
	}
	m := &message{identities: frames[:at], buffers: frames[at+6:]}
	copy(m.raw[:], frames[at+2:at+6])
	if !hmac.Equal(frames[at+1], m.signature(key)) {
		return nil, fmt.Errorf("a message is not signed with the connection's key")
	}
	if err := json.Unmarshal(m.raw[partHeader], &m.header); err != nil {
		return nil, fmt.Errorf("the header of a message: %w", err)
	}
	if err := json.Unmarshal(m.raw[partParent], &m.parent); err != nil {
		return nil, fmt.Errorf("the parent's header of a message: %w", err)
	}
	return m, nil
}

// signature is the HMAC of the parts, in hexadecimal; empty without a key.
func (m *message) signature(key []byte) []byte {
	if len(key) == 0 {
		return nil
	}
	mac := hmac.New(sha256.New, key)
	for _, part := range m.raw {
		mac.Write(part)
	}
	return hex.AppendEncode(nil, mac.Sum(nil))
}

// frames are the message as it is sent.
func (m *message) frames(key []byte) [][]byte {
	out := append(append([][]byte{}, m.identities...), delimiter, m.signature(key))
	return append(append(out, m.raw[:]...), m.buffers...)
}

// content reads the content into a value.
func (m *message) content(into any) error { return json.Unmarshal(m.raw[partContent], into) }

// answer is a message of the relay's own that belongs to a request; to is for whom it is.
func (m *message) answer(to [][]byte, kind string, content any) *message {
	id := make([]byte, 16)
	_, _ = rand.Read(id) // never fails
	own := header{
		ID: hex.EncodeToString(id), Type: kind, Session: m.header.Session, Username: "kernel",
		Date: time.Now().UTC().Format(time.RFC3339Nano), Version: "5.4",
	}
	out := &message{identities: to, header: own, parent: m.header}
	out.raw[partHeader], _ = json.Marshal(own)
	out.raw[partParent] = m.raw[partHeader]
	out.raw[partMetadata] = []byte("{}")
	out.raw[partContent], _ = json.Marshal(content)
	return out
}
