@echo off
rem Builds, tests and publishes VpcComApi on Windows. Written from the documentation of its tools; not yet run on a Windows machine.
rem Needs the .NET 10 SDK. The type library and the C++ header need midl.exe: start from a Developer Command Prompt of Visual Studio.
setlocal
cd /d "%~dp0"
set DOTNET_CLI_TELEMETRY_OPTOUT=1
set DOTNET_NOLOGO=1
set MSBUILDDISABLENODEREUSE=1

if /i "%~1"=="build" goto build
if /i "%~1"=="publish" goto publish
if /i "%~1"=="test" goto test
echo usage: build.cmd build ^| publish ^| test
exit /b 1

:build
call :compile
exit /b %errorlevel%

:publish
call :compile && call :publish_programs
exit /b %errorlevel%

:test
call :compile && call :publish_programs && call :run_tests
exit /b %errorlevel%

:compile
dotnet restore VpcComApi.sln --locked-mode || exit /b 1
dotnet build VpcComApi.sln --no-restore --configuration Release -warnaserror || exit /b 1
exit /b 0

:publish_programs
if exist artifacts\publish rmdir /s /q artifacts\publish
dotnet msbuild build\Publish.proj -target:Publish;PublishTestTools -nologo || exit /b 1
call interop\build-typelib.cmd artifacts\publish\win-x64 || exit /b 1
exit /b 0

:run_tests
dotnet test VpcComApi.sln --no-build --configuration Release --logger trx --results-directory artifacts\test-results
exit /b %errorlevel%
