#!/usr/bin/env bash
# Ends what start.sh started: `stop.sh FOLDER`.
for pid in "$1"/n*.pid "$1/slurmctld.pid"; do
	[ -f "$pid" ] && kill "$(cat "$pid")"
done
exit 0
