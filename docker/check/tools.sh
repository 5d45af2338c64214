# Sourced by the others here: puts the Python tools of docker/check/requirements.txt, in a venv of their own, on the PATH.
. docker/check/venv.sh
own_venv check/venv docker/check/requirements.txt --no-deps --require-hashes --only-binary :all:
PATH=$PATH:$LAB/check/venv/bin
