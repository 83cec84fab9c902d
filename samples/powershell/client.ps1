# The host's side in PowerShell: starts a machine, opens a communication channel to a program in it, and talks to that program.
# Start: pwsh client.ps1 [PIPE [PORT]]
param([string] $PipeName = 'hello', [string] $Port = '6174')

$ErrorActionPreference = 'Stop'

$machineName = 'Windows XP Mode'
$stateRunning = 5               # vmVMState_Running
$endpointNamedPipe = 0          # vmEndpoint_NamedPipe
$endpointTcpIp = 1              # vmEndpoint_TCPIP
$startLimitMilliseconds = 120000
$readyLimit = [TimeSpan]::FromSeconds(60)
$connectLimitMilliseconds = 10000

$application = New-Object -ComObject VirtualPC.Application
"Connected to $($application.Name) $($application.Version)"

$machine = $application.FindVirtualMachine($machineName)
if ($null -eq $machine) { throw "There is no machine $machineName" }
if ($machine.State -ne $stateRunning) { $machine.Startup().WaitForCompletion($startLimitMilliseconds) }

# The host process sets this event when the guest service is up. The first of client and host process creates it.
$eventName = "Local\$($machine.ChassisAssetTag)_ChannelReady"
$ready = [Threading.EventWaitHandle]::new($false, [Threading.EventResetMode]::ManualReset, $eventName)
if (-not $ready.WaitOne($readyLimit)) { throw 'The guest service did not come up in time' }
$ready.Dispose()
"$machineName is running and ready for channels"

$machine.StartCommunicationChannel($endpointNamedPipe, "\\.\pipe\$PipeName", $endpointTcpIp, $Port)
"Channel: \\.\pipe\$PipeName to guest port $Port"

$pipe = [IO.Pipes.NamedPipeClientStream]::new('.', $PipeName, [IO.Pipes.PipeDirection]::InOut)
try {
    $pipe.Connect($connectLimitMilliseconds)
    $writer = [IO.StreamWriter]::new($pipe)
    $reader = [IO.StreamReader]::new($pipe)

    $greeting = 'Hello from PowerShell'
    $writer.Write("$greeting`n")
    $writer.Flush()
    "Sent: $greeting"
    "Received: $($reader.ReadLine())"
}
finally {
    $pipe.Dispose()
}
