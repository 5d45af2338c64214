# make lab      sets everything up and opens JupyterLab on the first notebook
# make test     sets the same up and runs every test, the notebooks in a real kernel included
# make lint     checks formatting, staticcheck, the modules' checksums, known vulnerabilities and licences
# make race     runs the tests of what runs side by side under the race detector
# make licences writes docker/LICENCES.md, the licences of all that this is built on
# make report   executes all notebooks: report/index.html, one page a chapter, one PDF (PAPER=letter: not on A4), figures and data
# make notebooks   executes the notebooks in place, so that their outputs are today's (NOTEBOOKS="…": these, here and in the report)
# make screenshot  opens a notebook in a browser, runs it and takes a picture (needs Node and Chromium)
# make frameworks  installs PyTorch, Keras and optax and runs in each what lib/frameworks advises (ONLY=torch: one of them)
# make bench    the same sweep in Go, JAX and PyTorch, alternating, a folded grid, a cell: medians and ratios (in a venv of its own)
# make image    builds the same environment as an image with docker, podman or buildah (IMAGE_FLAGS: more for the builder)
# make image-test  builds it and tests it
# make clean    removes what was set up

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup lab test lint race licences report notebooks screenshot bench frameworks image image-test clean

NOTEBOOK ?= notebooks/00_start.ipynb
NOTEBOOKS ?= $(wildcard notebooks/*.ipynb)
REPORT ?= report
PORT ?= 8888
# What runs the tests; .ci/run puts docker/check/test.sh there.
GO_TEST ?= go test

help:
	@sed -n 's/^# //p' Makefile

setup:
	@bash docker/lab/setup.sh

# On loopback, with a token: Jupyter makes one, or takes JUPYTER_TOKEN. LAB_FLAGS are passed on.
lab: setup
	@. docker/lab/env.sh; exec bash docker/notebook/lab.sh "$(NOTEBOOK)" "$(PORT)" $(LAB_FLAGS)

# The notebooks come first: they take longest, and the other packages run beside them.
test: setup
	@. docker/lab/env.sh; go vet ./... && $(GO_TEST) -timeout 60m ./notebooks ./...

lint: setup
	@. docker/lab/env.sh; bash docker/check/lint.sh

# All that runs side by side: the pool, the store, watching and stopping. Checking pointers is left out, since GoMLX's Go
# backend does with them what the check forbids. It builds everything anew, so it is no part of `make test`.
race: setup
	@. docker/lab/env.sh; go test -race -gcflags=all=-d=checkptr=0 -timeout 20m ./lib/training ./lib/sweep ./lib/internal/share \
		-run 'RunAll|Watch|Midway|Seeds|Continues|Interrupted|TwoProcesses|Damage|Grid|VerifyTo|Kill|Claim|Holds'

licences: setup
	@. docker/lab/env.sh; bash docker/check/licences.sh write

report: setup
	@. docker/lab/env.sh; "$$LAB/venv/bin/python" docker/notebook/report.py "$(REPORT)" $(NOTEBOOKS)

notebooks: setup
	@. docker/lab/env.sh; "$$LAB/venv/bin/python" docker/notebook/notebook.py execute $(NOTEBOOKS)

screenshot: setup
	@. docker/lab/env.sh; bash docker/check/browser/browse.sh screenshot.mjs "$(NOTEBOOK)"

bench: setup
	@. docker/lab/env.sh; bash docker/bench/bench.sh

# A framework lies in a venv of its own, .lab/frameworks/NAME; what was run already is not run again.
frameworks: setup
	@bash docker/frameworks/frameworks.sh $(ONLY)

image:
	@bash docker/image.sh build $(IMAGE_FLAGS)

image-test:
	@ALPHASCALE_IMAGE_TEST=1 go test -count=1 -v -timeout 60m -run TestImage ./docker

clean:
	rm -rf .lab report
