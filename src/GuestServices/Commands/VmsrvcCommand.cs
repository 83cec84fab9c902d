using System.CommandLine;

namespace VpcComApi.GuestServices.Commands;

/// <summary>The command line of vmsrvc.</summary>
internal static class VmsrvcCommand
{
    /// <summary>Makes the command with its subcommands.</summary>
    public static RootCommand Create() =>
        new("Virtual PC Integration Components Service: the guest's side of the bus between a virtual machine and its host.")
        {
            RunCommand.Create(),
            DevicesCommand.Create(),
            AnnounceRemovalCommand.Create(),
        };
}
