#!/bin/sh
# asdf reads .tool-versions, so that file follows .nvmrc.
set -eu
echo "nodejs $(sed 's/^v//' .nvmrc)" > .tool-versions
