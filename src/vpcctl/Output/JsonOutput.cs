using System.Text.Encodings.Web;
using System.Text.Json;
using VpcComApi.CommandLine.Machines;

namespace VpcComApi.CommandLine.Output;

/// <summary>How <c>--json</c> prints: indented, and with text as it is.</summary>
internal static class JsonOutput
{
    /// <summary>The forms of results, one value over several lines.</summary>
    public static MachinesJsonContext Context { get; } = new(new JsonSerializerOptions(MachinesJsonContext.Default.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>The forms of results that come one after the other, each on one line.</summary>
    public static MachinesJsonContext Lines { get; } = new(new JsonSerializerOptions(MachinesJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
