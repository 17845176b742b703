#!/bin/sh
# Makes every certificate of the tests anew (needs the openssl command, 1.1.1 or later).
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1-key.pem"; }

# `openssl ca` rather than `openssl x509`, because it alone takes a start and an end date everywhere.
cat > "$work/ca.conf" <<CONF
[ca]
default_ca = test
[test]
database = $work/index
new_certs_dir = $work
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[server]
subjectAltName = \${ENV::SAN}
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
[client]
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
CONF
: > "$work/index"

# issue NAME EXTENSIONS FIRST-DAY LAST-DAY SIGNER-OPTIONS...
issue() {
  name=$1 extensions=$2 from=$3 to=$4
  shift 4
  openssl req -new -key "$name-key.pem" -subj "/CN=bulkfetch test $name" -out "$work/$name.csr"
  openssl ca -batch -notext -config "$work/ca.conf" -extensions "$extensions" \
    -startdate "${from}000000Z" -enddate "${to}000000Z" -in "$work/$name.csr" -out "$name.pem" "$@"
}

local_names=IP:127.0.0.1,DNS:localhost
for name in ca good expired wrong-host self-signed client; do key "$name"; done

SAN=$local_names;            export SAN
issue ca          authority 20250101 21260101 -selfsign -keyfile ca-key.pem
issue good        server    20250101 21260101 -cert ca.pem -keyfile ca-key.pem
issue self-signed server    20250101 21260101 -selfsign -keyfile self-signed-key.pem
issue expired     server    20240101 20250101 -cert ca.pem -keyfile ca-key.pem
issue client      client    20250101 21260101 -selfsign -keyfile client-key.pem
SAN=DNS:elsewhere.example
issue wrong-host  server    20250101 21260101 -cert ca.pem -keyfile ca-key.pem

# Nothing else is ever to be signed by this authority.
rm ca-key.pem
