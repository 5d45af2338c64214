#!/usr/bin/env bash
# browse.sh SCRIPT NOTEBOOK [FOLDER]: opens the notebook in a real JupyterLab in Chromium and does there what the script of
# this folder says: screenshot.mjs runs all cells from the menu and takes pictures (NOTEBOOK-1.png is the top, the others
# each show one figure), explorer.mjs moves the Explorer's slider. The notebook's file is left as it is.
#
# HUB=1 serves it by https, with a certificate of its own, under a base URL, as a hub does.
# THEME=dark takes JupyterLab's dark theme; CHROMIUM names the browser. Needs Node and Chromium, as nothing else does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
. docker/lab/env.sh
script=$1 notebook=$2 out=${3:-$LAB/screenshots}
chromium=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}

for program in node npm; do
	command -v "$program" >/dev/null || { echo "$program is missing: install Node 18 or later (Debian: apt-get install nodejs npm)." >&2; exit 1; }
done
[ -n "$chromium" ] || { echo "Chromium is missing: install it (Debian: apt-get install chromium) or name it in CHROMIUM." >&2; exit 1; }
[ -f "$notebook" ] || { echo "There is no notebook $notebook." >&2; exit 1; }

mkdir -p "$LAB/browser" "$out"
if ! cmp -s docker/check/browser/package-lock.json "$LAB/browser/node_modules/.installed"; then
	cp docker/check/browser/package.json docker/check/browser/package-lock.json "$LAB/browser/"
	npm ci --prefix "$LAB/browser" --no-audit --no-fund --silent
	cp docker/check/browser/package-lock.json "$LAB/browser/node_modules/.installed"
fi
cp docker/check/browser/*.mjs "$LAB/browser/" # Node looks for playwright-core beside the script

# Settings of its own: no autosave, so that the file stays as it is, and all cells in the page at once.
scratch=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi; rm -rf "$scratch"' EXIT
setting() {
	mkdir -p "$scratch/settings/@jupyterlab/$1"
	printf '%s\n' "$3" >"$scratch/settings/@jupyterlab/$1/$2.jupyterlab-settings"
}
setting docmanager-extension plugin '{"autosave": false}'
setting notebook-extension tracker '{"windowingMode": "none"}'
if [ "${THEME:-light}" = dark ]; then setting apputils-extension themes '{"theme": "JupyterLab Dark"}'; fi
export JUPYTERLAB_SETTINGS_DIR=$scratch/settings JUPYTERLAB_WORKSPACES_DIR=$scratch/workspaces

token=$("$LAB/venv/bin/python" -c 'import secrets; print(secrets.token_hex(24))')
port=$("$LAB/venv/bin/python" -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir -p "$scratch/root/notebooks"
copy=notebooks/$(basename "$notebook")
cp "$notebook" "$scratch/root/$copy"
url=http://127.0.0.1:$port flags=(--no-browser)
if [ -n "${HUB:-}" ]; then
	openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1 -keyout "$scratch/key.pem" -out "$scratch/cert.pem" 2>/dev/null
	url=https://127.0.0.1:$port/user/reader
	flags+=(--ServerApp.base_url=/user/reader/ "--ServerApp.certfile=$scratch/cert.pem" "--ServerApp.keyfile=$scratch/key.pem")
	export NODE_TLS_REJECT_UNAUTHORIZED=0 # the certificate is nobody's
fi
ALPHASCALE_SERVED=$scratch/root JUPYTER_TOKEN=$token bash docker/notebook/lab.sh "$copy" "$port" "${flags[@]}" >"$scratch/server.log" 2>&1 &
server=$!
if ! node "$LAB/browser/$script" "$chromium" "$url" "$token" "$copy" "$out"; then
	tail -n 20 "$scratch/server.log" >&2
	exit 1
fi
cp "$scratch/root/$copy" "$out/"
