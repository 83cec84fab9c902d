using System.Reflection;
using VpcComApi.CommandLine;
using VpcComApi.CommandLine.Com;
using VpcComApi.CommandLine.Commands;
using VpcComApi.CommandLine.Hosting;
using VpcComApi.CommandLine.Machines;
using VpcComApi.CommandLine.Output;
using VpcComApi.Hosting;
using VpcComApi.Platform.Folders;

using Interruption interruption = Interruption.Listen();
if (!OperatingSystem.IsWindows())
{
    PrivateFiles.KeepFromOthers();
}

string version = typeof(VpcctlCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
string dataFolder = UserFolders.Data;

// Made when a command needs it: help and the log must work where no host can.
Lazy<IMachinesSource> source = new(() => OperatingSystem.IsWindows()
    ? new ComMachinesSource()
    : new LocalMachinesSource(
        HostEndpoint.Of(dataFolder), version, () => DomainHost.Open(dataFolder, version), HostProcess.StartAsync));

return await CommandLineProgram.RunAsync(
    args, new CommandServices(new DeferredMachinesSource(source), Terminal.Create(), interruption, UserFolders.Logs)
    {
        OpenDisks = () => Composition.OpenForDisks(dataFolder),
    });
