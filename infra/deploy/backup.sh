#!/bin/sh
# Dumps the database into a folder, and deletes dumps older than KEEP_DAYS (14): backup.sh /var/backups/shop
set -eu
cd "$(dirname "$0")/../.."
folder=$1
file="$folder/app-$(date -u +%Y%m%dT%H%M%SZ).dump"
mkdir -p "$folder"
umask 077
docker compose exec -T postgres pg_dump --username=postgres --dbname=app --format=custom >"$file.part"
# A dump that cannot be read is not kept.
docker compose exec -T postgres pg_restore --list <"$file.part" >/dev/null
mv "$file.part" "$file"
find "$folder" -name 'app-*.dump' -mtime "+${KEEP_DAYS:-14}" -delete
echo "$file"
