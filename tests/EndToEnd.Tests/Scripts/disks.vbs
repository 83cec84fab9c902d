' Makes disks, connects them to a machine, runs it with undo disks, compacts and merges. Every line it writes is compared by a test.

Option Explicit

Const StateTurnedOff = 1

Dim application, machine, files, folder
Set application = CreateObject("VirtualPC.Application")
Set files = CreateObject("Scripting.FileSystemObject")
folder = files.GetSpecialFolder(2) & "\vpc-disks"
Set machine = application.CreateVirtualMachine("Disks", folder)

' Hard disks.
Finish "Create dynamic", application.CreateDynamicVirtualHardDisk(folder & "\base.vhd", 100)
Finish "Create fixed", application.CreateFixedVirtualHardDisk(folder & "\fixed.vhd", 3)
Finish "Create differencing", application.CreateDifferencingVirtualHardDisk(folder & "\child.vhd", folder & "\base.vhd")

Dim base, child
Set base = application.GetHardDisk(folder & "\base.vhd")
Set child = application.GetHardDisk(folder & "\child.vhd")
WScript.Echo "Types: " & base.Type & " " & application.GetHardDisk(folder & "\fixed.vhd").Type & " " & child.Type
WScript.Echo "Size: " & base.SizeInGuest & " " & TypeName(base.SizeInGuest) & ", on the host: " & (base.SizeOnHost < 10000000)
WScript.Echo "Free: " & (base.HostFreeDiskSpace > 0)
WScript.Echo "Base has a parent: " & (Not (base.Parent Is Nothing))
WScript.Echo "Child's parent: " & files.GetFileName(child.Parent.File)
Finish "Compact", base.Compact
Finish "Convert", base.Convert(folder & "\converted.vhd", 1)
Finish "Merge to", child.MergeTo(folder & "\merged.vhd", 0)
Finish "Merge", child.Merge

On Error Resume Next
child.Compact
Report "Compact a differencing disk"
application.CreateDynamicVirtualHardDisk folder & "\base.vhd", 3
Report "Create over a file"
application.CreateDynamicVirtualHardDisk folder & "\x.vhd", 2
Report "Too small"
application.GetHardDisk "relative.vhd"
Report "Relative path"
On Error Goto 0

' Connections.
Dim connection
Set connection = machine.AddHardDiskConnection(folder & "\base.vhd", 0, 0)
connection.SetBusLocation 0, 1
WScript.Echo "Connections: " & machine.HardDiskConnections.Count & " at " & connection.BusNumber & ":" & connection.DeviceNumber
WScript.Echo "Connected disk: " & files.GetFileName(machine.HardDiskConnections(1).HardDisk.File)

' Undo disks.
machine.Undoable = True
machine.UndoAction = 2
machine.Startup.WaitForCompletion 60000
WScript.Echo "Undo disk: " & Left(files.GetFileName(connection.UndoHardDisk.File), 24) & ", type " & connection.UndoHardDisk.Type
On Error Resume Next
base.Compact
Report "Compact a disk in use"
machine.RemoveHardDiskConnection connection
Report "Disconnect while running"
On Error Goto 0
Finish "Turn off", machine.TurnOff
On Error Resume Next
Dim undo
Set undo = connection.UndoHardDisk
Report "Undo disk after the merge"
On Error Goto 0
machine.RemoveHardDiskConnection connection
WScript.Echo "Connections: " & machine.HardDiskConnections.Count

' Floppies and discs.
application.CreateFloppyDiskImage folder & "\floppy.vfd", 2
WScript.Echo "Floppy type: " & application.GetFloppyDiskImageType(folder & "\floppy.vfd")
Dim floppy, dvd
Set floppy = machine.FloppyDrives(1)
floppy.AttachImage folder & "\floppy.vfd"
WScript.Echo "Floppy drive " & floppy.DriveNumber & ": " & floppy.Attachment & " " & files.GetFileName(floppy.ImageFile)
floppy.ReleaseImage
WScript.Echo "Floppy drive: " & floppy.Attachment & " [" & floppy.ImageFile & "]"
Set dvd = machine.DVDROMDrives(1)
WScript.Echo "DVD drive at " & dvd.BusNumber & ":" & dvd.DeviceNumber & ": " & dvd.Attachment
On Error Resume Next
dvd.ReleaseImage
Report "Release nothing"
dvd.AttachImage folder & "\floppy.vfd"
Report "No disc image"
On Error Goto 0

application.DeleteVirtualMachine machine
files.DeleteFolder folder, True

Sub Finish(what, task)
    task.WaitForCompletion 120000
    WScript.Echo what & ": " & task.PercentCompleted & " %, result " & task.Result & task.ErrorDescription
End Sub

Sub Report(what)
    WScript.Echo what & ": 0x" & Hex(Err.Number) & ", text: " & (Len(Err.Description) > 20)
    Err.Clear
End Sub
