using System.Globalization;
using VpcComApi.ChannelEnds;

namespace VpcComApi.PrintRedirect.Host;

/// <summary>Spools the documents that a guest prints.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        int documents = int.MaxValue;
        if (arguments.Length is < 2 or > 3
            || (arguments.Length == 3 && !int.TryParse(arguments[2], NumberStyles.None, CultureInfo.InvariantCulture, out documents)))
        {
            Console.Error.WriteLine("usage: PrintRedirect.Host PIPE SPOOL-FOLDER [DOCUMENTS]");
            return 2;
        }

        Spool spool = new(arguments[1]);
        return await HostClient.RunAsync(arguments[0], async (guest, stop) =>
        {
            while (documents-- > 0 && await guest.ReadLineAsync(stop) is { } line)
            {
                await spool.ReceiveAsync(guest, line, stop);
            }

            return 0;
        });
    }
}
