# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A local network of several hosts for tests: each host has its network namespace, message bus and avahi-daemon; nothing of
# it reaches the machine's own network, and all of it ends with the script. In a bash script:
#
#   . "$(dirname "$0")/../tools/lan.sh"
#   lan_enter "$0" "$@"        starts the script anew in namespaces of its own; needs root or user namespaces, else exit 77 (skipped)
#   lan_host alpha             makes a host with the next address, 10.77.0.1 and on, and starts its bus and avahi-daemon
#   lan_host beta --no-avahi   the same with the bus alone; --no-bus: with neither
#   lan_wait alpha             waits until its avahi-daemon answers
#   lan_on alpha CMD...        runs CMD there
#   lan_exec alpha CMD... &    the same in the background; $! is CMD's own process
#   lan_address alpha          its IPv4 address
#   lan_avahi alpha start|stop|kill, lan_bus alpha start|stop, lan_cable alpha in|out
#
# LAN_DIR is a folder that goes with the network. A host's log files are $LAN_DIR/HOST/*.log. On every host, LAN_DIR and what is outside
# of /run/avahi-daemon are shared.
set -eu

lan_enter() {
	if [[ -z ${LAN_INSIDE-} ]]; then
		local as_root=(-Ur)
		((EUID)) || as_root=()
		unshare "${as_root[@]}" -mn true 2>/dev/null || {
			echo "no network namespaces here: skipped"
			exit 77
		}
		LAN_INSIDE=1 exec unshare "${as_root[@]}" -mnpf --kill-child --mount-proc bash "$@"
	fi
	mount -t tmpfs none /run
	mkdir /run/netns
	export LAN_DIR=/run/lan
	mkdir "$LAN_DIR"
	lan_users
	ip link set lo up
	ip link add lan0 type bridge mcast_snooping 0
	ip link set lan0 up
}

# avahi-daemon insists that its folder belong to the user "avahi": make that be whoever this is.
lan_users() {
	printf '%s\n' root:x:0:0::/root:/bin/sh avahi:x:0:0::/:/bin/false >"$LAN_DIR/passwd"
	printf '%s\n' root:x:0: avahi:x:0: >"$LAN_DIR/group"
	mount --bind "$LAN_DIR/passwd" /etc/passwd
	mount --bind "$LAN_DIR/group" /etc/group
}

declare -A lan_keeper=() lan_number=()

lan_host() {
	local name=$1 option=${2-} dir=$LAN_DIR/$1
	lan_number[$name]=$((${#lan_number[@]} + 1))
	mkdir "$dir"
	ip netns add "$name"
	ip link add "lan-${lan_number[$name]}" type veth peer name eth0 netns "$name"
	ip link set "lan-${lan_number[$name]}" master lan0 up
	ip -n "$name" link set lo up
	ip -n "$name" addr add "$(lan_address "$name")/24" dev eth0
	ip -n "$name" link set eth0 up
	ip -n "$name" route add 224.0.0.0/4 dev eth0
	lan_write_configuration "$name"
	# The keeper holds the host's mount namespace: avahi-daemon's folder cannot be moved by configuration.
	# shellcheck disable=SC2016
	ip netns exec "$name" unshare --mount bash -c '
		mkdir -p /run/avahi-daemon && mount -t tmpfs none /run/avahi-daemon && touch "$1" && exec sleep infinity
	' keeper "$dir/kept" &
	lan_keeper[$name]=$!
	until [[ -e $dir/kept ]]; do sleep 0.02; done
	[[ $option == --no-bus ]] && return
	lan_bus "$name" start
	[[ $option == --no-avahi ]] || lan_avahi "$name" start
}

lan_write_configuration() {
	local dir=$LAN_DIR/$1
	cat >"$dir/bus.conf" <<-END
		<busconfig>
		  <type>session</type>
		  <listen>unix:path=$dir/bus</listen>
		  <auth>EXTERNAL</auth>
		  <policy context="default">
		    <allow send_destination="*" eavesdrop="true"/>
		    <allow eavesdrop="true"/>
		    <allow own="*"/>
		    <allow user="*"/>
		  </policy>
		</busconfig>
	END
	cat >"$dir/avahi.conf" <<-END
		[server]
		host-name=$1
		domain-name=local
		use-ipv4=yes
		use-ipv6=${LAN_IPV6-no}
		allow-interfaces=eth0
		enable-dbus=yes
		ratelimit-interval-usec=0
		[wide-area]
		enable-wide-area=no
		[publish]
		publish-hinfo=no
		publish-workstation=no
	END
}

lan_address() { echo "10.77.0.${lan_number[$1]}"; }

lan_exec() {
	local name=$1
	shift
	exec nsenter -t "${lan_keeper[$name]}" -m -n env DBUS_SYSTEM_BUS_ADDRESS="unix:path=$LAN_DIR/$name/bus" "$@"
}

lan_on() { (lan_exec "$@"); }

lan_bus() {
	local dir=$LAN_DIR/$1
	case $2 in
	start)
		lan_exec "$1" dbus-daemon --config-file="$dir/bus.conf" --nofork >>"$dir/bus.log" 2>&1 &
		echo $! >"$dir/bus.pid"
		until [[ -S $dir/bus ]]; do sleep 0.02; done
		;;
	stop) lan_end "$dir/bus.pid" TERM && rm -f "$dir/bus" ;;
	esac
}

lan_avahi() {
	local dir=$LAN_DIR/$1
	case $2 in
	start)
		lan_exec "$1" avahi-daemon -f "$dir/avahi.conf" --no-drop-root --no-chroot --no-rlimits >>"$dir/avahi.log" 2>&1 &
		echo $! >"$dir/avahi.pid"
		;;
	stop) lan_end "$dir/avahi.pid" TERM ;;
	kill) lan_end "$dir/avahi.pid" KILL ;;
	esac
}

# lan_end FILE SIGNAL: ends the process whose id FILE holds
lan_end() {
	local pid
	pid=$(<"$1")
	kill -s "$2" "$pid" 2>/dev/null || true
	wait "$pid" 2>/dev/null || true
}

lan_wait() {
	local tries=0
	until lan_on "$1" gdbus call --system -d org.freedesktop.Avahi -o / -m org.freedesktop.Avahi.Server.GetState 2>/dev/null | grep -q '(2,)'; do
		((++tries < 200)) || {
			echo "avahi-daemon of $1 does not start:" >&2
			cat "$LAN_DIR/$1/avahi.log" >&2
			return 1
		}
		sleep 0.05
	done
}

lan_cable() {
	case $2 in
	in) ip link set "lan-${lan_number[$1]}" up ;;
	out) ip link set "lan-${lan_number[$1]}" down ;;
	esac
}
