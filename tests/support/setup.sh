# Sourced by ./start, tests/run and tests/bench/run: the Debian packages that tidings needs, and their installation.
# A fresh Debian 12 machine with root or sudo is enough.

tidings_build_packages="g++ cmake ninja-build pkg-config ca-certificates
  libboost1.81-dev libcurl4-openssl-dev libc-ares-dev libhiredis-dev libsimdjson-dev libsqlite3-dev libpugixml-dev
  libgumbo-dev libcld2-dev libicu-dev libssl-dev libpsl-dev libxxhash-dev zlib1g-dev libtomlplusplus-dev libfmt-dev libspdlog-dev libcli11-dev"
tidings_run_packages="redis-server"
tidings_test_packages="libgtest-dev libgmock-dev python3 python3-redis python3-jsonschema systemd openssl"
tidings_sanitize_packages="clang libclang-rt-14-dev"
tidings_bench_packages="libbenchmark-dev sfeed newsboat nginx-light time python3-feedparser libfaiss-dev"

# tidings_install PACKAGE ...: installs what is missing; quick where nothing is.
tidings_install() {
  local missing=() package
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" = "install ok installed" ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local sudo=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "these packages are missing, and neither root nor sudo is at hand: ${missing[*]}" >&2; return 1; }
    sudo=(sudo)
  fi
  echo "installing: ${missing[*]}" >&2
  # A service started by a package's own script would take the well-known port: ours are private and run by us.
  local policy=/usr/sbin/policy-rc.d made_policy=
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee "$policy" >/dev/null && "${sudo[@]}" chmod 755 "$policy" && made_policy=yes
  fi
  local log status=0
  log=$(mktemp)
  { "${sudo[@]}" apt-get update -q && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 || status=$?
  [ -z "$made_policy" ] || "${sudo[@]}" rm -f "$policy"
  [ "$status" -eq 0 ] || { tail -n 20 "$log" >&2; echo "apt-get could not install: ${missing[*]}" >&2; }
  rm -f "$log"
  return "$status"
}

# tidings_build PRESET [TARGET ...] [-- CMAKE_OPTION ...]: configures and builds into build/PRESET, with progress on a terminal.
tidings_build() {
  local preset=$1 targets=() log status=0
  shift
  while [ $# -gt 0 ] && [ "$1" != -- ]; do targets+=(--target "$1"); shift; done
  [ "${1-}" = -- ] && shift
  log=$(mktemp)
  if [ -t 2 ]; then
    { cmake --preset "$preset" "$@" >"$log" && cmake --build --preset "$preset" "${targets[@]}" | tee -a "$log" |
      sed -un 's/^\(\[[0-9]*\/[0-9]*\]\) .*/\r\1 building/p' | tr -d '\n' >&2; [ "${PIPESTATUS[0]}" -eq 0 ]; } || status=$?
    printf '\r\033[K' >&2
  else
    { cmake --preset "$preset" "$@" && cmake --build --preset "$preset" "${targets[@]}"; } >"$log" 2>&1 || status=$?
  fi
  [ "$status" -eq 0 ] || { grep -E -A12 'error|Error|FAILED' "$log" | head -n 80 >&2; echo "the build failed; its whole output: $log" >&2; return "$status"; }
  rm -f "$log"
}
