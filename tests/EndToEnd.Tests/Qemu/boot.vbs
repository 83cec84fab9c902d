' Makes the first machine one of QEMU and starts it. Arguments: kernel, initial RAM disk, the file that gets what the guest sends over COM2, and the hard
' disks: bus, position, image, and so on. Shows the disks' sizes, and the chassis asset tag and the state.
Const Settings = "integration/vpccomapi/"
Set machine = CreateObject("VirtualPC.Application").FindVirtualMachine("Windows XP Mode")
machine.Memory = 128
machine.RemoveNetworkAdapter machine.NetworkAdapters.Item(1)
machine.SetConfigurationValue Settings & "provider", "qemu"
machine.SetConfigurationValue Settings & "qemu/kernel", WScript.Arguments(0)
machine.SetConfigurationValue Settings & "qemu/initial_ram_disk", WScript.Arguments(1)
machine.SetConfigurationValue Settings & "qemu/kernel_arguments", "console=tty0 quiet panic=-1 no_timer_check vt.global_cursor_default=0"
machine.SerialPorts(2).Configure 1, WScript.Arguments(2), True
For i = 3 To WScript.Arguments.Count - 1 Step 3
    machine.AddHardDiskConnection WScript.Arguments(i + 2), CLng(WScript.Arguments(i)), CLng(WScript.Arguments(i + 1))
    WScript.Echo CreateObject("VirtualPC.Application").GetHardDisk(WScript.Arguments(i + 2)).SizeInGuest
Next
WScript.Echo machine.ChassisAssetTag
machine.Startup.WaitForCompletion 120000
WScript.Echo "State " & machine.State
