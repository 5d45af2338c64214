"""Runs Jupyter's own tests of a kernel, jupyter_kernel_test, and prints what came of each as JSON.

    conformance.py KERNEL          every test, each in a process of its own, since some are never answered
    conformance.py KERNEL TEST     one of them: exits with 0 passed, 1 failed, 2 skipped

Run it with the environment in which Jupyter finds the kernel.
"""

import concurrent.futures
import json
import subprocess
import sys
import time
import unittest

import jupyter_kernel_test

ANSWER = 10  # seconds in which a request is answered or never is
LIMIT = 120  # seconds for one test
OUTCOMES = {0: "passed", 1: "failed", 2: "skipped"}


class Conformance(jupyter_kernel_test.KernelTests):
    language_name = "go"
    file_extension = ".go"
    code_hello_world = 'import "fmt"\n%%\nfmt.Println("hello, world")'
    code_stderr = 'import ("fmt"; "os")\n%%\nfmt.Fprintln(os.Stderr, "to stderr")'
    code_generate_error = "%%\nundefined()"
    code_execute_result = [{"code": "%%\nfmt.Println(1 + 1)", "result": "2"}]
    code_display_data = [
        {"code": 'import "github.com/janpfeifer/gonb/gonbui"\n%%\ngonbui.DisplayHTML("<b>bold</b>")', "mime": "text/html"}
    ]
    completion_samples = [{"text": "%%\nfmt.Sprintl", "matches": ["Sprintln"]}]
    code_inspect_sample = "%%\nfmt.Println"
    complete_code_samples = ["%%\nx := 1"]
    supported_history_operations = ("tail",)
    # Nothing in a Go cell clears outputs or opens a pager: without a sample these two tests skip themselves.

    @classmethod
    def tearDownClass(cls):
        cls.kc.stop_channels()
        cls.km.shutdown_kernel(now=True)  # gonb takes seconds to end by itself

    def setUp(self):
        """Waits for gopls, which needs some 12 seconds to start and without which nothing is completed or explained."""
        if self._testMethodName in ("test_completion", "test_inspect"):
            while not self.kc.complete("%%\nfmt.Sprintl", reply=True, timeout=LIMIT)["content"]["matches"]:
                time.sleep(0.1)

    def get_non_kernel_info_reply(self, timeout=None):
        return super().get_non_kernel_info_reply(timeout or ANSWER)


def names():
    return unittest.defaultTestLoader.getTestCaseNames(Conformance)


def one(kernel, name):
    Conformance.kernel_name = kernel
    result = unittest.TextTestRunner(verbosity=2).run(unittest.TestSuite([Conformance(name)]))
    return 1 if not result.wasSuccessful() else 2 if result.skipped else 0


def every(kernel):
    """The outcomes by test, each in a process of its own. A failed test gets a second try: some of its own time-outs, a
    tenth of a second, are short for a busy machine."""

    def outcome(name):
        for _ in range(2):
            command = [sys.executable, __file__, kernel, name]
            begin = time.monotonic()
            try:
                done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
            except subprocess.TimeoutExpired:
                return name, "no answer"
            print(f"{name}: {time.monotonic() - begin:.1f} s", done.stdout, done.stderr, file=sys.stderr)
            if done.returncode != 1:
                break
        return name, OUTCOMES.get(done.returncode, "failed")

    # Those that wait for an answer in vain do nothing but wait: they begin, and leave workers for the others.
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return dict(pool.map(outcome, sorted(names(), key=lambda n: n not in ("test_history", "test_is_complete"))))


if __name__ == "__main__":
    if len(sys.argv) == 3:
        sys.exit(one(*sys.argv[1:]))
    print(json.dumps(every(sys.argv[1]), indent=1))
