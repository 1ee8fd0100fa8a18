#!/bin/sh
# A dump of the whole database into a folder; those older than KEEP_DAYS (14) go. For cron: backup.sh /var/backups/shop
set -eu
cd "$(dirname "$0")/../.."
folder=$1
file="$folder/app-$(date -u +%Y%m%dT%H%M%SZ).dump"
mkdir -p "$folder"
umask 077
docker compose exec -T postgres pg_dump --username=postgres --dbname=app --format=custom >"$file.part"
# Only what can be read back is a backup.
docker compose exec -T postgres pg_restore --list <"$file.part" >/dev/null
mv "$file.part" "$file"
find "$folder" -name 'app-*.dump' -mtime "+${KEEP_DAYS:-14}" -delete
echo "$file"
