#!/bin/sh
# Every file that names a Node.js version must name the one of .nvmrc.
set -eu
major=$(sed 's/^v//; s/\..*//' .nvmrc)

grep -q "\"node\": \"$major\.x\"" package.json || { echo "package.json does not ask for Node.js $major"; exit 1; }
grep -q "NODE_VERSION = \"$major\"" netlify.toml || { echo "netlify.toml does not build with Node.js $major"; exit 1; }
echo "Node.js $major everywhere"
