#!/usr/bin/env bash
# Sets up all that the project needs, in .lab/ of the checkout; `make lab`, `make test` and `make report` run it.
#
# It may be run again at any time and ends at once when nothing has changed. It may be interrupted: each part is
# made under a temporary name and put in place when complete, and the next run goes on from there.
#
# CUDA=1 adds XLA's plugin for NVIDIA cards (x86-64 Linux), which GOMLX_BACKEND=xla:cuda then uses.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$(pwd -P)
lab=$root/.lab
log=$lab/setup.log
wheels=docker/xla.txt
plugin_name=pjrt_c_api_cpu_plugin.so
cuda_wheels=docker/xla-cuda.txt
cuda_plugin_name=pjrt_c_api_cuda_plugin.so
fast_ldflags='-s -w -linkmode=internal'

say() { printf '%s\n' "$*"; }

fail() {
	printf 'set-up: %s\n' "$*" >&2
	exit 1
}

# step SENTENCE COMMAND… runs a command with its output in the log; when it fails, says why and what to do.
step() {
	local what=$1 start=$SECONDS
	shift
	printf '  %-58s' "$what"
	printf '\n== %s: %s\n' "$what" "$*" >>"$log"
	if "$@" >>"$log" 2>&1; then
		say "$((SECONDS - start)) s"
		return
	fi
	say failed
	explain
	tail -n 15 "$log" >&2
	fail "\"$what\" failed; its output is above and in .lab/setup.log. Once the cause is gone, run the same command again."
}

# explain ends the set-up with a sentence where the last command's output shows a cause that is known.
explain() {
	local output
	output=$(sed -n -e H -e '/^== /h' -e '${x;p;}' "$log") # from the last heading on
	case $output in
	*"DO NOT MATCH THE HASHES"* | *"checksum mismatch"*)
		fail "A download is not the file that this project pins (its hash differs; .lab/setup.log names it): the index or proxy it came from serves another. Use another index (PIP_INDEX_URL, GOPROXY) and run the same command again." ;;
	*"No space left on device"* | *"Disk quota exceeded"*)
		fail "A disk is full (.lab/setup.log names the file): free some space and run the same command again, which goes on from here." ;;
	*"Connection refused"* | *"connection refused"* | *"Name or service not known"* | *"Temporary failure in name resolution"* | *"no such host"* | \
		*"Network is unreachable"* | *"network is unreachable"* | *"Failed to establish a new connection"* | *"timed out"* | *"i/o timeout"* | \
		*"Cannot connect to proxy"* | *"module lookup disabled"* | *"server misbehaving"* | *"(from versions: none)"*)
		fail "A package index cannot be reached, or lacks a package (.lab/setup.log names both): the set-up needs a network once. Connect, or name an index that you can reach (PIP_INDEX_URL, GOPROXY), and run the same command again, which goes on from here." ;;
	esac
}

# --- prerequisites: one sentence each -------------------------------------------------------------------------------

# newer A B: version A is B or later.
newer() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]; }

check_go() {
	local want have
	want=$(sed -n 's/^go //p' go.mod)
	command -v go >/dev/null ||
		fail "Go is missing: install Go $want or later from https://go.dev/dl/ and put its bin folder on PATH."
	have=$(go env GOVERSION 2>>"$log") ||
		fail "Go cannot be used here: install Go $want or later from https://go.dev/dl/ ('go env' says: $(go env GOVERSION 2>&1 | tail -n 1))."
	have=${have#go}
	newer "${have%% *}" "$want" ||
		fail "Go $have is too old: install Go $want or later from https://go.dev/dl/."
	go_version=$have
}

compilers="on Debian and Ubuntu with 'apt-get install gcc libc6-dev', on Fedora with 'dnf install gcc', on macOS with 'xcode-select --install'"

check_compiler() {
	local cc
	cc=$(go env CC)
	if ! command -v "${cc%% *}" >/dev/null; then
		fail "A C compiler is missing ($cc): install one, $compilers."
	fi
	[ "$(go env CGO_ENABLED)" = 1 ] ||
		fail "Go is told not to use the C compiler (CGO_ENABLED=0), which XLA needs: unset CGO_ENABLED, or run 'go env -u CGO_ENABLED'."
}

# A compiler can be there without the headers and libraries that a program needs.
check_compiles() {
	local cc
	cc=$(go env CC)
	# $cc may carry flags of its own.
	printf '#include <stdlib.h>\nint main(void) { return EXIT_SUCCESS; }\n' | $cc -x c - -o "$tmp/compiles" >>"$log" 2>&1 ||
		fail "The C compiler ($cc) cannot build a program (the reason is in .lab/setup.log): install it with its library, $compilers."
}

# python: a Python that can make a venv. $PYTHON, when set, is the only one tried.
check_python() {
	local candidate found= candidates=(python3 python3.13 python3.12 python3.11 python3.10)
	if [ -n "${PYTHON:-}" ]; then candidates=("$PYTHON"); fi
	for candidate in "${candidates[@]}"; do
		command -v "$candidate" >/dev/null || continue
		"$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || { found=${found:-old}; continue; }
		"$candidate" -c 'import venv, ensurepip' 2>/dev/null || { found=novenv; continue; }
		python=$candidate
		return
	done
	case $found in
	novenv) fail "Python is here without venv: install it, on Debian and Ubuntu with 'apt-get install python3-venv'." ;;
	old) fail "Python is older than 3.10: install 3.10 or later from your system's packages or https://www.python.org/downloads/, and name it in PYTHON if it is not python3." ;;
	*) fail "Python is missing: install Python 3.10 or later with venv, on Debian and Ubuntu with 'apt-get install python3 python3-venv'." ;;
	esac
}

check_make() {
	command -v make >/dev/null ||
		fail "make is missing: install it, on Debian and Ubuntu with 'apt-get install make', on macOS with 'xcode-select --install'."
}

# What is set up weighs half a gigabyte; as much goes to downloads meanwhile. NVIDIA's libraries weigh four.
check_disk() {
	local free need=1000
	if [ -e "$lab/venv/bin/python" ]; then need=300; fi
	if [ "${CUDA:-}" = 1 ] && ! cuda_complete; then need=9000; fi
	free=$("$python" -c 'import shutil, sys; print(shutil.disk_usage(sys.argv[1]).free // 10**6)' "$lab")
	[ "$free" -ge "$need" ] ||
		fail "The disk has only $free MB free for $lab, and the set-up needs $need: free some space, or put the checkout on another disk."
}

# --- what is set up, and whether it still is ------------------------------------------------------------------------

# fingerprint: changes with anything that the set-up depends on, and with a plugin that was replaced or cut short.
fingerprint() {
	{
		cat docker/setup.sh docker/env.sh docker/kernel.sh docker/requirements.txt "$wheels" docker/plugin/main.go \
			go.mod go.sum docker/tools/go.mod docker/tools/go.sum
		printf '%s\n' "$root" "$go_version" "$("$python" --version)" "$user_plugin_path"
		wc -c "$lab/xla/$plugin_name" "$lab/settings.sh" "$lab"/bin/* "$lab/share/jupyter/kernels/alphascale/kernel.json" 2>/dev/null || true
	} | cksum
}

complete() {
	if [ "${CUDA:-}" = 1 ] && ! cuda_complete; then return 1; fi
	[ -x "$lab/venv/bin/python" ] && [ -x "$lab/bin/gonb" ] && [ -x "$lab/bin/gopls" ] && [ -x "$lab/bin/goimports" ] &&
		[ "$(cat "$lab/stamp" 2>/dev/null)" = "$(fingerprint)" ]
}

# One set-up at a time. The lock belongs to file descriptor 9, so it ends with this process however that ends;
# Python takes it because not every system has flock(1).
lock() {
	exec 9>"$lab/lock"
	if ! "$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX | fcntl.LOCK_NB)' 2>/dev/null; then
		say "Another set-up is at work in this checkout; waiting for it."
		"$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)'
	fi
}

# --- the parts ------------------------------------------------------------------------------------------------------

# A venv cannot be renamed (its scripts name their Python), so its folder is named by its contents, holds the file
# "complete" when it is, and the link .lab/venv then points at it.
venv() {
	local want
	want=venv-$({ cat docker/requirements.txt; printf '%s\n' "$root" "$("$python" -VV)"; } | cksum | cut -d ' ' -f 1)
	if ! [ -e "$lab/$want/complete" ]; then
		rm -rf "${lab:?}/$want"
		step "Python venv" "$python" -m venv "$lab/$want"
		step "JupyterLab and its packages" "$lab/$want/bin/python" -m pip install --disable-pip-version-check --no-deps \
			--require-hashes --only-binary :all: --no-compile --requirement docker/requirements.txt
		step "their byte code" "$lab/$want/bin/python" -m compileall -q -j 0 "$lab/$want/lib"
		touch "$lab/$want/complete"
	fi
	rm -f "$lab/venv.new"
	ln -s "$want" "$lab/venv.new"
	"$python" -c 'import os, sys; os.replace(*sys.argv[1:])' "$lab/venv.new" "$lab/venv"
	find "$lab" -maxdepth 1 -name 'venv-*' ! -name "$want" -exec rm -rf {} +
}

tools() {
	step "Go modules" go mod download
	mkdir "$tmp/bin"
	GOBIN=$tmp/bin step "gonb, the kernel" go install tool
	(cd docker/tools && GOBIN=$tmp/bin step "goimports and gopls, for the kernel" go install tool)
	mkdir -p "$lab/bin"
	mv -f "$tmp"/bin/* "$lab/bin/"
}

# link_flags: those that make a cell quick, where they work.
link_flags() {
	ldflags=$fast_ldflags
	printf '  %-58s' "The libraries, for the build cache"
	local start=$SECONDS
	if ! go build "-ldflags=$ldflags" -o "$tmp/plugin" ./docker/plugin >>"$log" 2>&1; then
		ldflags='-s -w'
		say
		step "The libraries, with the C linker" go build "-ldflags=$ldflags" -o "$tmp/plugin" ./docker/plugin
		return
	fi
	say "$((SECONDS - start)) s"
}

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

# kernel: the spec, where Jupyter of the venv finds it with or without docker/env.sh (VS Code has no env.sh).
kernel() {
	local share=$lab/share/jupyter
	mkdir -p "$share/kernels/alphascale" "$lab/config" "$lab/run" "$lab/venv/share/jupyter/kernels" \
		"$lab/venv/share/jupyter/lab/settings"
	"$python" - "$root/docker/kernel.sh" >"$tmp/kernel.json" <<-'PYTHON'
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

# settings: what docker/env.sh has to know.
settings() {
	{
		printf 'lab_go=%q\n' "$(go env GOROOT)/bin"
		printf 'lab_backend=%q\n' "$backend"
		printf 'lab_plugin_path=%q\n' "$plugin_path"
		printf 'lab_ldflags=%q\n' "$ldflags"
	} >"$tmp/settings.sh"
	mv -f "$tmp/settings.sh" "$lab/settings.sh"
}

# warm: builds what the first cell and the first test would wait for. The user's own unfinished code must not stop
# a set-up, so a failure here is only logged.
warm() {
	local start=$SECONDS
	printf '  %-58s' "The project's packages, for the build cache"
	# Without -o a lone command would be written into the checkout.
	go build -o /dev/null ./... >>"$log" 2>&1 || true
	say "$((SECONDS - start)) s"
}

main() {
	mkdir -p "$lab" 2>/dev/null && [ -w "$lab" ] || fail "$root cannot be written: put the checkout where you may write, or change its permissions."
	# The user's own choice; what docker/env.sh set in an earlier run is none.
	user_plugin_path=${PJRT_PLUGIN_LIBRARY_PATH:-}
	if [ "$user_plugin_path" = "$lab/xla" ]; then user_plugin_path=; fi
	. docker/env.sh
	export GOFLAGS="${GOFLAGS:-} -buildvcs=false"
	check_make
	check_go
	check_python
	check_compiler
	if complete; then return; fi

	check_disk
	lock
	if complete; then return; fi
	: >"$log"
	say "Setting up in .lab/ (needed once; the log is .lab/setup.log):"
	rm -rf "$lab"/tmp.*
	tmp=$(mktemp -d "$lab/tmp.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	trap 'say; say "Interrupted. The next call goes on from here." >&2; exit 130' INT TERM
	check_compiles
	venv
	tools
	link_flags
	plugin
	if [ "${CUDA:-}" = 1 ] && ! cuda_complete; then cuda; fi
	kernel
	settings
	warm
	# Without a plugin there is no stamp: the next set-up looks again.
	if [ "$backend" != go ]; then
		fingerprint >"$tmp/stamp"
		mv -f "$tmp/stamp" "$lab/stamp"
	fi
	say "Ready."
}

main
