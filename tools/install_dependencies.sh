#!/bin/sh
# The one list of packages that Emptor needs to build, test and measure (Debian 12). Installs what is
# missing, as root or with sudo; says what to install where it may not. Does nothing where all is there.
set -eu

packages="g++ cmake ninja-build pkg-config git
  libboost1.81-dev libboost-serialization1.81-dev libeigen3-dev
  libsqlite3-dev libsqlitecpp-dev libsodium-dev zlib1g-dev libpq-dev libhowardhinnant-date-dev tzdata libhwy-dev
  libcli11-dev doctest-dev"
# For the gates, quicker builds and measuring; nothing that ships depends on them.
extras="ccache mold clang clang-format sqlite3 postgresql python3 python3-dev python3-venv time"
[ "${1:-}" = --all ] && packages="$packages $extras"

missing=""
for package in $packages; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

echo "installing:$missing"
if [ "$(id -u)" = 0 ]; then
  as_root=""
elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
  as_root="sudo"
else
  echo "please install:$missing" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq </dev/null
$as_root apt-get install -y -qq --no-install-recommends $missing </dev/null >/dev/null
