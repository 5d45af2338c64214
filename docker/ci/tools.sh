# Sourced by the others here: puts the Python tools of docker/ci/requirements.txt, in a venv of their own, on the PATH.
python_tools=$LAB/ci/venv
if ! cmp -s docker/ci/requirements.txt "$python_tools/.installed"; then
	"$LAB/venv/bin/python" -m venv --clear "$python_tools"
	"$python_tools/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		--only-binary :all: --requirement docker/ci/requirements.txt
	cp docker/ci/requirements.txt "$python_tools/.installed"
fi
PATH=$PATH:$python_tools/bin
