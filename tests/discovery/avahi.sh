#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# avahi.sh PATH-OF-discovery-watch: discovery with real avahi-daemons on a network of two hosts.
# shellcheck source=tests/tools/lan.sh
. "$(dirname "$0")/../tools/lan.sh"
lan_enter "$0" "$@"
watch=$1
number=0

fail() {
	echo "not ok $((++number)) - $*"
	[[ ! -e $LAN_DIR/out ]] || tail -n 20 "$LAN_DIR/out"
	echo "Bail out!"
	exit 1
}
ok() { echo "ok $((++number)) - $*"; }
now() { echo $(($(date +%s%N) / 1000000)); }
# line_after MS JQ-CONDITION: the first line at or after MS that meets the condition, waited for up to 15 s
line_after() {
	local since=$1 condition=$2 line tries=0
	while ((tries++ < 300)); do
		line=$(jq -c "select(.ms >= $since and ($condition))" "$LAN_DIR/out" 2>/dev/null | head -n 1) || true
		[[ -z $line ]] || {
			printf '%s\n' "$line"
			return
		}
		sleep 0.05
	done
	return 1
}
start_watch() {
	: >"$LAN_DIR/out"
	rm -f "$LAN_DIR/in"
	mkfifo "$LAN_DIR/in"
	lan_exec console "$watch" "$@" <"$LAN_DIR/in" >"$LAN_DIR/out" 2>"$LAN_DIR/err" &
	watch_pid=$!
	exec 7>"$LAN_DIR/in"
}
stop_watch() {
	echo quit >&7
	exec 7>&-
	wait "$watch_pid" || fail "discovery-watch ended with $?: $(<"$LAN_DIR/err")"
}
announce() {
	lan_exec device avahi-publish -s "$@" >/dev/null 2>&1 &
	publisher=$!
}
node() { announce "$1" _muster-node._tcp 8099 "id=$2" "mac=$3" "ID=second" model=node-1 fw=1.0 pv=1 st=new "name=$1"; }

echo "TAP version 13"

lan_host console --no-bus
start_watch
line_after 0 '.event == "status" and (.trouble | test("message bus"))' >/dev/null || fail "says that there is no bus"
ok "a missing bus is said"

lan_bus console start
line_after 0 '.event == "status" and (.trouble | test("not running"))' >/dev/null || fail "says that there is no daemon"
ok "a missing daemon is said"

lan_host device
lan_avahi console start
lan_wait console
lan_wait device
line_after 0 '.event == "status" and .trouble == ""' >/dev/null || fail "browses once the daemon is there"
ok "browses once the daemon is there"

sleep 1.5
total=0
for round in 1 2 3 4 5; do
	began=$(now)
	node "Lamp $round" "S$round" "24a160b1c20$round"
	line=$(line_after "$began" ".event == \"changed\" and .candidate.serial == \"S$round\"") || fail "finds what is announced"
	took=$(($(jq .ms <<<"$line") - began))
	echo "# announcement to candidate: $took ms"
	total=$((total + took))
	publishers+=("$publisher")
done
jq -e '.candidate | .key == "mac:24:a1:60:b1:c2:05" and .pairable and .present and .family == "muster" and .pairing_address == "10.77.0.2:8099"
	and .addresses == ["10.77.0.2"] and .services[0].txt.id == "S5"' <<<"$line" >/dev/null || fail "reads what is announced: $line"
ok "finds and reads what is announced"
((total / 5 <= 1500)) || fail "took $((total / 5)) ms from announcement to candidate"
ok "announcement to candidate in $((total / 5)) ms on average"

began=$(now)
kill "${publishers[4]}"
line_after "$began" '.event == "changed" and .candidate.serial == "S5" and (.candidate.present | not)' >/dev/null || fail "goodbye is heard"
ok "goodbye: the service is gone, the device is not"

began=$(now)
lan_avahi console kill
line_after "$began" '.event == "status" and (.trouble | test("stopped|not running"))' >/dev/null || fail "says that the daemon has stopped"
ok "a daemon that stops is said"
node "Lamp 6" S6 24a160b1c206
lan_avahi console start
line_after "$began" '.event == "changed" and .candidate.serial == "S6"' >/dev/null || fail "finds again after the daemon's return"
ok "finds again after the daemon's return"
sleep 11
! jq -e "select(.ms >= $began and .event == \"changed\" and .candidate.serial == \"S1\" and (.candidate.present | not))" "$LAN_DIR/out" >/dev/null ||
	fail "what stayed on the network was lost by the restart"
ok "what stayed on the network was not lost by the restart"

began=$(now)
echo scan >&7
sleep 11
! jq -e "select(.ms >= $began and .event == \"changed\" and (.candidate.present | not))" "$LAN_DIR/out" >/dev/null || fail "a scan loses something"
ok "a scan loses nothing"

began=$(now)
lan_bus console stop
line_after "$began" '.event == "status" and (.trouble | test("message bus"))' >/dev/null || fail "says that the bus has gone"
lan_avahi console kill
lan_bus console start
lan_avahi console start
node "Lamp 7" S7 24a160b1c207
line_after "$began" '.event == "changed" and .candidate.serial == "S7"' >/dev/null || fail "finds again after the bus's return"
ok "finds again after the bus's return"
stop_watch
ok "stops"

announce "Site" _muster._tcp 443 id=other
sleep 1.5
start_watch --publish "Site" _muster._tcp 8443
line=$(line_after 0 '.event == "published"') || fail "is published"
[[ $(jq -r .name <<<"$line") == "Site #2" ]] || fail "takes another name where one is taken: $line"
lan_on device avahi-browse -rptk _muster._tcp | grep -q '8443' || fail "the other host sees what is published"
line_after 0 '.event == "changed" and .candidate.name == "Site"' >/dev/null || fail "finds another site"
! jq -e 'select(.event == "changed" and .candidate.name == "Site #2")' "$LAN_DIR/out" >/dev/null || fail "finds itself"
ok "is published under a free name, seen elsewhere, and does not find itself"
stop_watch
echo "1..$number"
