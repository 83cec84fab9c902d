' What a late-bound script sees of absent objects and refused calls.
Option Explicit

Dim application, machine
Set application = CreateObject("VirtualPC.Application")

WScript.Echo "Unknown machine is Nothing: " & (application.FindVirtualMachine("no such machine") Is Nothing)

Set machine = application.FindVirtualMachine("windows xp mode")
WScript.Echo "Found without regard to case: " & machine.Name
WScript.Echo "Default member: " & machine

If machine.State <> 1 Then machine.TurnOff.WaitForCompletion 60000

On Error Resume Next

machine.Pause
Report "Pause while off"

machine.StartCommunicationChannel 0, "\\.\pipe\errors", 1, "6174"
Report "Channel while off"

machine.StartCommunicationChannel 1, "\\.\pipe\errors", 0, "6174"
Report "Endpoints swapped"

machine.StartCommunicationChannel 0, "\\.\pipe\errors", 1, "not a port"
Report "Port is no number"

Set machine = application.VirtualMachines.Item(0)
Report "Index below 1"

application.NoSuchMember
Report "Unknown member"

Sub Report(what)
    WScript.Echo what & ": 0x" & Hex(Err.Number) & ", text: " & (Len(Err.Description) > 0)
    Err.Clear
End Sub
