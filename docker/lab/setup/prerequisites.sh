# What a machine has to have: each check ends the set-up with one sentence that says what is missing and how to get it.
# docker/lab/setup.sh reads this.

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

# Sets python to the first that can make a venv. $PYTHON, when set, is the only one tried.
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
