# shellcheck shell=bash
# Programs that run beside the script: each writes into a log of its own, and none outlives the script.

readonly LOG_FOLDER=artifacts/logs
BACKGROUND=()

# usage: start_background LOG-NAME PROGRAM [ARGUMENT]...
start_background() {
  local log="$LOG_FOLDER/$1.log"
  shift
  mkdir -p "$LOG_FOLDER"
  "$@" </dev/null >"$log" 2>&1 &
  BACKGROUND+=("$!")
}

# usage: wait_for_text LOG-NAME TEXT SECONDS
wait_for_text() {
  local log="$LOG_FOLDER/$1.log" deadline=$((SECONDS + $3))
  until grep -qF -- "$2" "$log" 2>/dev/null; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      cat "$log" >&2 || true
      fail "\"$2\" did not appear in $log within $3 seconds."
    fi
    sleep 0.05
  done
}

# Asks all of them to end, the last one first, and waits until they have.
stop_background() {
  local index
  for ((index = ${#BACKGROUND[@]} - 1; index >= 0; index--)); do
    kill "${BACKGROUND[index]}" 2>/dev/null || true
    wait "${BACKGROUND[index]}" 2>/dev/null || true
  done
  BACKGROUND=()
}
