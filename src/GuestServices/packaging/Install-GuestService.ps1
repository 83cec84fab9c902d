<#
.SYNOPSIS
Installs the guest service in a Windows guest, or takes it away.

.DESCRIPTION
Makes the service "1-vmsrvc" from the vmsrvc.exe beside this script or in -Folder. Run it as an administrator.
This script has not been run on Windows yet.

.PARAMETER Bus
Where the bus is, for example device:org.vpccomapi.bus. See docs/vmsrvc.md.

.PARAMETER Folder
The folder of vmsrvc.exe.

.PARAMETER Uninstall
Stops the service and removes it.

.EXAMPLE
.\Install-GuestService.ps1 -Bus device:org.vpccomapi.bus
#>
[CmdletBinding(DefaultParameterSetName = 'Install')]
param(
    [Parameter(Mandatory, ParameterSetName = 'Install')] [string] $Bus,
    [Parameter(ParameterSetName = 'Install')] [string] $Folder = $PSScriptRoot,
    [Parameter(Mandatory, ParameterSetName = 'Uninstall')] [switch] $Uninstall
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$name = '1-vmsrvc'

function Invoke-ServiceControl {
    & "$env:SystemRoot\System32\sc.exe" @args | Out-Null
    if ($LASTEXITCODE -ne 0) { throw "sc.exe $args ended with $LASTEXITCODE." }
}

if ($service = Get-CimInstance Win32_Service -Filter "Name='$name'") {
    if ($Uninstall -and $service.PathName -match '^"(?<program>[^"]+)"' -and (Test-Path $Matches.program)) {
        # While the service runs yet; a removal never fails, nor waits long, for want of a host that listens.
        $announcement = Start-Process $Matches.program announce-removal -WindowStyle Hidden -PassThru
        if (-not $announcement.WaitForExit(10000)) { $announcement.Kill() }
    }
    Stop-Service -Name $name -Force
    Invoke-ServiceControl delete $name
}

if ($Uninstall) {
    Write-Output "The service $name is gone."
    return
}

$program = Join-Path (Resolve-Path $Folder) 'vmsrvc.exe'
if (-not (Test-Path $program)) { throw "There is no vmsrvc.exe in $Folder." }

New-Service -Name $name -DisplayName 'Virtual PC Integration Components Service' -StartupType Automatic `
    -Description 'Connects this virtual machine with its host.' -BinaryPathName ('"{0}" run --bus "{1}"' -f $program, $Bus) | Out-Null
Invoke-ServiceControl failure $name reset= 86400 actions= restart/1000/restart/5000/restart/60000
Start-Service -Name $name
Write-Output "The service $name runs."
