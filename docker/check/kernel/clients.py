"""Clients of the project's kernel, for behaviour.py: a notebook's own, and one of the server that `make lab` starts."""

import json
import os
import secrets
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import websocket
from jupyter_client.manager import KernelManager
from jupyter_client.session import Session

ROOT = Path(__file__).resolve().parents[3]
LIMIT = 120  # seconds: what takes longer hangs


class Notebook:
    """One kernel, started in a folder as Jupyter starts it for a notebook there; options are for its start."""

    def __init__(self, folder, kernel="alphascale", **options):
        self.manager = KernelManager(kernel_name=kernel)
        self.manager.start_kernel(cwd=str(folder), **options)
        self.connect()

    def connect(self):
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=LIMIT)

    def run(self, code, on_text=lambda text: None):
        """Executes a cell and returns its status and all the text that it showed."""
        shown = []

        def see(message):
            content = message["content"]
            text = content.get("text", "") + "\n".join(content.get("traceback", []))
            shown.append(text)
            on_text(text)

        reply = self.client.execute_interactive(code, output_hook=see, timeout=LIMIT)
        return reply["content"]["status"], "".join(shown)

    def printed(self, word):
        """Waits until a cell prints a word."""
        until(lambda: word in self.client.get_iopub_msg(timeout=LIMIT)["content"].get("text", ""))

    def pid(self):
        return self.manager.provisioner.pid

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def stock(folder, gonb):
    """Makes GoNB as it comes a kernel, "stock", that Jupyter finds by a folder's kernels. It knows nothing of the checkout: see replaced."""
    spec = {"argv": [gonb, "--kernel", "{connection_file}"], "display_name": "stock", "language": "go"}
    path = Path(folder) / "kernels/stock"
    path.mkdir(parents=True)
    (path / "kernel.json").write_text(json.dumps(spec))
    os.environ["JUPYTER_PATH"] = str(folder)


def replaced(root):
    """The cell that tells stock GoNB of the checkout, as its documentation says."""
    return f"!*go mod edit -replace=alphascale={root}"


def children(pid):
    """The processes that a process started, and those that they did, each with its command line."""
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield int(child), Path(f"/proc/{child}/cmdline").read_text().split("\0")
                yield from children(child)
    except OSError:
        pass  # a process, or a thread of one, has ended meanwhile


def alive(pid):
    """Whether a process runs; one that has ended and that nobody has asked about does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Server:
    """The server that `make lab` starts, on a port of its own."""

    def __init__(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self.token = secrets.token_hex(16)
        self.process = subprocess.Popen(
            ["bash", "docker/notebook/lab.sh", "notebooks/00_start.ipynb", self.address.split(":")[1], "--no-browser"],
            cwd=ROOT, env={**os.environ, "JUPYTER_TOKEN": self.token}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def ask(self, path, token, data=None):
        request = urllib.request.Request(f"http://{self.address}{path}", data, {"Authorization": f"token {token}"})
        with urllib.request.urlopen(request, timeout=LIMIT) as answer:
            return json.load(answer)

    def answers(self):
        try:
            return self.ask("/api/kernelspecs", self.token)
        except OSError:
            return None

    def run(self, kernel, code):
        """Executes a cell over a web socket and returns what it prints."""
        line = websocket.create_connection(
            f"ws://{self.address}/api/kernels/{kernel}/channels?token={self.token}", timeout=LIMIT
        )
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        message = Session().msg("execute_request", content)
        line.send(json.dumps({**message, "channel": "shell"}, default=str))
        text = ""
        while True:
            got = json.loads(line.recv())
            if got["parent_header"].get("msg_id") != message["msg_id"]:
                continue
            text += got["content"].get("text", "")
            if got["content"].get("execution_state") == "idle":
                line.close()
                return text

    def close(self):
        self.process.terminate()
        self.process.wait()


def until(condition):
    """Waits for the condition and returns its value."""
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.02)
    raise TimeoutError(f"not within {LIMIT} s")
