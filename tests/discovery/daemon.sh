#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# daemon.sh PATH-OF-musterd: discovery as the API shows it, with real avahi-daemons on a network of two hosts.
# shellcheck source=tests/tools/lan.sh
. "$(dirname "$0")/../tools/lan.sh"
lan_enter "$0" "$@"
musterd=$1
number=0
rounds=7

fail() {
	echo "not ok $((++number)) - $*"
	tail -n 20 "$LAN_DIR/musterd.log"
	echo "Bail out!"
	exit 1
}
ok() { echo "ok $((++number)) - $*"; }
now() { echo $(($(date +%s%N) / 1000000)); }
api() { curl -sS --unix-socket "$LAN_DIR/api.sock" -X "$1" "http://muster$2"; }
# eventually CMD...: CMD succeeds within 15 s
eventually() {
	local tries=0
	until "$@"; do
		((++tries < 600)) || return 1
		sleep 0.02
	done
}
shows() { api GET "$1" 2>/dev/null | jq -e "$2" >/dev/null; }
announce() {
	lan_exec device avahi-publish -s "Lamp $1" _muster-node._tcp 8099 "id=S$1" "mac=24a160b1c20$1" model=node-1 fw=1.0 pv=1 st=new "name=Lamp $1" >/dev/null 2>&1 &
}

echo "TAP version 13"
lan_host console
lan_host device
lan_wait console
lan_wait device
mkdir "$LAN_DIR/data"
lan_exec console "$musterd" --data-dir "$LAN_DIR/data" --socket "$LAN_DIR/api.sock" --listen "10.77.0.1:8443" --broker-listen "10.77.0.1:8883" \
	--site-name "Hall 2" >"$LAN_DIR/musterd.log" 2>&1 &
eventually shows /discovery/status .available || fail "the daemon starts"
ok "the daemon browses"

sleep 1.5
times=()
for ((round = 1; round <= rounds; round++)); do
	began=$(now)
	announce "$round"
	eventually shows "/discovery/?q=S$round" ".items[0].serial == \"S$round\" and .items[0].pairable" || fail "shows what is announced"
	times+=($(($(now) - began)))
done
mapfile -t sorted < <(printf '%s\n' "${times[@]}" | sort -n)
echo "# announcement to API: ${times[*]} ms"
((sorted[rounds / 2] <= 1500)) || fail "median ${sorted[rounds / 2]} ms"
ok "announcement to API: median ${sorted[rounds / 2]} ms"

lan_on device avahi-browse -rptk _muster._tcp | grep -q ';Hall\\0322;.*;8443;.*"name=Hall 2"' || fail "announces the site"
ok "announces the site"
lan_on device avahi-browse -rptk _secure-mqtt._tcp | grep -q ';8883;' || fail "announces the broker"
ok "announces the broker"
shows /discovery/ 'all(.items[]; .family != "muster-site" and .family != "broker")' || fail "finds itself"
ok "does not find itself"

api POST /discovery/mac:24:a1:60:b1:c2:01/ignore >/dev/null
eventually shows "/discovery/?state=ignored" '.total == 1' || fail "ignores"
sequence=$(api GET /journal/ | jq '[.items[] | select(.entity == "ignored_candidate")][0].sequence')
api POST "/journal/$sequence/undo" >/dev/null
eventually shows "/discovery/?state=ignored" '.total == 0' || fail "undoes that it was ignored"
ok "ignores, and undoes it"

mkdir "$LAN_DIR/web"
echo '{"id":"shellyplus1-a8032ab12345","mac":"A8032AB12345","gen":2,"ver":"1.0.8","app":"Plus1"}' >"$LAN_DIR/web/shelly"
lan_exec device python3 -m http.server --directory "$LAN_DIR/web" 8081 >/dev/null 2>&1 &
eventually lan_on device curl -s -o /dev/null http://127.0.0.1:8081/shelly || fail "the web server starts"
curl -sS --unix-socket "$LAN_DIR/api.sock" -H 'Content-Type: application/json' -d '{"address":"10.77.0.2:8081"}' http://muster/discovery/addresses >/dev/null
eventually shows '/discovery/?family=shelly' '.items[0] | .mac == "a8:03:2a:b1:23:45" and .present and .addresses == ["10.77.0.2"]' ||
	fail "recognises what stands at an address"
ok "recognises what stands at an address"

lan_avahi console kill
eventually shows /discovery/status '(.available | not) and (.trouble | length > 0)' || fail "says that avahi-daemon has stopped"
ok "says that avahi-daemon has stopped"
lan_avahi console start
announce 8
eventually shows "/discovery/?q=S8" '.total == 1' || fail "recovers"
eventually shows /discovery/status '.available and .trouble == null' || fail "says that all is well again"
ok "recovers when it returns"
echo "1..$number"
