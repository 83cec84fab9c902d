# shellcheck shell=bash
# Runs every test project and adds up what they report. The last line is for machines: "N passed, N failed, N skipped".

readonly RESULTS_FOLDER=artifacts/test-results
# A project that takes longer hangs.
readonly PROJECT_TIME_LIMIT=12m

PASSED=0
FAILED=0
SKIPPED=0
SUMMARY=""

run_all_tests() {
  setup
  build
  publish
  publish_test_tools
  guest_image_or_none
  packages
  end_leftovers_of_killed_runs

  rm -rf "$RESULTS_FOLDER"
  mkdir -p "$RESULTS_FOLDER"
  local project
  for project in $(test_projects); do
    run_test_project "$project"
  done
  report_results
}

# The image is made of other people's packages, and of what this system can do with them. Where that fails, the tests that need it are skipped, and all
# others still run.
guest_image_or_none() {
  local outcome
  # A function that is part of a condition does not end at its first error; a subshell of its own does.
  set +e
  (
    set -e
    guest_image
  )
  outcome=$?
  set -e
  if [ "$outcome" -ne 0 ] || [ ! -s "$GUEST_IMAGE_FOLDER/initrd" ]; then
    rm -f "$GUEST_IMAGE_FOLDER/kernel" "$GUEST_IMAGE_FOLDER/initrd"
    warn "There is no guest image; the lines above say why. The tests of QEMU machines that boot it are skipped; everything else runs."
    LEFT_OUT="${LEFT_OUT}the-guest-image "
    export VPCCOMAPI_ALLOW_SKIP=1
  fi
}

# The end-to-end tests come last: when a room is broken, its own tests say so more clearly.
test_projects() {
  local folder
  for folder in tests/*.Tests; do
    [ "$folder" = tests/EndToEnd.Tests ] || basename "$folder"
  done
  echo EndToEnd.Tests
}

# A test run that was killed could not delete its Wine prefix; whatever still runs in it goes first.
end_leftovers_of_killed_runs() {
  local prefix
  for prefix in artifacts/wine/run-*; do
    [ -d "$prefix" ] || continue
    WINEPREFIX="$REPOSITORY/$prefix" wineserver --kill 2>/dev/null || true
    rm -rf "$prefix"
  done
}

run_test_project() {
  local project="$1" log="$RESULTS_FOLDER/$1.log" trx="$RESULTS_FOLDER/$1.trx" started="$SECONDS" outcome=0
  say "Testing $project"
  timeout --kill-after=30s "$PROJECT_TIME_LIMIT" \
    dotnet test "tests/$project" --no-build --configuration "$CONFIGURATION" \
    --logger "trx;LogFileName=$project.trx" --results-directory "$RESULTS_FOLDER" >"$log" 2>&1 || outcome=$?
  add_result "$project" "$trx" "$outcome" "$((SECONDS - started))"
  [ "$outcome" -eq 0 ] || cat "$log"
}

# Reads <Counters total=".." passed=".." failed=".." error=".." timeout=".." aborted=".." .../>. What is neither passed nor failed was skipped.
counter() {
  local value
  value="$(grep -o '<Counters [^>]*>' "$1" 2>/dev/null | head -n 1 | sed -n "s/.* $2=\"\([0-9]*\)\".*/\1/p")"
  echo "${value:-0}"
}

add_result() {
  local project="$1" trx="$2" outcome="$3" seconds="$4" remark=""
  local total passed failed skipped
  total="$(counter "$trx" total)"
  passed="$(counter "$trx" passed)"
  failed=$(($(counter "$trx" failed) + $(counter "$trx" error) + $(counter "$trx" timeout) + $(counter "$trx" aborted)))
  skipped=$((total - passed - failed))

  # What went wrong outside a test counts as one failure: a crash, a time-out, a project in which nothing ran.
  if [ "$outcome" -eq 124 ] || [ "$outcome" -eq 137 ]; then
    remark="did not end within $PROJECT_TIME_LIMIT"
  elif [ "$outcome" -ne 0 ] && [ "$failed" -eq 0 ]; then
    remark="test host failed, exit code $outcome"
  elif [ "$total" -eq 0 ]; then
    remark="no test ran"
  fi
  [ -z "$remark" ] || failed=$((failed + 1))

  PASSED=$((PASSED + passed))
  FAILED=$((FAILED + failed))
  SKIPPED=$((SKIPPED + skipped))
  SUMMARY+="$(printf '%-32s %7d %7d %8d %6ds  %s' "$project" "$passed" "$failed" "$skipped" "$seconds" "$remark")"$'\n'
}

report_results() {
  printf '\n%-32s %7s %7s %8s %7s\n%s\n' project passed failed skipped time "$SUMMARY"
  [ -z "$LEFT_OUT" ] || printf 'Tests were skipped for want of: %s\n' "$LEFT_OUT"
  printf '%d passed, %d failed, %d skipped\n' "$PASSED" "$FAILED" "$SKIPPED"
  [ "$FAILED" -eq 0 ] && [ "$PASSED" -gt 0 ]
}
