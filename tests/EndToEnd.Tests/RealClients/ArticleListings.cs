using System.Globalization;
using System.Text.RegularExpressions;
using VpcComApi.EndToEnd.Tests.Cpp;
using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.RealClients;

/// <summary>
/// The program listings of Microsoft's article on the channel, read from the article's text. The article may not be copied into this
/// repository; set VPCCOMAPI_ARTICLE to the path of a copy.
/// </summary>
internal sealed partial class ArticleListings
{
    /// <summary>The environment variable that names the article's file.</summary>
    public const string FileVariable = "VPCCOMAPI_ARTICLE";

    /// <summary>The article leaves these to its reader: includes, two macros, two forward declarations.</summary>
    private const string ClientPrelude = """
        #include <windows.h>
        #include <stdio.h>
        #include <strsafe.h>
        #include <vpccominterfaces.h>
        #define SAFE_RELEASE(object) do { if (object) { (object)->Release(); (object) = NULL; } } while (0)
        #define SAFE_FREE(text) do { SysFreeString(text); (text) = NULL; } while (0)
        HRESULT InitVPCComInterfaces(IVMVirtualPC** application);
        HRESULT WaitForChannelReady(IVMVirtualMachine* machine);
        """;

    /// <summary>
    /// In Microsoft's library %s of wprintf is for wide text, on which the article relies; in mingw's own it is not.
    /// </summary>
    private const string MicrosoftFormats = """
        #include <winsock2.h>
        #include <windows.h>
        #include <stdio.h>
        static int (*const MicrosoftWprintf)(const wchar_t*, ...) =
            (int (*)(const wchar_t*, ...))GetProcAddress(GetModuleHandleA("msvcrt.dll"), "wprintf");
        #define wprintf MicrosoftWprintf

        """;

    private ArticleListings(string client, string server) => (Client, Server) = (client, server);

    /// <summary>The host's program, its wait routine included.</summary>
    public string Client { get; }

    /// <summary>The guest's program.</summary>
    public string Server { get; }

    /// <summary>Reads the article.</summary>
    public static ArticleListings Read()
    {
        string path = Environment.GetEnvironmentVariable(FileVariable)
            ?? throw new InvalidOperationException($"Name the article's file in {FileVariable}.");
        List<List<string>> listings = [];
        foreach (Match line in File.ReadLines(path).Select(text => NumberedLine().Match(text)).Where(match => match.Success))
        {
            int number = int.Parse(line.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
            if (number == 1)
            {
                listings.Add([]);
            }

            // Anything else that looks like a number and a colon is prose.
            if (listings.Count > 0 && number == listings[^1].Count + 1)
            {
                listings[^1].Add(line.Groups["code"].Value);
            }
        }

        Assert.That(listings, Has.Count.EqualTo(3), "the article's listings: client, wait routine, server");
        return new ArticleListings(
            string.Join('\n', [ClientPrelude, .. listings[0], .. listings[1], string.Empty]),
            string.Join('\n', [.. listings[2], string.Empty]));
    }

    /// <summary>Compiles the host's program unchanged.</summary>
    /// <param name="architecture">For which Windows.</param>
    /// <param name="folder">Where it goes.</param>
    /// <returns>The program's path.</returns>
    public Task<string> CompileClientAsync(CppArchitecture architecture, TestDirectory folder) => CppCompiler.CompileAsync(
        architecture,
        folder.WriteText("client.cpp", Client),
        folder,
        "-include",
        folder.WriteText("formats.h", MicrosoftFormats),
        // A Visual Studio project of its time: Unicode, and the compiler's own old spelling of __uuidof.
        "-DUNICODE",
        "-D_UNICODE",
        "-D_uuidof=__uuidof",
        Path.Combine(PublishedProducts.IncludeFolder, "vpccominterfaces_i.c"));

    /// <summary>Compiles the guest's program unchanged.</summary>
    /// <inheritdoc cref="CompileClientAsync"/>
    public Task<string> CompileServerAsync(CppArchitecture architecture, TestDirectory folder) => CppCompiler.CompileAsync(
        architecture, folder.WriteText("server.cpp", Server), folder, "-include", folder.WriteText("formats.h", MicrosoftFormats));

    [GeneratedRegex(@"^\s*(?<number>\d+):\s?(?<code>.*)$")]
    private static partial Regex NumberedLine();
}
