#!/bin/sh
# Entry point of the image: gives an empty data folder the files that were made at build time, then serves.
set -eu
data="${SANGDAM_DATA_DIR:-/data}"
for part in encoder models index; do
  if [ ! -e "$data/$part" ] && [ -e "derived/$part" ]; then
    cp -R "derived/$part" "$data/$part.copying"
    mv "$data/$part.copying" "$data/$part"
  fi
done
exec sangdam run "$@"
