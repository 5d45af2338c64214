#!/usr/bin/env bash
# licences.sh write makes docker/LICENCES.md anew: every Go module that the project and its kernel are linked from, every
# Python package of the environment, and XLA's plugin, with its licence. licences.sh check says whether it is out of date
# and fails if a licence is not one of those that the project can be given away with.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. docker/check/tools.sh

file=docker/LICENCES.md
# Permissive licences, and the MPL, which asks for nothing of those who only use a package as it is. FTL is one of the two
# that freetype leaves the choice of, the other being the GPL; go-licenses does not know it.
accepted='MIT|MIT-0|BSD-2-Clause|BSD-3-Clause|Apache-2.0|ISC|PSF-2.0|MPL-2.0|CC-BY-4.0|FTL|BSD|MIT License|BSD License|'
accepted+='Apache Software License|Apache License, Version 2.0|Apache 2.0|ISC License \(ISCL\)|Python Software Foundation License|'
accepted+='Mozilla Public License 2.0 \(MPL 2.0\)'

# An error of go-licenses about this project itself, whose licence is not its business, is none.
modules() {
	go tool -modfile=docker/check/go.mod go-licenses report --ignore alphascale --template docker/check/licences.tpl \
		./lib/... ./plots/... github.com/janpfeifer/gonb 2>"$tmp/errors" |
		sed -e '/^github.com\/golang\/freetype/s/Unknown/FTL/' | sed '/^$/d' | sort -u
}

packages() {
	pip-licenses --python="$LAB/venv/bin/python" --from=mixed --format=csv |
		"$LAB/check/venv/bin/python" -c 'import csv, sys
for row in list(csv.reader(sys.stdin))[1:]: print("|".join(row))' | sort -f
}

table() { # of lines name|version|licence
	printf '| %s | Version | Licence |\n| --- | --- | --- |\n' "$1"
	while IFS='|' read -r name version licence; do printf '| %s | %s | %s |\n' "$name" "$version" "$licence"; done
}

write() {
	modules >"$tmp/modules"
	packages >"$tmp/packages"
	[ -s "$tmp/modules" ] && [ -s "$tmp/packages" ] || { cat "$tmp/errors" >&2; exit 1; }
	cat <<-'TEXT'
		# Licences of what the project is built on

		Written by `make licences`. The licences' texts are in the modules (`go mod vendor` collects them) and in the packages.

		## Go modules, in the programs and in the kernel

	TEXT
	table Module <"$tmp/modules"
	printf '\n## Python packages of the environment, with %s\n\n' "$python"
	table Package <"$tmp/packages"
	cat <<-'TEXT'

		## Others

		| What | Licence |
		| --- | --- |
		| XLA's plugins (docker/lab/xla.txt) | Apache-2.0 |
		| NVIDIA's libraries, with CUDA=1 alone (docker/lab/xla-cuda.txt) | NVIDIA's own: they may be used and not given on in every way |
		| MathJax, in the reports (part of jupyter-server-mathjax) | Apache-2.0 |
		| The digits (lib/dataset) | CC-BY-4.0 |
	TEXT
}

python=$("$LAB/venv/bin/python" -c 'import sys; print("Python %d.%d" % sys.version_info[:2])')
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
case ${1:-} in
write)
	write >"$tmp/new"
	mv "$tmp/new" "$file"
	;;
check)
	write >"$tmp/new"
	if ! grep -q "with $python\$" "$file"; then
		echo "skipped: $file lists the packages of another Python than $python" # which needs some others
		exit
	fi
	diff -u "$file" "$tmp/new" || { echo "$file is out of date: run 'make licences' and look at what has changed." >&2; exit 1; }
	if awk -F '|' '{ print $3 }' "$tmp/modules" "$tmp/packages" | sed 's/ \(AND\|OR\) /\n/g; s/; /\n/g' | sort -u | grep -vxE "$accepted"; then
		echo "These licences are not among those accepted in docker/check/licences.sh: look at what they ask for." >&2
		exit 1
	fi
	echo "The licences are those of $file, and all are accepted."
	;;
*)
	echo "use: licences.sh write, or licences.sh check" >&2
	exit 2
	;;
esac
