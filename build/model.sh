# shellcheck shell=bash
# Makes the model checker search for lost wake-ups in the signals of the rings, and then for deliberate mistakes that it must find.

readonly MODEL=docs/model/ring-signals.pml
readonly MODEL_FOLDER=artifacts/model
# The deliberate mistakes that the model can contain.
readonly MODEL_MISTAKES="NO_BARRIER_AFTER_TAIL NO_BARRIER_AFTER_HEAD NO_BARRIER_BEFORE_SECOND_CHECK NO_SECOND_CHECK NO_CHECK_BEFORE_SLEEP SUMMARY_FIRST"
readonly MODEL_DEPTH=1000000

model() {
  require_spin
  mkdir -p "$MODEL_FOLDER"
  say "Checking $MODEL"
  check_model "" || {
    cat "$MODEL_FOLDER/result"
    fail "The model has an error. Its trail is in $MODEL_FOLDER; spin -t shows it."
  }
  grep -E 'states, stored|elapsed time' "$MODEL_FOLDER/result"

  local mistake
  for mistake in $MODEL_MISTAKES; do
    if check_model "$mistake"; then
      fail "The mistake $mistake was not found."
    fi
    echo "found: $mistake"
  done
}

# usage: check_model MISTAKE; succeeds when all states were seen and none is wrong
check_model() (
  cd "$MODEL_FOLDER"
  spin ${1:+"-D$1"} -a "$REPOSITORY/$MODEL"
  gcc -O2 -DSAFETY -DCOLLAPSE -o pan pan.c
  ./pan -n "-m$MODEL_DEPTH" >result
  grep -q 'errors: 0$' result && ! grep -q -e 'search not completed' -e 'max search depth too small' result
)

require_spin() {
  local lacking=""
  have spin || lacking="spin"
  have gcc || lacking="$lacking gcc"
  [ -n "$lacking" ] || return 0
  say "Model: installing $lacking"
  install_packages "$lacking" || true
  have spin && have gcc || fail "spin or gcc is missing and could not be installed."
}
