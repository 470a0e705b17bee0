#!/bin/sh
# Run the tests in fresh clones of what is committed, one run after another, and stop at the first that fails.
# Of ten runs five share the machine with loops that keep every processor busy, and two have a single processor.
# Usage: tests/steady.sh RUNS [TEST…], from `make test-steady`.
set -eu

runs=$1
shift
repository=$(git rev-parse --show-toplevel)
work=$(mktemp -d)
busy=
stop_busy() {
  # shellcheck disable=SC2086  # one number each
  [ -z "$busy" ] || kill $busy 2> /dev/null || true
  busy=
}
clean() {
  stop_busy
  rm -rf "$work/clone"
  # The log of a run that failed stays.
  [ -n "$failed" ] || rm -rf "$work"
}
failed=
trap clean EXIT
trap 'exit 130' INT TERM

# A clone is somewhere else, and would not find pages that were captured.
captures=${SCHAKEL_CAPTURES:-$repository/../shared/sources}
[ ! -d "$captures" ] || export SCHAKEL_CAPTURES="$captures"
git -C "$repository" diff --quiet HEAD || echo "What is not committed is not tested."

for run in $(seq "$runs"); do
  pin=
  case $(((run - 1) % 10)) in
    0 | 2 | 4 | 6 | 8)
      kind="every processor busy"
      for _ in $(seq "$(getconf _NPROCESSORS_ONLN)"); do
        while :; do :; done &
        busy="$busy $!"
      done
      ;;
    3 | 7)
      kind="a single processor"
      # The first of those that this process may use.
      if command -v taskset > /dev/null; then pin="taskset -c $(taskset -cp $$ | sed 's/.*: *\([0-9]*\).*/\1/')"; else kind="not pinned: taskset is not on this machine"; fi
      ;;
    *) kind="as it is" ;;
  esac
  log=$work/run-$run.log
  begin=$(date +%s)
  git clone --quiet "$repository" "$work/clone"
  if ! $pin make --no-print-directory --directory "$work/clone" test TESTS="$*" > "$log" 2>&1; then
    failed=$run
    grep -E '^(FAILED|ERROR)' "$log" || tail -n 20 "$log"
    echo "Run $run of $runs ($kind) failed; all that it said: $log"
    exit 1
  fi
  stop_busy
  rm -rf "$work/clone"
  echo "Run $run of $runs ($kind): $(tail -n 1 "$log" | tr -d '=') ($(($(date +%s) - begin)) s with installing)"
done
