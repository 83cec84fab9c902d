using System.Globalization;
using VpcComApi.ChannelEnds;

namespace VpcComApi.RemoteCommand.Guest;

/// <summary>Runs the command lines that the host sends, one after the other, and sends back output and exit code.</summary>
internal static class Program
{
    private const int DefaultPort = 6181;
    private const string RunPrefix = "RUN ";

    private static async Task<int> Main(string[] arguments)
    {
        int port = DefaultPort;
        if (arguments.Length > 0
            && !(int.TryParse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out port)
                && port is > 0 and <= ushort.MaxValue))
        {
            Console.Error.WriteLine("usage: RemoteCommand.Guest [PORT]");
            return 2;
        }

        return await GuestServer.RunAsync(port, ObeyAsync);
    }

    private static async Task ObeyAsync(LineConnection host, CancellationToken stop)
    {
        while (await host.ReadLineAsync(stop) is { } line)
        {
            if (!line.StartsWith(RunPrefix, StringComparison.Ordinal))
            {
                throw new InvalidDataException($"a line arrived that is not of this protocol: \"{line}\"");
            }

            Console.WriteLine($"Running: {line[RunPrefix.Length..]}");
            using ShellCommand command = new(line[RunPrefix.Length..], host);
            await command.RunAsync(stop);
        }
    }
}
