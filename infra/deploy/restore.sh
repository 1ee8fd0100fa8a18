#!/bin/sh
# Restores the database from a dump of backup.sh: restore.sh /var/backups/shop/app-….dump
# Deletes the volumes of NATS and of the queue: their events and jobs are newer than the dump. The restored outbox
# publishes its events again, and restored jobs that have not ended are queued again.
set -eu
dump=$(realpath "$1")
cd "$(dirname "$0")/../.."
project=$(docker compose config --format json | sed -n 's/^  "name": "\(.*\)",$/\1/p')
docker compose up --detach --wait postgres
# A file that is no dump stops here, before anything is deleted.
docker compose exec -T postgres pg_restore --list <"$dump" >/dev/null
docker compose down --timeout 30
docker volume rm "${project}_nats-data" "${project}_redis-queue-data"
docker compose up --detach --wait postgres
docker compose exec -T postgres pg_restore --username=postgres --dbname=app --clean --if-exists --exit-on-error \
  --single-transaction <"$dump"
docker compose up --detach --wait
