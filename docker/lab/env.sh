# What a run of the project needs in its environment. Sourced by bash: `. docker/lab/env.sh`.
# Everything lies in .lab/ of the checkout; settings.sh there holds what docker/lab/setup.sh decided on this machine.

ALPHASCALE_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
LAB=$ALPHASCALE_ROOT/.lab
lab_go=
lab_backend=xla:cpu
lab_plugin_path=
lab_ldflags=
if [ -f "$LAB/settings.sh" ]; then . "$LAB/settings.sh"; fi

export ALPHASCALE_ROOT LAB
# The Go of the set-up comes last, for a Jupyter that was started without the user's PATH.
export PATH="$LAB/bin:$PATH${lab_go:+:$lab_go}"
# A go.work in a folder above is not this project's.
export GOWORK=off

# A backend that the user chose is obeyed; nothing is downloaded by a run.
export GOMLX_BACKEND="${GOMLX_BACKEND:-$lab_backend}"
export GOMLX_NO_AUTO_INSTALL=1
# Empty where go-xla finds an installed plugin by itself.
if [ -n "$lab_plugin_path" ]; then export PJRT_PLUGIN_LIBRARY_PATH="$lab_plugin_path"; fi

# Jupyter keeps its files in the checkout, and finds the kernel there, instead of in the user's home.
export JUPYTER_DATA_DIR="$LAB/share/jupyter"
export JUPYTER_CONFIG_DIR="$LAB/config"
export JUPYTER_RUNTIME_DIR="$LAB/run"
export IPYTHONDIR="$LAB/config/ipython"

# The venv's packages only, not the user's.
export PYTHONNOUSERSITE=1
unset PYTHONPATH PYTHONHOME

# Go, gopls and the chapters' sweeps need a home and a cache; where one cannot be written, .lab/ has one.
if ! [ -d "${HOME:-}" ] || ! [ -w "$HOME" ]; then
	mkdir -p "$LAB/home"
	export HOME="$LAB/home"
fi
if [ -n "${XDG_CACHE_HOME:-}" ] || [ -e "$HOME/.cache" ]; then
	if ! mkdir -p "${XDG_CACHE_HOME:-$HOME/.cache}" 2>/dev/null || ! [ -w "${XDG_CACHE_HOME:-$HOME/.cache}" ]; then
		mkdir -p "$LAB/home/.cache"
		export XDG_CACHE_HOME="$LAB/home/.cache"
	fi
fi
