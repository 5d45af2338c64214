package main

import (
	"encoding/json"
	"strings"
)

// The script by which a page talks to gonb has the server's address and its patience written into it. These are its passages, and what
// they have to be: the protocol of the page, https or not; the base URL that JupyterLab says, which behind a hub is another than "/";
// and a request that is repeated until it is answered, since an answer of the first half second can be missed.
var passages = strings.NewReplacer(
	`"ws://" + document.location.host + "/api/kernels/`,
	`(document.location.protocol === "https:" ? "wss://" : "ws://") + document.location.host +
            (JSON.parse(document.getElementById("jupyter-config-data")?.textContent ?? "{}").baseUrl ?? document.body?.dataset?.baseUrl ?? "/") +
            "api/kernels/`,
	`let err = this._send(msg);
            await this._wait_open_ack();`,
	`for (let tries = 1; ; tries++) {
                this._send(msg);
                try {
                    await this._wait_open_ack();
                    break;
                } catch (late) {
                    if (tries >= 20) throw late;
                }
            }`,
)

// mendScript mends the script in a message that gonb publishes, if it has it in it.
func (m *message) mendScript() {
	if m.header.Type != "update_display_data" && m.header.Type != "display_data" {
		return
	}
	var content map[string]json.RawMessage
	var data map[string]any
	if m.content(&content) != nil || json.Unmarshal(content["data"], &data) != nil {
		return
	}
	page, _ := data["text/html"].(string)
	mended := passages.Replace(page)
	if mended == page || !strings.Contains(page, "gonb_comm") {
		return
	}
	data["text/html"] = mended
	content["data"], _ = json.Marshal(data) // what came as JSON goes as JSON
	m.raw[partContent], _ = json.Marshal(content)
}
