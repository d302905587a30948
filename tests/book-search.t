#!/bin/bash
# The search: what queries find first in the built book, without a browser.
# shellcheck source-path=SCRIPTDIR source=tap.sh
source "$(dirname "$0")/tap.sh"
tools/need nodejs:node || bail "no node"
make -s book || bail "no book"
exec node tests/book/search.js build/book
