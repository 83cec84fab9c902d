# Drives a machine through its states and walks the object graph in each. The walk itself is generated from the contract and stands above.

function Write-Value($path, $varies, $value) {
    if ($varies) { $text = '(varies)' }
    elseif ($value -is [byte[]]) { $text = "bytes $($value.Length)" }
    elseif ($value -is [array]) { $text = (@("array $($value.Length)") + [Linq.Enumerable]::Take([object[]]$value, 8)) -join '|' }
    else { $text = [Convert]::ToString($value, [Globalization.CultureInfo]::InvariantCulture) }
    [Console]::WriteLine("$path = $text")
}

function Write-Failure($path, $record) {
    $cause = $record.Exception
    while ($cause.InnerException) { $cause = $cause.InnerException }
    [Console]::WriteLine(('{0} ! {1:X}' -f $path, $cause.HResult))
}

function Enter-State($state) {
    [Console]::WriteLine("== $state")
    Walk_IVMVirtualPC $application 'application'
}

$application = New-Object -ComObject VirtualPC.Application
$machine = $application.FindVirtualMachine('Windows XP Mode')
$machine.Startup().WaitForCompletion(60000)
for ($try = 1; $try -le 600; $try++) {
    if ($machine.GuestOS.OSName) { break }
    [Threading.Thread]::Sleep(50)
}
Enter-State 'running'
$machine.Pause()
Enter-State 'paused'
$machine.Resume()
$machine.Save().WaitForCompletion(60000)
Enter-State 'saved'
$machine.DiscardSavedState()
Enter-State 'off'
[Console]::WriteLine('== done')
