#!/bin/sh
# By hand, what this does:
#
#     @COMMAND@
#
# Run it as root, from a file. It needs util-linux (unshare, nsenter, mount, pivot_root, setpriv, prlimit); with a network
# iproute2 (ip) and nftables (nft). The numbers are those of the steps that 'plan' prints, and each comes with its reason.
# What a shell cannot do is said where it would be done.
#
#   this script ── unshare ──▶ first ──▶ joined ── env, nsenter, setpriv, sh ──▶ the program
#        │                       ▲                                      ▲
#        └── helper ── nsenter ──┴─▶ files ── … ── nsenter ─▶ pivot ────┘ moves the waiting shell to its new root
#
# They wait for one another at two pipes, descriptors 3 (go) and 4 (said). The order is another one than the engine's in one
# thing: who the program is comes before pivot_root, because after it there is no command of the host's left.
set -eu

[ -f "$0" ] || { echo 'write this script to a file, and run that' >&2; exit 125; }

# ---- what the steps are done with ----------------------------------------------------------------------------

# Makes a cgroup. On cgroup v2 it has the controllers that those above it hand down.
group() {
  mkdir -p "$1"
  cgroups="$1 $cgroups"
  for above in "${1%/*/*}" "${1%/*}"; do
    if [ -e "$above/cgroup.subtree_control" ]; then
      for controller in $(cat "$above/cgroup.controllers"); do
        { echo "+$controller" >"$above/cgroup.subtree_control"; } 2>/dev/null || :
      done
    fi
  done
}

# Where a path leads inside the root: links are followed as the container would follow them, and never out of it.
inside() {
  rest=$1 found='' links=0
  while [ -n "$rest" ]; do
    case $rest in
      /*) rest=${rest#/}; continue ;;
      */*) part=${rest%%/*} rest=${rest#*/} ;;
      *) part=$rest rest='' ;;
    esac
    case $part in
      .) ;;
      ..) found=${found%/*} ;;
      *)
        if [ -L "$root$found/$part" ]; then
          links=$((links + 1))
          [ "$links" -le 40 ] || return 1
          target=$(readlink "$root$found/$part")
          case $target in /*) found='' ;; esac
          rest=$target/$rest
        else
          found=$found/$part
        fi ;;
    esac
  done
  printf '%s\n' "$found"
}

# Gives what is made to the container's root, where that is not the host's.
give() {
  [ -z "${owner:-}" ] || chown -h "$owner:$owner" "$1"
}

# Makes a directory or a file in the root where it is missing, and says where that is.
place() {
  at=$root$(inside "$2")
  if [ "$1" != existing ] && ! [ -e "$at" ]; then
    mkdir -p "${at%/*}"
    if [ "$1" = directory ]; then mkdir "$at"; else : >"$at"; fi
    give "$at"
  fi
  printf '%s\n' "$at"
}

# Covers what tells of the host, where this kernel has it: a directory by an empty one, a file by the null device.
mask() {
  at=$root$(inside "$1")
  if [ -d "$at" ]; then
    mount -t tmpfs -o "ro,nosuid,nodev,noexec,nr_blocks=1,nr_inodes=1${owner:+,uid=$owner,gid=$owner}" tmpfs "$at"
  elif [ -e "$at" ]; then
    mount --bind "$root/dev/null" "$at"
  fi
}

# Makes read-only, where this kernel has it.
lock() {
  at=$root$(inside "$1")
  if [ -e "$at" ]; then
    mount --rbind "$at" "$at"
    mount -o remount,bind,ro "$at"
  fi
}

device() {
  at=$(place directory "${2%/*}")/${2##*/}
  mknod -m "$1" "$at" "$3" "$4" "$5"
  give "$at"
}

# An image may bring its own.
link() {
  at=$(place directory "${2%/*}")/${2##*/}
  ln -s "$1" "$at" 2>/dev/null || return 0
  give "$at"
}

can_show() {
  mount --version | grep -q idmapping
}

# Shows a directory with the container's owners: mount(8) can do that from util-linux 2.39 on. What is written to is given to
# them instead: overlay makes its own directories as who mounts it, and the host's root has no number in what is shown so.
show_owners() {
  if [ "$1" = "$data" ]; then
    chown "$owner:$owner" "$data/upper"
  elif can_show; then
    mount --bind -o "X-mount.idmap=/proc/$holder/ns/user" "$1" "$1"
  else
    echo "mount(8) cannot show '$1' with the container's owners: what is in there is nobody's" >&2
  fi
}

bind_shown() {
  if can_show; then
    mount "$1" -o "X-mount.idmap=/proc/$holder/ns/user" "$2" "$3"
  else
    echo "mount(8) cannot show '$2' with the container's owners: what is in there is nobody's" >&2
    mount "$1" "$2" "$3"
  fi
}

# Who USER[:GROUP] is in the container's own files: prints the user, the group, all groups, and the home.
who() {
  user=${1%%:*} group=''
  case $1 in *:?*) group=${1#*:} ;; esac
  user=${user:-0} uid='' gid=0 known='' home=''
  passwd=$root$(inside /etc/passwd) groupfile=$root$(inside /etc/group)
  if [ -f "$passwd" ]; then
    line=$(user=$user awk -F: '$1 == ENVIRON["user"] || $3 == ENVIRON["user"] { print; exit }' "$passwd")
    [ -z "$line" ] || IFS=: read -r known _ uid gid _ home _ <<LINE
$line
LINE
  fi
  case ${uid:-$user} in *[!0-9]*) echo "no user '$user' in /etc/passwd" >&2; return 1 ;; esac
  groups=''
  if [ -n "$group" ]; then
    gid=$group
    [ ! -f "$groupfile" ] ||
      gid=$(group=$group awk -F: '$1 == ENVIRON["group"] { gid = $3; exit }
        END { print gid == "" ? ENVIRON["group"] : gid }' "$groupfile")
  elif [ -n "$known" ] && [ -f "$groupfile" ]; then
    groups=$(user=$known gid=$gid awk -F: '$3 ~ /^[0-9]+$/ && $3 != ENVIRON["gid"] { n = split($4, names, ",")
      for (i = 1; i <= n; i++) if (names[i] == ENVIRON["user"]) printf ",%s", $3 }' "$groupfile")
  fi
  case $gid in '' | *[!0-9]*) echo "no group '$gid' in /etc/group" >&2; return 1 ;; esac
  printf '%s\n' "${uid:-$user}" "$gid" "$gid$groups" "${home:-/}"
}

# Link number $1 from a bridge of its own to the container, whose network namespace is that of the process $first.
connect() {
  subnet=''
  for third in $(seq 0 255); do
    ip -4 route show | grep -q "10\.213\.$third\." || { subnet=10.213.$third; break; }
  done
  [ -n "$subnet" ] || { echo 'there is no free subnet in 10.213.0.0/16' >&2; return 1; }
  bridge=bh$1${name##*.}
  echo "$subnet" >"$run/subnet$1"
  ip link add name "$bridge" type bridge
  ip address add "$subnet.1/24" dev "$bridge"
  ip link set "$bridge" up
  # So that a published port is led to the container from 127.0.0.1 too.
  echo 1 >"/proc/sys/net/ipv4/conf/$bridge/route_localnet"
  ip link add name "vh$1${name##*.}" type veth peer name "eth$1" netns "$first"
  ip link set "vh$1${name##*.}" master "$bridge" up
  [ "$1" != 0 ] || printf '%s\t%s\n' "$subnet.2" "$(cat "$run/hostname")" >>"$run/hosts"
  nft add table inet "$table"
  nft add chain inet "$table" postrouting '{ type nat hook postrouting priority srcnat; }'
  nft add rule inet "$table" postrouting ip saddr "$subnet.0/24" oifname != "$bridge" masquerade
  nft add rule inet "$table" postrouting ip saddr 127.0.0.0/8 oifname "$bridge" masquerade
}

# The host passes packets on; it is as before when the container has ended.
forward() {
  cat /proc/sys/net/ipv4/ip_forward >"$run/forward"
  echo 1 >/proc/sys/net/ipv4/ip_forward
}

# An engine whose containers came meanwhile has found it so, and needs it. Its bridges have its name.
unforward() {
  [ "$(cat "$run/forward")" != 0 ] || ip -o link show type bridge | grep -q 'alias tiny-docker ' ||
    echo 0 >/proc/sys/net/ipv4/ip_forward
}

# PROTOCOL PORT INSIDE [ADDRESS]: leads a port of this host to the container.
publish() {
  read -r subnet <"$run/subnet0"
  for hook in prerouting output; do
    nft add chain inet "$table" "$hook" "{ type nat hook $hook priority -100; }"
    nft add rule inet "$table" "$hook" fib daddr type local ${4:+ip daddr "$4"} "$1" dport "$2" \
      dnat ip to "$subnet.2:$3"
  done
}

# In the container's network namespace.
address() {
  read -r subnet <"$run/subnet$1"
  [ ! -e "/proc/sys/net/ipv6/conf/eth$1" ] || echo 1 >"/proc/sys/net/ipv6/conf/eth$1/disable_ipv6"
  ip address add "$subnet.2/24" dev "eth$1"
  ip link set "eth$1" up
  [ "$1" != 0 ] || ip route add default via "$subnet.1"
}

# ---- the steps of the host -----------------------------------------------------------------------------------

host() {
@HOST@}

# ---- those of the container's first process, process 1 of its own numbering ------------------------------------

first() {
@FIRST@  @JOINED@
}

# In all its namespaces by now. /proc still is the host's, and so is the number that it reads there.
joined() {
  read -r pid _ </proc/self/stat
  echo "$pid" >&4
  read -r _ <&3
  { read -r uid; read -r gid; read -r groups; read -r home; read -r others; } <"$run/who"
  capabilities=$others
  [ "$uid" != 0 ] || capabilities='--inh-caps -all --ambient-caps -all'
  # Its last words in the host's files; when it reads for the second time, it has the container's.
  last='@LAST@'
  @BECOMES@
}

# ---- what is done beside it, in its namespaces, by root of the host ---------------------------------------------

files() {
@FILES@  # The links of its networks, and their addresses; a plan that is not started has none.
@LINKS_INSIDE@}

# Every process of the mount namespace that has the old root is moved to the new one: pivot_root(2). The old one is put
# where nothing need be left behind, also where the root is read-only.
pivot() {
  mkdir "$root/dev/.host"
@PIVOT@}

# From the outside, as the engine does.
helper() {
  trap '[ "$?" = 0 ] || { : >"$run/failed"; kill -KILL "$first"; }' EXIT
  read -r first <&4
@LINKS@  nsenter --target "$first" --mount --pid --cgroup --uts --ipc --net "$sh" "$0" files
  echo >&3
  read -r _ <&4
  nsenter --target "$first" --mount "$sh" "$0" pivot
  # With the host's root still in hand, the old root is detached in the container: nothing leads to it from there.
  nsenter "--mount=/proc/$first/ns/mnt" --root=/ --wd=/ umount --no-canonicalize --lazy "/proc/$first/root/dev/.host"
  rmdir "/proc/$first/root/dev/.host"
  echo >&3
}

# ---- all of it, and that nothing is left ------------------------------------------------------------------------

clean() {
  status=$?
  [ -n "$started" ] && [ ! -e "$run/failed" ] || status=125
  trap - EXIT
  trap '' HUP INT TERM
  for process in $helper $holder; do
    kill -KILL "$process" 2>/dev/null || :
  done
  wait
  for subnet in "$run"/subnet*; do
    # The link to the container goes with its namespace, but some time after that.
    for link in vh bh; do
      [ ! -e "$subnet" ] || ip link delete "$link${subnet##*/subnet}${name##*.}" 2>/dev/null || :
    done
  done
  [ ! -e "$run/subnet0" ] || nft delete table inet "$table" 2>/dev/null || :
  [ ! -e "$run/forward" ] || unforward
  for cgroup in $cgroups; do
    # A process that has ended is in its cgroup for a moment more.
    for _ in 1 2 3 4 5 6 7 8 9 10; do
      rmdir "$cgroup" 2>/dev/null && break
      sleep 0.1
    done
  done
  rm -rf --one-file-system "$run" "$data"
  exit "$status"
}

case ${1:-} in
  first | joined | files | pivot) "$1"; exit ;;
esac
[ "$(id -u)" = 0 ] || { echo 'cannot make a container by hand: only root may' >&2; exit 125; }
for command in env nsenter setpriv sh; do
  where=$(command -v "$command") || { echo "cannot make a container by hand: there is no $command" >&2; exit 125; }
  export "$command=$where"
done
helper='' holder='' cgroups='' started=''
run=$(mktemp -d /run/by-hand.XXXXXX)
data=$(mktemp -d /var/tmp/by-hand.XXXXXX)
name=${run##*/} root=$run/root table=by_hand_${run##*.}
export run data name root table
trap clean EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
mkfifo "$run/go" "$run/said"
exec 3<>"$run/go" 4<>"$run/said"
umask 022
# As the JVM, and so what it starts: as many open files as may be.
ulimit -S -n "$(ulimit -H -n)"
host
export holder
helper &
helper=$!
started=yes
@NAMESPACES@
