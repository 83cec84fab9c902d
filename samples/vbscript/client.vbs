' The host's side in VBScript: starts a machine, opens a communication channel to a program in it, and sends that program a line.
' Start: cscript //nologo client.vbs [PIPE [PORT]]

Option Explicit

Const MachineName = "Windows XP Mode"
Const StateRunning = 5              ' vmVMState_Running
Const EndpointNamedPipe = 0         ' vmEndpoint_NamedPipe
Const EndpointTcpIp = 1             ' vmEndpoint_TCPIP
Const ErrorNotReady = &H80070015    ' the guest service is not up yet
Const StartLimitMilliseconds = 120000
Const ReadyLimitSeconds = 60
Const ForWriting = 2

Dim pipeName, port
pipeName = "hello"
port = "6174"
If WScript.Arguments.Count > 0 Then pipeName = WScript.Arguments(0)
If WScript.Arguments.Count > 1 Then port = WScript.Arguments(1)

Dim application, machine
Set application = CreateObject("VirtualPC.Application")
WScript.Echo "Connected to " & application.Name & " " & application.Version

Set machine = application.FindVirtualMachine(MachineName)
If machine Is Nothing Then
    WScript.Echo "There is no machine " & MachineName
    WScript.Quit 1
End If

If machine.State <> StateRunning Then
    machine.Startup.WaitForCompletion StartLimitMilliseconds
End If

OpenChannel machine, "\\.\pipe\" & pipeName, port
WScript.Echo MachineName & " is running and ready for channels"
WScript.Echo "Channel: \\.\pipe\" & pipeName & " to guest port " & port

' To a script a pipe is a file. It can be written or read, not both at once, so the guest's answer is not asked for.
Dim pipe, greeting
greeting = "Hello from VBScript"
Set pipe = CreateObject("Scripting.FileSystemObject").OpenTextFile("\\.\pipe\" & pipeName, ForWriting)
pipe.Write greeting & vbLf
pipe.Close
WScript.Echo "Sent: " & greeting

' A script cannot wait for the ready event, so it asks again until the guest service is up.
Sub OpenChannel(machine, pipePath, port)
    Dim deadline, number, description
    deadline = DateAdd("s", ReadyLimitSeconds, Now)
    Do
        On Error Resume Next
        machine.StartCommunicationChannel EndpointNamedPipe, pipePath, EndpointTcpIp, port
        number = Err.Number
        description = Err.Description
        If number = ErrorNotReady Then WScript.Sleep 100
        On Error GoTo 0
    Loop While number = ErrorNotReady And Now < deadline

    If number <> 0 Then
        WScript.Echo "Opening the channel failed: " & description & " (0x" & Hex(number) & ")"
        WScript.Quit 1
    End If
End Sub
