using VpcComApi.CommandLine;
using VpcComApi.CommandLine.Commands;
using VpcComApi.CommandLine.Machines;
using VpcComApi.CommandLine.Output;
using VpcComApi.GuestServices.Commands;

namespace VpcComApi.ManualPages;

/// <summary>Which manual pages there are, and which parts of the pages in docs are in them.</summary>
internal static class Manual
{
    private const string UserCommands = "User Commands";
    private const string Administration = "System Administration";

    /// <summary>All manual pages.</summary>
    /// <param name="repository">The repository's folder, for the pages in docs.</param>
    /// <param name="suffix">What follows the section of the page of vmsrvc, which two packages have; may be empty.</param>
    public static IReadOnlyList<ManualPage> PagesOf(string repository, string suffix)
    {
        DocumentationPage vpcctl = DocumentationPage.Read(Path.Combine(repository, "docs", "vpcctl.md"));
        DocumentationPage vmsrvc = DocumentationPage.Read(Path.Combine(repository, "docs", "vmsrvc.md"));
        string vmsrvcSection = "8" + suffix;
        return
        [
            new ManualPage(VpcctlCommandLine(), "vpcctl", "1", UserCommands)
            {
                Description = [vpcctl.FirstParagraph("Commands"), vpcctl.FirstParagraph("Who hosts the machines")],
                Sections =
                [
                    new ManualSection("EXAMPLES") { Example = vpcctl.FirstCodeBlock("A session") },
                    new ManualSection("EXIT STATUS") { Entries = vpcctl.Table("For scripts", "exit code") },
                    new ManualSection("ENVIRONMENT") { Entries = vpcctl.Table("Environment", "variable") },
                    new ManualSection("FILES") { Entries = vpcctl.Table("Files", "file") },
                ],
                SeeAlso = [("vmsrvc", vmsrvcSection)],
            },
            new ManualPage(VmsrvcCommand.Create(), "vmsrvc", vmsrvcSection, Administration)
            {
                Description = [vmsrvc.FirstParagraph("vmsrvc, the guest service")],
                Sections =
                [
                    new ManualSection("BUS ADDRESSES") { Entries = vmsrvc.Table("Where the bus is", "address") },
                    new ManualSection("EXAMPLES") { Example = vmsrvc.FirstCodeBlock("Integration devices") },
                    new ManualSection("EXIT STATUS") { Entries = vmsrvc.Table("Exit codes", "code") },
                    new ManualSection("ENVIRONMENT") { Entries = vmsrvc.Table("Where the bus is", "setting") },
                    new ManualSection("FILES") { Entries = vmsrvc.Table("Files", "file") },
                ],
                SeeAlso = [("vpcctl", "1"), ("systemctl", "1")],
            },
        ];
    }

    /// <summary>The command line of vpcctl, which is looked at and never run: it has no machines.</summary>
    private static VpcctlCommand VpcctlCommandLine()
    {
        DeferredMachinesSource none = new(new Lazy<IMachinesSource>(
            static () => throw new InvalidOperationException("A manual page needs no machines.")));
        return new VpcctlCommand(new CommandServices(none, Terminal.Create(), new Interruption(), LogFolder: string.Empty));
    }
}
