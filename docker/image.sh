#!/usr/bin/env bash
# image.sh build [FLAG…]   builds the image and tags it alphascale; FLAG…: more for the builder, --build-arg CUDA=1 say
# image.sh engine          prints the engine that does it: $CONTAINER_ENGINE, else docker, podman or buildah, whichever works
#
# $IMAGE is another tag.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

engine() {
	local candidate reasons=()
	if [ -n "${CONTAINER_ENGINE:-}" ]; then
		printf '%s\n' "$CONTAINER_ENGINE"
		return
	fi
	for candidate in docker podman buildah; do
		if ! command -v "$candidate" >/dev/null; then
			reasons+=("$candidate is not installed")
		elif ! "$candidate" info >/dev/null 2>&1; then
			reasons+=("$candidate is installed, but '$candidate info' fails")
		else
			printf '%s\n' "$candidate"
			return
		fi
	done
	local IFS=';'
	printf 'No engine to build an image with:%s. Install one of them, or name yours in CONTAINER_ENGINE.\n' \
		"${reasons[*]/#/ }" >&2
	return 1
}

build() {
	local engine flags=()
	engine=$(engine)
	# podman and buildah drop the health check from an image of their own format.
	if [ "${engine##*/}" != docker ]; then flags=(--format docker --layers); fi
	# docker's old builder does not find docker/Dockerfile.dockerignore and would send the whole checkout.
	DOCKER_BUILDKIT=1 "$engine" build "${flags[@]}" --file docker/Dockerfile --tag "${IMAGE:-alphascale}" "$@" .
}

case ${1:-} in
build | engine) "$@" ;;
*)
	sed -n 's/^# //p' "${BASH_SOURCE[0]}" >&2
	exit 2
	;;
esac
