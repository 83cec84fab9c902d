@echo off
rem Builds, tests, publishes and shows VpcComApi on Windows. Written from the documentation of its tools; not yet run on a Windows machine.
rem Needs the .NET 10 SDK. The type library and the C++ header need midl.exe: start from a Developer Command Prompt of Visual Studio.
setlocal
cd /d "%~dp0"
set DOTNET_CLI_TELEMETRY_OPTOUT=1
set DOTNET_NOLOGO=1
set MSBUILDDISABLENODEREUSE=1

if /i "%~1"=="build" goto build
if /i "%~1"=="publish" goto publish
if /i "%~1"=="test" goto test
if /i "%~1"=="demo" goto demo
echo usage: build.cmd build ^| publish ^| test ^| demo
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

:demo
call :compile && call :publish_programs && call :show_chain
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

rem A program in the guest, a machine, a channel, a program on the host; then the same machine from a script.
:show_chain
set PROGRAMS=artifacts\publish\win-x64
set MONITOR=samples\guest-monitor
set MACHINE=Windows XP Mode
%PROGRAMS%\vpc.exe /RegServer || exit /b 1
start "VpcComApi guest program" /min dotnet %MONITOR%\GuestMonitor.Guest\bin\Release\net10.0\GuestMonitor.Guest.dll 6180 1
%PROGRAMS%\vpcctl.exe start "%MACHINE%" || goto chain_failed
%PROGRAMS%\vpcctl.exe channel "%MACHINE%" --pipe monitor --port 6180 || goto chain_failed
dotnet %MONITOR%\GuestMonitor.Host\bin\Release\net10.0\GuestMonitor.Host.dll monitor 2 || goto chain_failed
cscript //nologo samples\vbscript\client.vbs hello 6180 || goto chain_failed
call :end_chain
exit /b 0

:chain_failed
call :end_chain
exit /b 1

:end_chain
%PROGRAMS%\vpcctl.exe stop "%MACHINE%"
taskkill /fi "windowtitle eq VpcComApi guest program*" /t /f >nul
%PROGRAMS%\vpc.exe /UnregServer
exit /b 0
