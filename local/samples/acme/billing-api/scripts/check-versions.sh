#!/bin/sh
# Every file that names a Node.js version must name the one of .nvmrc.
set -eu
major=$(sed 's/^v//; s/\..*//' .nvmrc)
next=$((major + 1))

grep -q "\"node\": \">=$major <$next\"" package.json || { echo "package.json does not ask for Node.js $major"; exit 1; }
if grep -n '^FROM node:' Dockerfile | grep -v "node:$major-"; then echo "Dockerfile does not start from Node.js $major"; exit 1; fi
grep -q "Node.js $major " README.md || { echo "README.md does not name Node.js $major"; exit 1; }
echo "Node.js $major everywhere"
