@echo off
rem Makes the type library and the C/C++ header from VirtualPC.idl, with Microsoft's IDL compiler (midl.exe).
rem usage: interop\build-typelib.cmd FOLDER
rem Leaves FOLDER\VirtualPC.tlb, FOLDER\include\vpccominterfaces.h and FOLDER\include\vpccominterfaces_i.c (the GUIDs).
rem Start it from a Developer Command Prompt of Visual Studio: midl.exe needs the C++ compiler and the Windows SDK.
rem Written from midl's documentation; not yet run on a Windows machine.
setlocal
if "%~1"=="" (
    echo usage: %~nx0 FOLDER 1>&2
    exit /b 1
)

where midl.exe >nul 2>&1 || (
    echo build-typelib: midl.exe is missing. Install Visual Studio's C++ tools with the Windows SDK, and start from its command prompt. 1>&2
    exit /b 1
)

if not exist "%~f1\include" mkdir "%~f1\include" || exit /b 1
rem /proxy and /dlldata go to nul: the interfaces are marshalled from the type library and need no code of their own.
midl.exe /nologo /W1 /env x64 /char signed ^
    /tlb "%~f1\VirtualPC.tlb" ^
    /h "%~f1\include\vpccominterfaces.h" ^
    /iid "%~f1\include\vpccominterfaces_i.c" ^
    /proxy nul /dlldata nul ^
    "%~dp0VirtualPC.idl"
exit /b %errorlevel%
