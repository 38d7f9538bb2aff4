# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Debian's servers, unchanged, with something preloaded; sourced by row_server.sh. Each listens on a port of the loopback of its own, has a
# folder of its own below $folder, and is ended by its pid.
#
# A subject is a name and what its server's environment has: see server_environment() in row_server.sh.
# shellcheck disable=SC2154 # folder, first_port: row_server.sh's

# port NAME: by its place in the list of subjects.
port() {
	number=0
	for subject in $subjects; do
		[ "$subject" != "$1" ] || break
		number=$((number + 1))
	done
	printf '%s\n' $((first_port + 2 * number))
}

# endpoint NAME: where our own endpoint listens, if the subject has it.
endpoint() {
	printf '127.0.0.1:%s\n' $(($(port "$1") + 1))
}

# One process, since a forked child of a process that records does not record.
nginx_configure() {
	mkdir -p -- "$1/logs"
	head -c 1024 /dev/zero | tr '\0' x >"$1/page"
	cat >"$1/nginx.conf" <<-EOF
		daemon off;
		master_process off;
		pid $1/pid;
		error_log $1/logs/error.log;
		events { worker_connections 256; }
		http {
			access_log off;
			client_body_temp_path $1/body;
			proxy_temp_path $1/proxy;
			fastcgi_temp_path $1/fastcgi;
			uwsgi_temp_path $1/uwsgi;
			scgi_temp_path $1/scgi;
			keepalive_requests 1000000;
			server { listen 127.0.0.1:$2; root $1; }
		}
	EOF
}

# start SERVER NAME: in the background; its pid is in $folder/NAME.pid.
start() {
	here=$folder/$1.$2
	mkdir -p -- "$here"
	case $1 in
	redis)
		set -- "$2" redis-server --port "$(port "$2")" --bind 127.0.0.1 --save '' --appendonly no --dir "$here" --daemonize no
		;;
	nginx)
		nginx_configure "$here" "$(port "$2")"
		set -- "$2" "$nginx" -p "$here" -c "$here/nginx.conf" -e "$here/logs/error.log"
		;;
	esac
	name=$1
	shift
	(
		# shellcheck disable=SC2046 # words: NAME=VALUE
		exec env $(server_environment "$name") "$@"
	) >"$here/log" 2>&1 </dev/null &
	printf '%s\n' $! >"$folder/$name.pid"
}

pid() {
	cat -- "$folder/$1.pid"
}

# answers SERVER NAME
answers() {
	case $1 in
	redis) redis-cli -p "$(port "$2")" ping 2>/dev/null | grep -q PONG ;;
	nginx) curl -s -o /dev/null "http://127.0.0.1:$(port "$2")/page" ;;
	esac
}

await() {
	tries=0
	until answers "$1" "$2"; do
		tries=$((tries + 1))
		[ "$tries" -lt 100 ] || die "$1 as $2 does not answer: see $folder/$1.$2/log"
		sleep 0.05
	done
}

stop() {
	[ -e "$folder/$1.pid" ] || return 0
	kill -- "$(pid "$1")" 2>/dev/null || :
	# Bounded: one that does not end is ended.
	tries=0
	while kill -0 "$(pid "$1")" 2>/dev/null && [ "$tries" -lt 60 ]; do
		sleep 0.05
		tries=$((tries + 1))
	done
	kill -9 "$(pid "$1")" 2>/dev/null || :
	wait "$(pid "$1")" 2>/dev/null || :
	rm -f -- "$folder/$1.pid"
}

# cpu_ns NAME: CPU time of all threads of its server so far.
cpu_ns() {
	cat /proc/"$(pid "$1")"/task/*/schedstat 2>/dev/null | awk '{ ns += $1 } END { printf "%.0f\n", ns }'
}

# load SERVER NAME: requests a second, and CPU time of the server for each request in nanoseconds.
load() {
	before=$(cpu_ns "$2")
	case $1 in
	redis)
		redis-benchmark -p "$(port "$2")" -t set -n "$(requests "$2")" -d 64 -r 100000 -P 16 -c 20 --csv 2>/dev/null |
			awk -F '"' '$2 == "SET" { print $4 }' >"$folder/load"
		count=$(requests "$2")
		;;
	nginx)
		wrk -t 1 -c 20 -d 1 "http://127.0.0.1:$(port "$2")/page" >"$folder/wrk"
		awk '$1 == "Requests/sec:" { print $2 }' "$folder/wrk" >"$folder/load"
		count=$(awk '$2 == "requests" && $3 == "in" { print $1 }' "$folder/wrk")
		;;
	esac
	after=$(cpu_ns "$2")
	awk -v ns=$((after - before)) -v count="$count" '{ print $1, ns / count }' "$folder/load"
}
