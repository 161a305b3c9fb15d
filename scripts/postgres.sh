#!/usr/bin/env bash
# A PostgreSQL for tests, in a folder of its own, on a Unix socket only: `scripts/postgres.sh start DIR` prints its URL.
set -euo pipefail
verb=$1 folder=$2
bin=$(command -v pg_ctl >/dev/null && dirname "$(command -v pg_ctl)" || ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || { echo "no PostgreSQL server is installed (Debian: apt-get install postgresql)" >&2; exit 3; }
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }  # initdb refuses root
case $verb in
start)
    if [ "$(id -u)" = 0 ]; then install -d -o postgres -g postgres -m 700 "$folder"; else mkdir -p -m 700 "$folder"; fi
    as "$bin/initdb" -D "$folder" -A trust -U baham -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
    as "$bin/pg_ctl" -D "$folder" -w -s -l "$folder/log" \
        -o "-k $folder -c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off" start >/dev/null
    [ "$(id -u)" = 0 ] && chmod 711 "$folder"
    echo "postgresql://baham@${folder//\//%2F}/postgres"
    ;;
stop) as "$bin/pg_ctl" -D "$folder" -w -s -m immediate stop ;;
*) echo "usage: $0 start|stop DIR" >&2; exit 2 ;;
esac
