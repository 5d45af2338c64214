"""A page in Chromium, driven by its DevTools protocol, of a given width, as a phone or a window has it."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import websocket

START = 60  # seconds for Chromium to listen, and for a page to settle


class Browser:
    def __init__(self):
        self.folder = tempfile.mkdtemp()
        flags = ["--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                 "--disable-sync", "--remote-debugging-port=0", f"--user-data-dir={self.folder}"]
        if os.geteuid() == 0:  # whom Chromium's sandbox does not work for
            flags.append("--no-sandbox")
        self.process = subprocess.Popen([shutil.which("chromium"), *flags, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port = until(lambda: (Path(self.folder) / "DevToolsActivePort").read_text().split()[0])
        pages = until(lambda: [p for p in json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json")) if p["type"] == "page"])
        self.socket = websocket.create_connection(pages[0]["webSocketDebuggerUrl"], timeout=START, suppress_origin=True)
        self.number = 0

    def call(self, method, **params):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": params}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def open(self, path, width):
        """Opens a file in a window of that many pixels and waits until its formulas are set."""
        self.resize(width)
        self.call("Page.navigate", url=Path(path).resolve().as_uri())
        until(lambda: self.evaluate(
            f"location.href === {json.dumps(Path(path).resolve().as_uri())} && document.readyState === 'complete'"
            " && (!window.MathJax || !!document.querySelector('.MathJax') || !document.body.innerText.includes('$'))"))
        self.evaluate("new Promise(done => window.MathJax ? MathJax.Hub.Queue(done) : done())")

    def resize(self, width):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=844, deviceScaleFactor=1, mobile=width < 600)

    def evaluate(self, script):
        result = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"]["exception"]["description"])
        return result["result"].get("value")

    def picture(self, path, height=844):
        clip = {"x": 0, "y": 0, "width": self.evaluate("innerWidth"), "height": height, "scale": 1}
        data = self.call("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)["data"]
        Path(path).write_bytes(base64.b64decode(data))

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def until(ask):
    """What ask returns, as soon as it is anything; what is not there yet is asked for again."""
    limit = time.monotonic() + START
    while True:
        try:
            answer = ask()
            if answer:
                return answer
        except (OSError, IndexError, RuntimeError):
            if time.monotonic() > limit:
                raise
        if time.monotonic() > limit:
            raise TimeoutError(f"Chromium does not come to it within {START} s")
        time.sleep(0.1)
