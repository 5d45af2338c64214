# Sourced after env.sh.
#
# own_venv NAME REQUIREMENTS [FLAG…]: installs what REQUIREMENTS lists into .lab/NAME, a venv of its own, unless that was done
# for this very list; FLAG… are more for pip.
own_venv() {
	local venv=$LAB/$1 list=$2
	shift 2
	if cmp -s "$list" "$venv/.installed"; then return; fi
	"$LAB/venv/bin/python" -m venv --clear "$venv" &&
		"$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@" --requirement "$list" &&
		cp "$list" "$venv/.installed"
}
