"""What a reader of a notebook relies on, asked of the project's kernel as JupyterLab asks it.

    behaviour.py [-v] [Behaviour.test_…]

Run it with the environment of docker/lab/env.sh.
"""

import os
import shutil
import signal
import tempfile
import threading
import unittest
import urllib.error
from pathlib import Path

from clients import LIMIT, ROOT, Notebook, Server, alive, children, until

# A training that would take hours; it prints a line when the compiled program is at work.
TRAINING = """
import ("alphascale/lib/dataset"; "alphascale/lib/must"; "alphascale/lib/network"; "alphascale/lib/optim"; "alphascale/lib/subject"; "alphascale/lib/training")
%%
net := network.MLP{Hidden: []int{256, 256}, Outputs: 10}
program := must.Get(training.Compile(training.Config{Subject: subject.Of(net.Model, dataset.Digits()),
	Optimizer: optim.New(optim.SGD), Steps: 10_000_000}))
must.Get(program.Run(training.Settings{Alpha: 1, Steps: 10}))
fmt.Println("training")
must.Get(program.Run(training.Settings{Alpha: 1}))
fmt.Println("trained")
"""


sees_children = unittest.skipUnless(Path("/proc/self/task").exists(), "this system does not list a process's children")


class Behaviour(unittest.TestCase):
    def open(self, folder=ROOT / "notebooks"):
        notebook = Notebook(folder)
        self.addCleanup(notebook.close)
        return notebook

    def works(self, notebook, word="works"):
        self.assertEqual(notebook.run(f'%%\nfmt.Println("{word}")'), ("ok", word + "\n"))

    def test_completes_and_explains_the_library(self):
        n = self.open()
        code = 'import "alphascale/lib/scaling"\n%%\nscaling.Compens'
        # Until gopls is ready, there is nothing to choose from.
        self.assertIn("Compensate", until(lambda: n.client.complete(code, reply=True, timeout=LIMIT)["content"]["matches"]))
        answer = n.client.inspect(code + "ate", reply=True, timeout=LIMIT)["content"]
        self.assertTrue(answer["found"])
        documentation = next(
            line for line in (ROOT / "lib/scaling/compensate.go").read_text().splitlines() if line.startswith("// Compensate ")
        )
        self.assertIn(documentation[3:60], "".join(answer["data"].values()))

    def test_error_names_the_line(self):
        n = self.open()
        for name, code, shown in [
            ("of the compiler", '%%\nfmt.Println("one")\nnowhere()', ["Cell[1]: Line 3", "undefined: nowhere"]),
            ("in a function", 'func half(x int) int {\n\treturn x / "2"\n}', ["Cell[2]: Line 2", "mismatched types"]),
        ]:
            with self.subTest(name):
                status, text = n.run(code)
                self.assertEqual(status, "error")
                for words in shown:
                    self.assertIn(words, text)
        with self.subTest("of a running cell"):
            # Go writes a stack trace piece by piece and GoNB names the lines in each piece that it reads, so that on a
            # busy machine one cell in 25 shows a line of the program instead: there, a reader runs the cell again.
            for number in range(3, 7):
                status, text = n.run("%%\nvar none []int\nfmt.Println(none[3])")
                self.assertEqual(status, "error")
                self.assertIn("index out of range [3] with length 0", text)
                if f"Cell [{number}] Line 3" in text:
                    break
            else:
                self.fail(text)
        with self.subTest("of an error that ends a cell"):
            status, text = n.run('func parsed() int {\n\treturn must.Get(strconv.Atoi("many"))\n}\n%%\nfmt.Println(parsed())')
            self.assertEqual(status, "error")
            self.assertRegex(text, r'^strconv.Atoi: parsing "many": invalid syntax\n[^\n]*Cell \[\d+\] Line 2')
        self.works(n)

    def test_says_what_to_write(self):
        n = self.open()
        for code, words in [
            ("x := 1", "put %% above"),
            ("1 + 1", "fmt.Println(value)"),
            ("?scaling.Compensate", "Shift-Tab"),
            ('%%\nimport "fmt"\nfmt.Println(1)', "Imports stand above"),
            ('import "example.com/nothing/here"\n%%\nhere.X()', "GOPROXY"),
        ]:
            with self.subTest(code):
                status, text = n.run(code)
                self.assertEqual(status, "error")
                self.assertIn(words, text.splitlines()[0])
        for code in ["!echo said", "%help", "%%\nx := 1\nfmt.Println(x)"]:  # which are what they should be
            with self.subTest(code):
                status, text = n.run(code)
                self.assertEqual(status, "ok")
                self.assertNotIn("put %% above", text)

    def test_interrupt(self):
        n = self.open()
        for name, code, word in [
            ("Go code", '%%\nfmt.Println("loop")\nfor {\n}', "loop"),
            ("a training in XLA", TRAINING, "training"),
        ]:
            with self.subTest(name):
                before = n.pid()
                status, text = n.run(code, lambda text: word in text and n.manager.interrupt_kernel())
                self.assertEqual(status, "error")
                self.assertIn("interrupt", text)
                self.assertNotIn("trained", text)
                self.assertEqual(before, n.pid())
                self.works(n)

    def statuses(self, n, *cells, then=lambda: None):
        """Asks for cells all at once, as Run All does, and returns how each ended."""
        asked = [n.client.execute(cell) for cell in cells]
        then()
        ended = {}
        while len(ended) < len(asked):
            reply = n.client.get_shell_msg(timeout=LIMIT)
            if reply["parent_header"]["msg_id"] in asked:  # while a kernel starts it is asked what it is, more than once
                ended[reply["parent_header"]["msg_id"]] = reply["content"]["status"]
        return [ended[id] for id in asked]

    def test_run_all_stops_at_an_error(self):
        n = self.open()
        cell = '%%\nfmt.Println("fine")'
        self.assertEqual(self.statuses(n, cell, '%%\npanic("no")', cell, cell), ["ok", "error", "aborted", "aborted"])
        self.works(n)

    def test_interrupt_ends_what_is_queued(self):
        n = self.open()
        cell = '%%\nfmt.Println("fine")'
        self.works(n)  # gonb is there
        interrupt = lambda: (n.printed("loop"), n.manager.interrupt_kernel())
        self.assertEqual(
            self.statuses(n, '%%\nfmt.Println("loop")\nfor {\n}', cell, cell, then=interrupt), ["error", "aborted", "aborted"]
        )
        self.works(n)

    def test_says_that_there_is_no_input(self):
        n = self.open()
        status, text = n.run('%%\nvar name string\nfmt.Scanln(&name)')
        self.assertEqual(status, "error")
        self.assertIn("no standard input", text)
        self.works(n)

    def test_limits_what_is_printed(self):
        """Of many lines the first and the last arrive, in few messages; in a browser each message would be drawn."""
        n = self.open()
        messages = []
        status, text = n.run("%%\nfor i := range 100_000 {\n\tfmt.Println(i)\n}", messages.append)
        self.assertEqual(status, "ok")
        for line in ("0", "9999", "99999"):
            self.assertIn(f"\n{line}\n", "\n" + text)
        self.assertIn("lines are left out", text)
        self.assertLess(text.count("\n"), 11_000)
        self.assertLess(len(messages), 1_000)

    def test_completes_the_path_of_a_package(self):
        n = self.open()
        matches = lambda code: n.client.complete(code, reply=True, timeout=LIMIT)["content"]["matches"]
        self.assertIn("alphascale/lib/scaling", matches('import "alphascale/lib/s'))
        self.assertIn("github.com/gomlx/gomlx/core/graph", matches('import (\n\t"fmt"\n\t"github.com/gomlx/gomlx/core/'))

    @sees_children
    def test_interrupt_while_building(self):
        n = self.open()
        building = lambda: [c for _, c in children(n.pid()) if "build" in c]
        threading.Thread(target=lambda: until(building) and n.manager.interrupt_kernel(), daemon=True).start()
        status, text = n.run(TRAINING)
        self.assertEqual(status, "error")
        self.assertNotIn("training", text)
        self.works(n)

    def test_restart(self):
        n = self.open()
        self.assertEqual(n.run("const kept = 7"), ("ok", ""))
        self.assertEqual(n.run("%%\nfmt.Println(kept)"), ("ok", "7\n"))
        n.client.stop_channels()
        n.manager.restart_kernel()
        n.connect()
        status, text = n.run("%%\nfmt.Println(kept)")
        self.assertEqual(status, "error")
        self.assertIn("undefined: kept", text)
        self.works(n)

    @sees_children
    def test_killed_in_mid_cell(self):
        n = self.open()
        self.assertEqual(n.run("const kept = 7"), ("ok", ""))
        n.client.execute(TRAINING)
        program = until(lambda: [p for p, c in children(n.pid()) if "gonb_" in c[0]])
        gopls = until(lambda: [p for p, c in children(n.pid()) if c[0].endswith("/.lab/bin/gopls")])
        os.kill(n.pid(), signal.SIGKILL)
        until(lambda: not n.manager.is_alive())
        n.client.stop_channels()
        n.manager.restart_kernel(now=True)  # as Jupyter does by itself
        n.connect()
        self.works(n)
        until(lambda: not alive(program[0]) and not alive(gopls[0]))

    def test_two_notebooks_at_once(self):
        one, other = self.open(), self.open()
        declaration = 'import "alphascale/lib/scaling"\nfunc own() string {{ return "{}" }}\n%%\nfmt.Println(own(), scaling.CheckAlpha(0) != nil)'
        shown = {}
        threads = [
            threading.Thread(target=lambda n=n, word=word: shown.update({word: n.run(declaration.format(word))}))
            for n, word in ((one, "α"), (other, "η"))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(shown, {"α": ("ok", "α true\n"), "η": ("ok", "η true\n")})

    def test_another_client_of_the_server(self):
        """An editor that is given the server's address does what JupyterLab does: HTTP and a web socket, with the token."""
        server = Server()
        self.addCleanup(server.close)
        specs = until(server.answers)
        self.assertEqual(specs["default"], "alphascale")
        with self.assertRaises(urllib.error.HTTPError) as refused:
            server.ask("/api/kernels", "wrong")
        self.assertEqual(refused.exception.code, 403)
        kernel = server.ask("/api/kernels", server.token, b'{"name": "alphascale"}')["id"]
        self.assertEqual(server.run(kernel, '%%\nfmt.Println("from elsewhere")'), "from elsewhere\n")

    def test_works_in_any_folder(self):
        """A notebook copied out of the checkout finds the library and the plugin, as one in a sub-folder does."""
        outside = tempfile.mkdtemp(prefix="α β ")
        self.addCleanup(shutil.rmtree, outside)
        code = TRAINING.replace("10_000_000", "20")
        for folder in (ROOT / "lib" / "claim", outside):
            with self.subTest(folder=folder):
                self.assertEqual(self.open(folder).run(code), ("ok", "training\ntrained\n"))


if __name__ == "__main__":
    unittest.main()
