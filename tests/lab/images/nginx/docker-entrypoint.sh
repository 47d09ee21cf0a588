#!/bin/sh
# As the official image does: listen on IPv6 too where there is IPv6, and only in the untouched configuration.
set -e
conf=/etc/nginx/conf.d/default.conf
if [ "$1" = nginx ] && [ -f /proc/net/if_inet6 ] && [ -w "$conf" ] && cmp -s "$conf" /usr/share/nginx/default.conf; then
    sed -i 's/listen       80;/&\n    listen  [::]:80;/' "$conf"
fi
exec "$@"
