' Gives the machine something of everything, so that the walk meets every interface. What this server does not have yet is left out.
Option Explicit
On Error Resume Next

Dim application, machine, folder, image
Set application = CreateObject("VirtualPC.Application")
Set machine = application.FindVirtualMachine("Windows XP Mode")
folder = CreateObject("Scripting.FileSystemObject").GetSpecialFolder(2).Path
application.SetConfigurationValue "idle_timeout", 30
application.SearchPaths = Array(folder)
machine.Notes = "walked"
machine.AddNetworkAdapter
image = folder & "\walk.vhd"
application.CreateDynamicVirtualHardDisk(image, 16).WaitForCompletion 60000
machine.AddHardDiskConnection image, 0, 0
machine.AddDVDROMDrive 0, 1, 1
application.CreateFloppyDiskImage folder & "\walk.vfd", 2
machine.FloppyDrives(1).AttachImage folder & "\walk.vfd"
WScript.Echo "set up"
