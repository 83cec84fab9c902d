using System.Globalization;
using VpcComApi.ChannelEnds;

namespace VpcComApi.PrintRedirect.Guest;

/// <summary>
/// A printer that is a folder: each document that is moved into it is sent to the host, and deleted when the host has received it.
/// </summary>
internal static class Program
{
    private const int DefaultPort = 6182;

    private static async Task<int> Main(string[] arguments)
    {
        int port = DefaultPort;
        if (arguments.Length is 0 or > 2
            || (arguments.Length == 2
                && !(int.TryParse(arguments[1], NumberStyles.None, CultureInfo.InvariantCulture, out port)
                    && port is > 0 and <= ushort.MaxValue)))
        {
            Console.Error.WriteLine("usage: PrintRedirect.Guest FOLDER [PORT]");
            return 2;
        }

        using PrinterFolder printer = new(arguments[0]);
        return await GuestServer.RunAsync(port, printer.SendDocumentsAsync);
    }
}
