#!/usr/bin/env bash
# lab.sh NOTEBOOK PORT [FLAG…]: opens JupyterLab on the notebook, or on the folder where that is not there yet.
# It listens on loopback; ALPHASCALE_IP is for the image, where a published port leads to another address. ALPHASCALE_SERVED is
# the folder that is served, in which the notebook lies, if it is not the checkout.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. docker/lab/env.sh
notebook=$1 port=$2
shift 2

cd "${ALPHASCALE_SERVED:-.}"
[ -e "$notebook" ] || notebook=$(dirname "$notebook")
[ -e "$notebook" ] || notebook=.
if ! "$LAB/venv/bin/python" -c 'import socket, sys; socket.create_server(("127.0.0.1", int(sys.argv[1])))' "$port" 2>/dev/null; then
	echo "Port $port is taken by another program, perhaps by an earlier 'make lab': choose another with 'make lab PORT=8899'." >&2
	exit 1
fi
# Figures in the dark theme.
mkdir -p "$JUPYTER_CONFIG_DIR/custom"
cp -f "$ALPHASCALE_ROOT/docker/lab/dark.css" "$JUPYTER_CONFIG_DIR/custom/custom.css"
# The whole checkout is served, so that a reader can open lib/ beside the notebook.
page=$("$LAB/venv/bin/python" -c 'import sys, urllib.parse; print(urllib.parse.quote(sys.argv[1]))' "$notebook")
flags=("--ip=${ALPHASCALE_IP:-127.0.0.1}" "--port=$port" --ServerApp.port_retries=0 "--ServerApp.root_dir=$PWD"
	"--LabApp.default_url=/lab/tree/$page" --LabApp.extension_manager=readonly --LabApp.custom_css=True
	--MultiKernelManager.default_kernel_name=alphascale)
# Jupyter refuses to run as root unless told; in a container there often is no other user.
if [ "$(id -u)" = 0 ]; then flags+=(--allow-root); fi
exec "$LAB/venv/bin/python" -m jupyterlab "${flags[@]}" "$@"
