# shellcheck shell=bash
# Runs every test project and adds up what they report. The last line is for machines: "N passed, N failed, N skipped".
#
# Projects run side by side: most of their time is waiting. The tests that need only what was built run while the programs are published; what is left
# then is shared by several runs, the longest first, and a long project is divided into parts. The tests that measure time ([Category("Timing")]) run
# last, one project after the other with nothing beside them.

readonly RESULTS_FOLDER=artifacts/test-results
# A project that takes longer hangs.
readonly PROJECT_TIME_LIMIT=15m
readonly SLOWEST_SHOWN=20
readonly TIMING_FILTER='TestCategory=Timing'
# The process groups of the runs beside this one.
TESTS_BESIDE=()
# The projects whose tests run, and what is added to the filter of each.
SELECTED=()
TEST_FILTER=""
TIMING_RAN=""

# How many runs share the tests of the published programs. With more of them, tests come near to their limits of time.
readonly RUNS_BESIDE=3

# The projects that take longest, and the parts into which they are divided: PROJECT:PART, where PART is the namespace or class of the tests that belong to it.
# What belongs to no part is a part of its own, PROJECT.
readonly LONGEST_PROJECTS=(EndToEnd.Tests:ComServer VirtualMachines.Qemu.Tests EndToEnd.Tests EndToEnd.Tests:RealClients
  VirtualMachines.Qemu.Tests:QemuMachineConformanceTests vpcctl.Tests)

# The projects that need no published program, guest image or package.
readonly PROJECTS_OF_THE_BUILD="ExampleProvider.Tests VpcBus.Tests VirtualDisks.Tests VirtualMachines.Tests VirtualMachines.Emulated.Tests ComServer.Tests EventLogging.Tests"

# usage: test_command [--quick] [NAME...]
# A NAME that is a test project selects it; any other is a part of the names of the tests that run. Without a NAME all tests run.
test_command() {
  local name quick="" filter=""
  for name in "$@"; do
    if [ "$name" = --quick ]; then
      quick=yes
    elif [ -d "tests/$name" ] || [ -d "tests/$name.Tests" ]; then
      mapfile -t -O "${#SELECTED[@]}" SELECTED < <(parts_of "${name%.Tests}.Tests")
    elif [[ "$name" =~ ^[A-Za-z0-9_.]+$ ]]; then
      filter="${filter:+$filter|}FullyQualifiedName~$name"
    else
      fail "'$name' is neither a project in tests/ nor a part of a test's name. usage: ./build.sh test [--quick] [NAME...]"
    fi
  done
  TEST_FILTER="${filter:+&($filter)}"

  if [ -n "$quick" ]; then
    [ $# -eq 1 ] || fail "--quick stands alone: it runs what needs neither Wine nor QEMU."
    run_quick_tests
  elif [ ${#SELECTED[@]} -eq 0 ]; then
    run_all_tests
  else
    run_selected_tests
  fi
}

run_all_tests() {
  setup
  build
  begin_tests
  mapfile -t SELECTED < <(test_projects)

  # shellcheck disable=SC2086
  test_beside $PROJECTS_OF_THE_BUILD
  prepare_all
  run_side_by_side "$RUNS_BESIDE" "${SELECTED[@]}"

  run_timing_tests_of_selected
  report_results
}

run_selected_tests() {
  setup
  build
  begin_tests
  if selected_need_programs; then
    prepare_all
  fi
  run_side_by_side "$RUNS_BESIDE" "${SELECTED[@]}"
  run_timing_tests_of_selected
  report_results
}

selected_need_programs() {
  local project
  for project in "${SELECTED[@]}"; do
    case " $PROJECTS_OF_THE_BUILD " in
      *" $project "*) ;;
      *) return 0 ;;
    esac
  done
  return 1
}

# What needs no tool beside the .NET SDK, in a few minutes. These tests wait more than they work, so three projects run side by side.
run_quick_tests() {
  build
  begin_tests
  # shellcheck disable=SC2206
  SELECTED=($PROJECTS_OF_THE_BUILD vpcctl.Tests)
  TEST_FILTER="&FullyQualifiedName!~EndToEnd"
  # The longest of them first.
  test_beside VirtualMachines.Emulated.Tests VirtualMachines.Tests ComServer.Tests
  test_beside VpcBus.Tests vpcctl.Tests
  run_test_projects VirtualDisks.Tests EventLogging.Tests ExampleProvider.Tests
  wait_for_tests_beside
  report_results
}

begin_tests() {
  end_leftovers_of_killed_runs
  rm -rf "$RESULTS_FOLDER"
  mkdir -p "$RESULTS_FOLDER"
  trap end_tests_beside EXIT
}

# The programs, the guest image, the packages and the system to install them in that tests use.
prepare_all() {
  begin_clean_debian
  publish
  publish_test_tools
  guest_image_or_none
  packages
  wait_for_clean_debian
}

run_timing_tests_of_selected() {
  local project
  TIMING_RAN=yes
  for project in $(projects_with_timing_tests); do
    run_timing_tests "$project"
  done
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
    leave_out the-guest-image \
      "There is no guest image; the lines above say why. The tests of QEMU machines that boot it are skipped; everything else runs."
  fi
}

# usage: run_side_by_side RUNS PROJECT...
run_side_by_side() {
  local run
  for ((run = 1; run < $1; run++)); do
    test_beside "${@:2}"
  done
  run_test_projects "${@:2}"
  wait_for_tests_beside
}

# Runs those of the projects that no other run has taken, one after the other. Results go to files, because variables of a background process are its own.
run_test_projects() {
  local project
  for project in "$@"; do
    # Only one run can make the folder.
    if mkdir "$RESULTS_FOLDER/$project.taken" 2>/dev/null; then
      run_test_project "$project"
    fi
  done
}

# Does so beside what follows.
test_beside() {
  # A process group of its own, so that it can be ended as a whole.
  set -m
  run_test_projects "$@" </dev/null &
  TESTS_BESIDE+=("$!")
  set +m
}

wait_for_tests_beside() {
  wait "${TESTS_BESIDE[@]}" || true
  TESTS_BESIDE=()
}

# The command has ended before its tests, by a failure or a signal.
end_tests_beside() {
  local run
  for run in "${TESTS_BESIDE[@]}" $CLEAN_DEBIAN_MAKER; do
    kill -TERM -- "-$run" 2>/dev/null || true
  done
}

# All projects, those that take longest first, so that the runs that share them end at about the same time.
test_projects() {
  local folder
  {
    printf '%s\n' "${LONGEST_PROJECTS[@]}"
    for folder in tests/*.Tests; do
      basename "$folder"
    done
  } | awk '!seen[$0]++'
}

# The project itself, and its parts if it has any.
parts_of() {
  test_projects | grep -x -e "$1" -e "$1:.*"
}

# usage: part_filter PROJECT[:PART]
part_filter() {
  local part
  case "$1" in
    *:*) printf '&FullyQualifiedName~.%s.' "${1#*:}" ;;
    *)
      for part in "${LONGEST_PROJECTS[@]}"; do
        case "$part" in
          "$1":*) printf '&FullyQualifiedName!~.%s.' "${part#*:}" ;;
        esac
      done
      ;;
  esac
}

# Of those that were selected.
projects_with_timing_tests() {
  local project
  for project in $(grep -rl --include='*.cs' 'Category("Timing")' tests | cut -d/ -f2 | sort -u); do
    case " ${SELECTED[*]} " in
      *" $project "*) echo "$project" ;;
    esac
  done
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
  run_tests "${1%%:*}" "${1/:/-}" "TestCategory!=Timing$(part_filter "$1")$TEST_FILTER"
}

run_timing_tests() {
  run_tests "$1" "$1-timing" "$TIMING_FILTER$TEST_FILTER"
}

# usage: run_tests PROJECT RESULT FILTER
run_tests() {
  local project="$1" result="$2" log="$RESULTS_FOLDER/$2.log" trx="$RESULTS_FOLDER/$2.trx" started="$SECONDS" outcome=0
  say "Testing $result"
  timeout --kill-after=30s "$PROJECT_TIME_LIMIT" \
    dotnet test "tests/$project" --no-build --configuration "$CONFIGURATION" --filter "$3" \
    --logger "trx;LogFileName=$result.trx" --results-directory "$RESULTS_FOLDER" >"$log" 2>&1 || outcome=$?
  add_result "$result" "$trx" "$outcome" "$((SECONDS - started))"
  [ "$outcome" -eq 0 ] || cat "$log"
}

# Reads <Counters total=".." passed=".." failed=".." error=".." timeout=".." aborted=".." .../>. What is neither passed nor failed was skipped.
counter() {
  local value
  value="$(grep -o '<Counters [^>]*>' "$1" 2>/dev/null | head -n 1 | sed -n "s/.* $2=\"\([0-9]*\)\".*/\1/p")"
  echo "${value:-0}"
}

# Leaves one line in a file of its own: project, passed, failed, skipped, seconds, remark.
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
  elif [ "$total" -eq 0 ] && [ -z "$TEST_FILTER" ]; then
    remark="no test ran"
  fi
  [ -z "$remark" ] || failed=$((failed + 1))
  printf '%s|%d|%d|%d|%d|%s\n' "$project" "$passed" "$failed" "$skipped" "$seconds" "$remark" >"$RESULTS_FOLDER/$project.result"
}

# A run beside this one that ended early left no result for what it had not come to.
add_missing_results() {
  local result
  for result in "${SELECTED[@]/:/-}" $(if [ -n "$TIMING_RAN" ]; then projects_with_timing_tests | sed 's/$/-timing/'; fi); do
    [ -e "$RESULTS_FOLDER/$result.result" ] || printf '%s|0|1|0|0|did not run\n' "$result" >"$RESULTS_FOLDER/$result.result"
  done
}

report_results() {
  add_missing_results
  show_slowest_tests
  local project passed failed skipped seconds remark all_passed=0 all_failed=0 all_skipped=0
  printf '\n%-32s %7s %7s %8s %7s\n' project passed failed skipped time
  while IFS='|' read -r project passed failed skipped seconds remark; do
    printf '%-32s %7d %7d %8d %6ds  %s\n' "$project" "$passed" "$failed" "$skipped" "$seconds" "$remark"
    all_passed=$((all_passed + passed))
    all_failed=$((all_failed + failed))
    all_skipped=$((all_skipped + skipped))
  done < <(cat "$RESULTS_FOLDER"/*.result)
  [ -z "$LEFT_OUT" ] || printf 'Tests were skipped for want of: %s\n' "$LEFT_OUT"
  printf '%d passed, %d failed, %d skipped\n' "$all_passed" "$all_failed" "$all_skipped"
  [ "$all_failed" -eq 0 ] && [ "$all_passed" -gt 0 ]
}

# Reads the results' testName="..." and duration="HH:MM:SS.fraction".
show_slowest_tests() {
  printf '\nThe %d slowest tests, in seconds:\n' "$SLOWEST_SHOWN"
  cat "$RESULTS_FOLDER"/*.trx | grep -o '<UnitTestResult [^>]*' |
    sed -n 's/.* testName="\([^"]*\)".* duration="\([0-9]*\):\([0-9]*\):\([0-9.]*\)".*/\2 \3 \4 \1/p' |
    awk '{ seconds = $1 * 3600 + $2 * 60 + $3; sub(/^[^ ]* [^ ]* [^ ]* /, ""); printf "%7.1f  %s\n", seconds, $0 }' |
    sort --numeric-sort --reverse | head -n "$SLOWEST_SHOWN" || true
}
