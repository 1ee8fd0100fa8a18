#!/bin/sh
# A deploy hook of certbot: gives the renewed certificate to the gateway.
set -eu
cd "$(dirname "$0")/../.."
secrets=$(sed -n 's/^SECRETS_DIR=//p' .env)
install -m 600 "$RENEWED_LINEAGE/fullchain.pem" "$secrets/tls_certificate"
install -m 600 "$RENEWED_LINEAGE/privkey.pem" "$secrets/tls_key"
npm run --silent rollout -- nginx
