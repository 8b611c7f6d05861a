# Read by the start-… of boards that QEMU runs: takes the common options apart into $port, $flash, $modem, $ethernet,
# $entropy and $rtc.
# QEMU counts no operations on flash and knows no power cut in one.
port='' flash='' modem='' ethernet='' entropy='' rtc=''
while [ $# -gt 0 ]; do
	case $1 in
	--port) port=$2 ;;
	--flash) flash=$2 ;;
	--modem) modem="tcp:127.0.0.1:$2,server=on,wait=off,nodelay=on" ;;
	--ethernet) ethernet=$2 ;;
	--entropy) entropy=$2 ;;
	--rtc) rtc=$2 ;;
	*)
		echo "$0: $1 is not for boards that QEMU runs" >&2
		exit 2
		;;
	esac
	shift 2
done
: "${port:?--port N is missing}" "${flash:?--flash FILE is missing}"
serial="tcp:127.0.0.1:$port,server=on,wait=off,nodelay=on"
