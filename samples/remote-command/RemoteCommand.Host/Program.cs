using System.Globalization;
using VpcComApi.ChannelEnds;

namespace VpcComApi.RemoteCommand.Host;

/// <summary>
/// Sends command lines to the guest and shows their output and exit code: one given as argument, or each line that is typed.
/// </summary>
internal static class Program
{
    private const string DefaultPipe = "command";
    private const int CommandFailed = 1;

    private static async Task<int> Main(string[] arguments)
    {
        string? command = arguments.Length > 1 ? string.Join(' ', arguments.Skip(1)) : null;
        return await HostClient.RunAsync(
            arguments.ElementAtOrDefault(0) ?? DefaultPipe,
            (guest, stop) => command is null ? RunTypedLinesAsync(guest, stop) : RunAsync(guest, command, stop));
    }

    private static async Task<int> RunTypedLinesAsync(LineConnection guest, CancellationToken stop)
    {
        int exitCode = 0;
        Console.Write("guest> ");
        while (await Console.In.ReadLineAsync(stop) is { } typed)
        {
            if (typed.Length > 0)
            {
                exitCode = await RunAsync(guest, typed, stop);
            }

            Console.Write("guest> ");
        }

        Console.WriteLine();
        return exitCode;
    }

    private static async Task<int> RunAsync(LineConnection guest, string command, CancellationToken stop)
    {
        await guest.WriteLineAsync("RUN " + command, stop);
        while (await guest.ReadLineAsync(stop) is { } line)
        {
            switch (line.Split(' ', 2))
            {
                case ["OUT", var text]:
                    Console.WriteLine(text);
                    break;
                case ["ERR", var text]:
                    Console.Error.WriteLine(text);
                    break;
                case ["EXIT", var code] when int.TryParse(
                    code, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int exitCode):
                    Console.WriteLine($"[exit code {exitCode}]");
                    return exitCode;
                case ["FAILED", var reason]:
                    Console.WriteLine($"[failed: {reason}]");
                    return CommandFailed;
                default:
                    throw new InvalidDataException($"a line arrived that is not of this protocol: \"{line}\"");
            }
        }

        throw new InvalidDataException("the guest ended before the command did");
    }
}
