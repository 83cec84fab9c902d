using System.Globalization;

namespace VpcComApi.CommandLine.Commands;

/// <summary>The two ends of a channel, as a person types them.</summary>
/// <param name="Pipe">The pipe on the host, <c>\\.\pipe\NAME</c>.</param>
/// <param name="Port">The TCP port in the guest, 1 to 65535.</param>
internal sealed record ChannelEnds(string Pipe, int Port)
{
    private const string PipePrefix = @"\\.\pipe\";

    /// <summary>Reads <c>PIPE:PORT</c>.</summary>
    /// <exception cref="FormatException">It is something else; the message says what is expected.</exception>
    public static ChannelEnds Parse(string text)
    {
        // The last colon: a pipe's name may hold one.
        int colon = text.LastIndexOf(':');
        return colon > 0
            ? new ChannelEnds(ParsePipe(text[..colon]), ParsePort(text[(colon + 1)..]))
            : throw new FormatException($"\"{text}\" is not PIPE:PORT, such as \"monitor:6174\" or \"{PipePrefix}monitor:6174\".");
    }

    /// <summary>Reads a pipe's name, bare or in full.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static string ParsePipe(string text)
    {
        string name = text.StartsWith(PipePrefix, StringComparison.OrdinalIgnoreCase) ? text[PipePrefix.Length..] : text;
        return name.Length > 0 && !name.Contains('\\', StringComparison.Ordinal)
            ? PipePrefix + name
            : throw new FormatException($"\"{text}\" is not a pipe: a name without backslashes, or {PipePrefix}NAME.");
    }

    /// <summary>Reads a port.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static int ParsePort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is >= 1 and <= 65535
            ? port
            : throw new FormatException($"\"{text}\" is not a TCP port: a number from 1 to 65535.");
}
