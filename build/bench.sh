# shellcheck shell=bash
# The product beside its peers. The product's programs are built and published as people get them, into a folder of the benchmark's own.

readonly BENCH_FOLDER=artifacts/bench
readonly BENCH_PROGRAM=bench/ChannelBench/bin/Release/net10.0/ChannelBench

# usage: bench [--micro] [--no-build] [OPTION]...
# What is not known here goes to the program.
bench() {
  local micro="" build_first=1 options=()
  while [ "$#" -gt 0 ]; do
    case "$1" in
      --micro) micro=1 ;;
      --no-build) build_first="" ;;
      *) options+=("$1") ;;
    esac
    shift
  done

  if [ -n "$micro" ]; then
    bench_micro "${options[@]}"
    return
  fi

  install_peers
  [ -z "$build_first" ] || build_bench
  "$BENCH_PROGRAM" --programs "$BENCH_FOLDER/linux-x64" "${options[@]}"
}

install_peers() {
  have socat && return
  say "Bench: installing socat, which the product is compared with"
  install_packages socat || true
  have socat || fail "socat is missing and could not be installed."
}

build_bench() {
  say "Bench: building and publishing what is measured"
  dotnet restore VpcComApi.sln --locked-mode --verbosity quiet
  dotnet build bench/ChannelBench --no-restore --configuration "$CONFIGURATION" --verbosity quiet -warnaserror
  dotnet msbuild build/Publish.proj -target:PublishLinux -property:Configuration="$CONFIGURATION" \
    -property:PublishRoot="$REPOSITORY/$BENCH_FOLDER/" -verbosity:quiet -nologo
}

# The smallest parts alone, by BenchmarkDotNet. Without options: all of them.
bench_micro() {
  say "Bench: building the microbenchmarks"
  dotnet restore VpcComApi.sln --locked-mode --verbosity quiet
  dotnet build bench/Microbenchmarks --no-restore --configuration "$CONFIGURATION" --verbosity quiet -warnaserror
  [ "$#" -gt 0 ] || set -- --filter '*'
  dotnet bench/Microbenchmarks/bin/Release/net10.0/Microbenchmarks.dll --artifacts "$BENCH_FOLDER/micro" "$@"
}
