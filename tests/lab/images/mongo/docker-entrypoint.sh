#!/bin/sh
# As the official image does: options alone mean mongod.
case "$1" in
    -*) set -- mongod "$@" ;;
esac
exec "$@"
