using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using VpcComApi.TestSupport;

namespace VpcComApi.CommandLine.Tests.EndToEnd;

/// <summary>
/// The published programs in a folder of a test's own, where the guest service can be replaced. The files are the published ones, by hard
/// link.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed partial class ProgramFolder : IDisposable
{
    /// <summary>The guest service's program.</summary>
    public const string GuestService = "vmsrvc";

    /// <summary>The path to which the replaced guest service is moved.</summary>
    public const string HonestGuestService = "honest-vmsrvc";

    private readonly TestDirectory folder = new();

    public ProgramFolder()
    {
        foreach (string file in Directory.EnumerateFiles(PublishedProducts.LinuxFolder))
        {
            Link(file, folder.PathOf(Path.GetFileName(file)));
        }
    }

    /// <summary>The command line program.</summary>
    public string CommandLine => folder.PathOf("vpcctl");

    /// <summary>Replaces the guest service by a script atomically, as an installer does.</summary>
    /// <param name="script">The script.</param>
    public void ReplaceGuestService(string script)
    {
        string unfinished = folder.WriteText(GuestService + ".new", script);
        File.SetUnixFileMode(unfinished, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (!File.Exists(folder.PathOf(HonestGuestService)))
        {
            Link(folder.PathOf(GuestService), folder.PathOf(HonestGuestService));
        }

        File.Move(unfinished, folder.PathOf(GuestService), overwrite: true);
    }

    public void Dispose() => folder.Dispose();

    [SuppressMessage("Performance", "CA1806", Justification = "A link across file systems cannot be made; then it is copied.")]
    private static void Link(string file, string link)
    {
        if (MakeLink(file, link) != 0)
        {
            File.Copy(file, link);
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeLink(string existing, string made);
}
