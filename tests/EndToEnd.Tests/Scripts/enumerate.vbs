' Collections from a script: Count, Item, default member, For Each; also after another machine was made and deleted.
Option Explicit

Dim application, machine, folder, names
Set application = CreateObject("VirtualPC.Application")

WScript.Echo "Count: " & application.VirtualMachines.Count
WScript.Echo "First: " & application.VirtualMachines.Item(1).Name
WScript.Echo "First by default member: " & application.VirtualMachines(1).Name
ShowAll

folder = CreateObject("Scripting.FileSystemObject").GetSpecialFolder(2).Path & "\enumerate-machines"
Set machine = application.CreateVirtualMachine("Second", folder)
machine.Notes = "made by a script"
ShowAll
WScript.Echo "Notes: " & application.FindVirtualMachine("Second").Notes
WScript.Echo "State: " & machine.State

application.DeleteVirtualMachine machine
ShowAll

Sub ShowAll()
    names = ""
    For Each machine In application.VirtualMachines
        names = names & "[" & machine.Name & "]"
    Next
    WScript.Echo "Machines: " & names
    Set machine = application.FindVirtualMachine("Second")
End Sub
