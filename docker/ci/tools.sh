# Sourced by the others here: puts the Python tools of docker/ci/requirements.txt, in a venv of their own, on the PATH.
. docker/venv.sh
own_venv ci/venv docker/ci/requirements.txt --no-deps --require-hashes --only-binary :all:
PATH=$PATH:$LAB/ci/venv/bin
