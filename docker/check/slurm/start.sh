#!/usr/bin/env bash
# Slurm on one machine, for tests: munge, a controller and nodes of one core, each a slurmd on a port of its own. From Debian's
# slurm-wlm and munge, as root: `start.sh FOLDER NODES [NODE]`, which starts node NODE alone where one is given; stop.sh ends them.
set -euo pipefail
D=$1
nodes=$2
port=16817
H=$(hostname -s)
export SLURM_CONF=$D/slurm.conf
if [ -n "${3:-}" ]; then exec slurmd -N "n$3"; fi

mkdir -p "$D"/{state,log} /run/munge
chown munge: /run/munge
[ -S /run/munge/munge.socket.2 ] || runuser -u munge -- /usr/sbin/munged
cat >"$SLURM_CONF" <<C
ClusterName=mini
SlurmctldHost=$H(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
CryptoType=crypto/munge
StateSaveLocation=$D/state
SlurmdSpoolDir=$D/%n
SlurmctldPidFile=$D/slurmctld.pid
SlurmdPidFile=$D/%n.pid
SlurmctldLogFile=$D/log/ctld.log
SlurmdLogFile=$D/log/%n.log
SlurmctldPort=$port
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=2,bf_interval=2
JobRequeue=1
ReturnToService=2
SlurmdTimeout=10
KillWait=5
InactiveLimit=0
MinJobAge=300
MpiDefault=none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
JobAcctGatherType=jobacct_gather/none
C
for i in $(seq "$nodes"); do
	mkdir -p "$D/n$i"
	echo "NodeName=n$i NodeHostname=$H NodeAddr=127.0.0.1 Port=$((17000 + i)) CPUs=1 RealMemory=1000 State=UNKNOWN" >>"$SLURM_CONF"
done
echo "PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO" >>"$SLURM_CONF"
slurmctld -c
for i in $(seq "$nodes"); do slurmd -N "n$i"; done
for _ in $(seq 100); do
	[ "$(sinfo --noheader --states=idle --format=%D)" = "$nodes" ] && exit 0
	sleep 0.2
done
echo "the nodes do not become idle" >&2
sinfo >&2
exit 1
