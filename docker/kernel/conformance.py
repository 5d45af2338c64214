"""Runs Jupyter's own tests of a kernel, jupyter_kernel_test, and prints what came of each as JSON.

    conformance.py KERNEL          every test, each in a process of its own, since some are never answered
    conformance.py KERNEL TEST     one of them: exits with 0 passed, 1 failed, 2 skipped

Run it with the environment in which Jupyter finds the kernel.
"""

import concurrent.futures
import json
import subprocess
import sys
import unittest

import jupyter_kernel_test

ANSWER = 25  # seconds in which a request is answered or never is; gopls, which completes, needs 12 to start
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

    def get_non_kernel_info_reply(self, timeout=None):
        return super().get_non_kernel_info_reply(timeout or ANSWER)


def names():
    return unittest.defaultTestLoader.getTestCaseNames(Conformance)


def one(kernel, name):
    Conformance.kernel_name = kernel
    result = unittest.TextTestRunner(verbosity=2).run(unittest.TestSuite([Conformance(name)]))
    return 1 if not result.wasSuccessful() else 2 if result.skipped else 0


def every(kernel):
    def outcome(name):
        try:
            done = subprocess.run(
                [sys.executable, __file__, kernel, name], capture_output=True, text=True, timeout=LIMIT
            )
        except subprocess.TimeoutExpired:
            return name, "no answer"
        print(name, done.stdout, done.stderr, file=sys.stderr)
        return name, OUTCOMES.get(done.returncode, "failed")

    # Those that wait for an answer in vain do nothing but wait: as many workers as leave some for the others.
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return dict(pool.map(outcome, sorted(names(), key=lambda n: n not in ("test_history", "test_is_complete"))))


if __name__ == "__main__":
    if len(sys.argv) == 3:
        sys.exit(one(*sys.argv[1:]))
    print(json.dumps(every(sys.argv[1]), indent=1))
