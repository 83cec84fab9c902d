@echo off
rem Builds, tests, publishes and shows VpcComApi on Windows. Written from the documentation of its tools; not yet run on a Windows machine.
rem Needs the .NET 10 SDK. The type library and the C++ header need midl.exe of Visual Studio, which is looked for; without it they are left out, and so is
rem what needs them.
setlocal
cd /d "%~dp0"
set DOTNET_CLI_TELEMETRY_OPTOUT=1
set DOTNET_NOLOGO=1
set MSBUILDDISABLENODEREUSE=1

if /i "%~1"=="build" goto build
if /i "%~1"=="publish" goto publish
if /i "%~1"=="test" goto test
if /i "%~1"=="demo" goto demo
if /i "%~1"=="verify" goto verify
echo usage: build.cmd build ^| publish ^| test ^| demo ^| verify
exit /b 1

:build
call :compile
exit /b %errorlevel%

:publish
call :compile
if not %errorlevel%==0 exit /b 1
call :publish_programs
exit /b %errorlevel%

:test
call :compile
if not %errorlevel%==0 exit /b 1
call :publish_programs
if not %errorlevel%==0 exit /b 1
call :run_tests
exit /b %errorlevel%

:demo
call :compile
if not %errorlevel%==0 exit /b 1
call :publish_programs
if not %errorlevel%==0 exit /b 1
call :show_chain
exit /b %errorlevel%

:verify
call :compile
if not %errorlevel%==0 exit /b 1
call :publish_programs
if not %errorlevel%==0 exit /b 1
call :verify_machine
exit /b %errorlevel%

:compile
dotnet restore VpcComApi.sln --locked-mode
if not %errorlevel%==0 exit /b 1
dotnet build VpcComApi.sln --no-restore --configuration Release -warnaserror
if not %errorlevel%==0 exit /b 1
exit /b 0

:publish_programs
if exist artifacts\publish rmdir /s /q artifacts\publish
dotnet msbuild build\Publish.proj -target:Publish;PublishTestTools -nologo
if not %errorlevel%==0 exit /b 1
call :find_midl
if not %errorlevel%==0 goto no_midl
call interop\build-typelib.cmd artifacts\publish\win-x64
exit /b %errorlevel%

:no_midl
echo midl.exe is missing: the type library and the C++ header are left out, and vpc.exe serves nobody without its type library. 1>&2
echo Install Visual Studio's C++ tools with the Windows SDK to have them. 1>&2
exit /b 0

:find_midl
where midl.exe >nul 2>&1
if %errorlevel%==0 exit /b 0
set "PATH=%PATH%;%ProgramFiles(x86)%\Microsoft Visual Studio\Installer"
where vswhere.exe >nul 2>&1
if not %errorlevel%==0 exit /b 1
for /f "usebackq delims=" %%I in (`vswhere.exe -latest -products * -property installationPath`) do call "%%I\Common7\Tools\VsDevCmd.bat" -arch=amd64 -no_logo
where midl.exe >nul 2>&1
exit /b %errorlevel%

rem One project after another: the end-to-end tests register the server on this machine, and come last. Tests that need Wine, QEMU, mingw-w64 or anything else
rem that is not here are skipped and say so.
:run_tests
set VPCCOMAPI_ALLOW_SKIP=1
set FAILED=0
for /d %%P in (tests\*.Tests) do if /i not "%%~nxP"=="EndToEnd.Tests" call :run_test_project %%~nxP
call :run_test_project EndToEnd.Tests
exit /b %FAILED%

:run_test_project
echo --- Testing %~1
dotnet test "tests\%~1" --no-build --configuration Release --logger "trx;LogFileName=%~1.trx" --results-directory artifacts\test-results --blame-hang-timeout 12m
if not %errorlevel%==0 set FAILED=1
exit /b 0

rem What could never be tried where this was made: docs\windows.md.
:verify_machine
artifacts\publish\win-x64\vpc.exe /RegServer
if not %errorlevel%==0 exit /b 1
artifacts\publish\win-x64\vpc.exe /Verify artifacts\vpc-verify.txt
set VERIFIED=%errorlevel%
artifacts\publish\win-x64\vpc.exe /UnregServer
type artifacts\vpc-verify.txt
exit /b %VERIFIED%

rem A program in the guest, a machine, a channel, a program on the host; then the same machine from a script.
:show_chain
set PROGRAMS=artifacts\publish\win-x64
set MONITOR=samples\guest-monitor
set MACHINE=Windows XP Mode
%PROGRAMS%\vpc.exe /RegServer
if not %errorlevel%==0 exit /b 1
start "VpcComApi guest program" /min dotnet %MONITOR%\GuestMonitor.Guest\bin\Release\net10.0\GuestMonitor.Guest.dll 6180 1
%PROGRAMS%\vpcctl.exe start "%MACHINE%"
if not %errorlevel%==0 goto chain_failed
%PROGRAMS%\vpcctl.exe channel "%MACHINE%" --pipe monitor --port 6180
if not %errorlevel%==0 goto chain_failed
dotnet %MONITOR%\GuestMonitor.Host\bin\Release\net10.0\GuestMonitor.Host.dll monitor 2
if not %errorlevel%==0 goto chain_failed
cscript //nologo samples\vbscript\client.vbs hello 6180
if not %errorlevel%==0 goto chain_failed
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
