using System.CommandLine;
using VpcComApi.CommandLine.Disks;
using VpcComApi.CommandLine.Output;
using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine.Commands.Disks;

/// <summary>Shows what images are. It only reads, and needs no machine.</summary>
internal sealed class DiskInfoCommand : Command
{
    private readonly CommandServices services;
    private readonly Argument<string[]> files = new("FILE")
    {
        HelpName = "FILE",
        Description = "A disk image.",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<bool> json = CommonSymbols.Json();

    /// <param name="services">What it works with.</param>
    public DiskInfoCommand(CommandServices services)
        : base("info", "Show what a disk image is: kind, sizes, geometry, origin, parents, and what is wrong with it.")
    {
        this.services = services;
        Add(files);
        Add(json);
        SetAction(Run);
    }

    private int Run(ParseResult line)
    {
        List<DiskSummary> disks = [];
        ExitCode exitCode = ExitCode.Done;
        foreach (string file in line.GetRequiredValue(files))
        {
            try
            {
                disks.Add(DiskSummary.Read(Path.GetFullPath(file)));
            }
            catch (VirtualMachineException e)
            {
                // The others can be shown all the same.
                services.Terminal.Fail(CommandRemedies.TextOf(e));
                exitCode = ExitCode.Failed;
            }
        }

        if (line.GetValue(json))
        {
            services.Terminal.WriteJson([.. disks], JsonOutput.Context.DiskSummaryArray);
        }
        else
        {
            DiskTables.Write(services.Terminal, disks);
        }

        return (int)exitCode;
    }
}
