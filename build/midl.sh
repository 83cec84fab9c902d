# shellcheck shell=bash
# Compiles the IDL with Microsoft's MIDL under Wine, and compares the type library with the one that widl makes.

readonly MIDL_FOLDER=artifacts/midl
readonly MIDL_PACKAGE="$MIDL_FOLDER/packages/microsoft.windows.sdk.buildtools/10.0.26100.4654"
readonly MIDL_TIME_LIMIT=5m
# Nothing was compared: something that it takes is not here.
readonly MIDL_NOT_CHECKED=3

# The standard IDL files that the contract's IDL imports, as Wine has them.
readonly STANDARD_IDL=/usr/include/wine/wine/windows

check_midl() {
  [ "$*" = --accept-license ] || not_checked "MIDL comes with the Windows SDK's build tools, a NuGet package under the licence terms of the Windows SDK
    (https://aka.ms/WinSDKLicenseURL): for programs that run on a Microsoft operating system, as vpc.exe does.
    If you accept them: ./build.sh check-midl --accept-license"
  check_midl_tools
  say "Fetching Microsoft's IDL compiler into $MIDL_FOLDER"
  dotnet restore build/MidlPackages.csproj --verbosity quiet || not_checked "The package of Microsoft's IDL compiler could not be restored."
  preprocess_idl
  compile_with_midl
  compare_type_libraries
}

not_checked() {
  warn "Not checked: $*"
  exit "$MIDL_NOT_CHECKED"
}

check_midl_tools() {
  { have wine && have wineserver; } || not_checked "Wine is missing. Run ./build.sh setup."
  have x86_64-w64-mingw32-cpp || not_checked "mingw-w64's preprocessor is missing. Run ./build.sh setup."
  { have widl || have x86_64-w64-mingw32-widl; } || not_checked "widl is missing. Run ./build.sh setup."
  [ -d "$STANDARD_IDL" ] || not_checked "Wine's IDL files are missing. Run ./build.sh setup."
}

# MIDL calls the C++ compiler of Visual Studio to preprocess each file. Without one, the files are preprocessed before, and MIDL is told so (/no_cpp).
preprocess_idl() {
  local source="$MIDL_FOLDER/idl" waiting="oaidl.idl ocidl.idl" file path
  rm -rf "$source"
  mkdir -p "$source"
  preprocess interop/VirtualPC.idl "$source/VirtualPC.idl"
  while [ -n "$waiting" ]; do
    file="${waiting%% *}"
    waiting="${waiting#"$file"}"
    waiting="${waiting# }"
    [ ! -f "$source/$file" ] || continue
    path="$STANDARD_IDL/$file"
    [ -f "$path" ] || fail "Wine has no $file."
    preprocess "$path" "$source/$file"
    waiting="$waiting$(imports_of "$source/$file")"
  done
}

# MIDL reads what its own preprocessor defines: 64-bit Windows, and that it is MIDL which reads.
preprocess() {
  x86_64-w64-mingw32-cpp -P -undef -x c -nostdinc -w -D_WIN32 -D_WIN64 -D_M_AMD64=100 -D_AMD64_ -D__midl=801 -I "$STANDARD_IDL" "$1" -o "$2"
}

imports_of() {
  grep -ohE '^[[:space:]]*import[[:space:]]+[^;]*;' "$1" | grep -oE '"[^"]+"' | tr -d '"' | sed 's/^/ /' | tr -d '\n' || true
}

compile_with_midl() {
  local compiler="$REPOSITORY/$MIDL_PACKAGE/bin/10.0.26100.0/x64/midl.exe"
  say "Compiling VirtualPC.idl with MIDL under Wine"
  mkdir -p "$SAMPLE_PREFIX"
  rm -f "$MIDL_FOLDER"/idl/VirtualPC.tlb
  (cd "$MIDL_FOLDER/idl" && wine_environment timeout "$MIDL_TIME_LIMIT" wine "$compiler" /nologo /W1 /env x64 /char signed /no_cpp \
    /tlb VirtualPC.tlb /h vpccominterfaces.h /iid vpccominterfaces_i.c /proxy nul /dlldata nul VirtualPC.idl) >"$MIDL_FOLDER/midl.log" 2>&1 ||
    { cat "$MIDL_FOLDER/midl.log" >&2 && stop_wine && fail "MIDL does not compile interop/VirtualPC.idl."; }
}

compare_type_libraries() {
  local reader=artifacts/test-tools/TypeLibraryReader/TypeLibraryReader.exe outcome=0
  [ -f "$reader" ] || publish_test_tools
  interop/build-typelib.sh "$MIDL_FOLDER/widl"
  say "Comparing what the type libraries of MIDL and widl say"
  run_wine "$reader" "$(windows_path "$MIDL_FOLDER/idl/VirtualPC.tlb")" "$(windows_path "$MIDL_FOLDER/widl/VirtualPC.tlb")" </dev/null || outcome=$?
  stop_wine
  [ "$outcome" -eq 0 ] || fail "The type libraries of MIDL and widl say different things."
}
