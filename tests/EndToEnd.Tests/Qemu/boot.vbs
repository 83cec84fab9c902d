' Makes the first machine one of QEMU and starts it. Arguments: kernel, initial RAM disk. Shows the chassis asset tag and the state.
Const Settings = "integration/vpccomapi/"
Set machine = CreateObject("VirtualPC.Application").FindVirtualMachine("Windows XP Mode")
machine.Memory = 128
machine.RemoveNetworkAdapter machine.NetworkAdapters.Item(1)
machine.SetConfigurationValue Settings & "provider", "qemu"
machine.SetConfigurationValue Settings & "qemu/kernel", WScript.Arguments(0)
machine.SetConfigurationValue Settings & "qemu/initial_ram_disk", WScript.Arguments(1)
machine.SetConfigurationValue Settings & "qemu/kernel_arguments", "console=tty0 quiet panic=-1 no_timer_check vt.global_cursor_default=0"
WScript.Echo machine.ChassisAssetTag
machine.Startup.WaitForCompletion 120000
WScript.Echo "State " & machine.State
