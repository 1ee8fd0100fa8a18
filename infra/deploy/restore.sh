#!/bin/sh
# Puts the database back to a dump of backup.sh: restore.sh /var/backups/shop/app-….dump
# Events and jobs that are newer than the dump go with the volumes of NATS and of the queue: what the restored rows
# still have to tell and to do, they tell and do again.
set -eu
dump=$(realpath "$1")
cd "$(dirname "$0")/../.."
project=$(docker compose config --format json | sed -n 's/^  "name": "\(.*\)",$/\1/p')
docker compose up --detach --wait postgres
# Nothing goes for a file that is no dump.
docker compose exec -T postgres pg_restore --list <"$dump" >/dev/null
docker compose down --timeout 30
docker volume rm "${project}_nats-data" "${project}_redis-queue-data"
docker compose up --detach --wait postgres
docker compose exec -T postgres pg_restore --username=postgres --dbname=app --clean --if-exists --exit-on-error \
  --single-transaction <"$dump"
docker compose up --detach --wait
