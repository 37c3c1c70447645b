#!/usr/bin/env bash
# From a bare machine to a running Spectrum: installs what is missing, builds, and hands over to `spectrum demo`.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

set_up
.make/front.sh
.make/build.sh
# Replaced by the server, so that Ctrl-C and the exit status are its own.
exec "$spectrum" demo "$@"
