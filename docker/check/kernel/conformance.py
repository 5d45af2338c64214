"""conformance.py KERNEL: runs Jupyter's own tests of a kernel, jupyter_kernel_test, and prints what came of each as JSON.

Run it with the environment in which Jupyter finds the kernel.
"""

import json
import sys
import time
import unittest

import jupyter_kernel_test

ANSWER = 5  # seconds in which a request is answered or never is
READY = 120  # seconds in which gopls, which needs some 12, has started


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
            end = time.monotonic() + READY
            while time.monotonic() < end:
                if self.kc.complete("%%\nfmt.Sprintl", reply=True, timeout=READY)["content"]["matches"]:
                    break
                time.sleep(0.1)

    def get_non_kernel_info_reply(self, timeout=None):
        return super().get_non_kernel_info_reply(timeout or ANSWER)

    def history_helper(self, execute_first, **arguments):
        return super().history_helper(execute_first, ANSWER, **arguments)


def outcome(name):
    """A failed test gets a second try: some of its own time-outs, a tenth of a second, are short for a busy machine."""
    for _ in range(2):
        result = unittest.TextTestRunner(verbosity=2).run(unittest.TestSuite([Conformance(name)]))
        if result.wasSuccessful():
            return "skipped" if result.skipped else "passed"
    return "failed"


def main(kernel):
    Conformance.kernel_name = kernel
    print(json.dumps({name: outcome(name) for name in unittest.defaultTestLoader.getTestCaseNames(Conformance)}))


if __name__ == "__main__":
    main(sys.argv[1])
