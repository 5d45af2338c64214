# The kernel: gonb, the relay before it, and the spec by which Jupyter finds them. docker/lab/setup.sh reads this.

# gonb: builds it from the released module with one constant changed: it looks every 0.1 s whether gopls is ready, where as
# released it waits 12 s, in which nothing is completed or explained and the browser gives up. And what stands before gonb and
# before the go command that it calls.
gonb() {
	local module patched=$tmp/gonb
	module=$(go list -m -f '{{.Dir}}' github.com/janpfeifer/gonb)
	cp -R "$module" "$patched"
	chmod -R u+w "$patched"
	local file=$patched/internal/goexec/goplsclient/exec.go
	if ! grep -q 'time\.After(ConnectTimeout)' "$file"; then
		echo "gonb waits for gopls in another way than docker/lab/setup/kernel.sh knows: look at its goplsclient."
		return 1
	fi
	sed 's/time\.After(ConnectTimeout)/time.After(100 * time.Millisecond)/' "$file" >"$file.new"
	mv "$file.new" "$file"
	cp go.mod "$tmp/gonb.mod"
	cp go.sum "$tmp/gonb.sum"
	go mod edit -replace "github.com/janpfeifer/gonb=$patched" "$tmp/gonb.mod"
	go build -modfile="$tmp/gonb.mod" -trimpath -o "$tmp/bin/gonb" github.com/janpfeifer/gonb
	go build -trimpath -o "$tmp/bin/relay" ./docker/lab/kernel/relay
	go build -trimpath -o "$tmp/bin/cellgo" ./docker/lab/kernel/cellgo
}

# kernel: the spec, where Jupyter of the venv finds it with or without docker/lab/env.sh (VS Code has no env.sh).
kernel() {
	local share=$lab/share/jupyter
	mkdir -p "$share/kernels/alphascale" "$lab/config" "$lab/run" "$lab/venv/share/jupyter/kernels" \
		"$lab/venv/share/jupyter/lab/settings"
	"$python" - "$root/docker/lab/kernel.sh" >"$tmp/kernel.json" <<-'PYTHON'
		import json, sys
		json.dump({
		    "argv": ["bash", sys.argv[1], "{connection_file}"],
		    "display_name": "\u03b1-scaling (Go)",
		    "language": "go",
		    # A signal reaches the compiler too; a message reaches only a cell's program.
		    "interrupt_mode": "signal",
		}, sys.stdout, indent=1)
	PYTHON
	mv -f "$tmp/kernel.json" "$share/kernels/alphascale/kernel.json"
	ln -sfn ../../../../share/jupyter/kernels/alphascale "$lab/venv/share/jupyter/kernels/alphascale"
	# JupyterLab asks nothing of the network, and nobody whether it may.
	printf '%s\n' '{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}' \
		>"$lab/venv/share/jupyter/lab/settings/overrides.json"
}
