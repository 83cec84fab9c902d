using System.Text.RegularExpressions;
using VpcComApi.TestSupport;

namespace VpcComApi.VirtualMachines.Tests.Architecture;

/// <summary>
/// What this product needs of the systems that it runs on is in one project, and what differs under Wine is written down.
/// </summary>
internal sealed partial class PlatformTests
{
    private const string Platform = "Platform/";

    /// <summary>Declarations outside Platform: the calls of COM, which Platform does not know.</summary>
    private static readonly Dictionary<string, string> Exceptions = new()
    {
        ["ComServer/Activation/ComRuntime.cs"] = "serving COM objects",
        ["ComServer/Activation/ClientProcesses.cs"] = "which process makes the COM call that is being answered",
        ["ComServer/Automation/TypeLibrary.cs"] = "loading the type library",
        ["ComServer/Automation/TypeLibraryDispatcher.cs"] = "late-bound calls by the type library",
        ["vpcctl/Com/ComApplication.cs"] = "being a client of the COM server",
        ["vpcctl/Com/ComErrorText.cs"] = "the text of a COM error",
    };

    private static string Sources => Path.Combine(RepositoryPaths.Root, "src");

    [Test]
    public void Calls_of_system_libraries_are_declared_in_Platform_and_those_of_COM_where_COM_is_used()
    {
        IEnumerable<string> outside = NativeCalls.Find(Sources)
            .Select(declared => declared.File)
            .Where(file => !file.StartsWith(Platform, StringComparison.Ordinal))
            .Distinct();

        Assert.That(outside, Is.EquivalentTo(Exceptions.Keys));
    }

    [Test]
    public void A_call_is_declared_by_one_class()
    {
        IEnumerable<string> twice =
            from declared in NativeCalls.Find(Sources)
            where !Exceptions.ContainsKey(declared.File)
            group Path.GetFileName(declared.File).Split('.')[0] by declared.Call into call
            where call.Distinct().Count() > 1
            select call.Key;

        Assert.That(twice, Is.Empty);
    }

    [Test]
    public void A_declaration_is_found_with_its_library_and_entry_point()
    {
        using TestDirectory sources = new();
        Directory.CreateDirectory(sources.PathOf("Project"));
        sources.WriteText("Project/Calls.cs", """
            [SupportedOSPlatform("linux")]
            [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
            private static partial int Open(string path, int flags);

            [LibraryImport("kernel32", SetLastError = true)]
            [return: MarshalAs(UnmanagedType.Bool)]
            private static partial bool FindClose(nint search);

            [DllImport("libc")]
            private static extern uint geteuid();
            """);

        Assert.That(NativeCalls.Find(sources.FullPath), Is.EqualTo(
            [("Project/Calls.cs", "libc!open"), ("Project/Calls.cs", "kernel32!FindClose"), ("Project/Calls.cs", "libc!geteuid")]));
    }

    [Test]
    public void Every_file_that_asks_whether_Wine_is_there_is_in_the_table_of_the_architecture_page()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "ARCHITECTURE.md"));
        IEnumerable<string> asking = Directory.EnumerateFiles(Sources, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Sources, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.StartsWith(Platform, StringComparison.Ordinal))
            .Where(file => AsksForWine.IsMatch(File.ReadAllText(Path.Combine(Sources, file))));

        Assert.That(asking, Is.Not.Empty);
        Assert.That(asking.Where(file => !page.Contains($"`src/{file}`", StringComparison.Ordinal)), Is.Empty);
    }

    [GeneratedRegex(@"\bWineHost\.", RegexOptions.CultureInvariant)]
    private static partial Regex AsksForWine { get; }
}
