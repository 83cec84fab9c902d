using System.Text.Json;
using VpcComApi.HostileGuest;

// The machine's description of itself is the only argument; standard input ends with the machine's power.
using JsonDocument board = JsonDocument.Parse(args[0]);
string path = board.RootElement.GetProperty("bus").GetString()!["unix:".Length..];
byte[] key = Convert.FromHexString(board.RootElement.GetProperty("key").GetString()!);

// Ends when the machine is turned off, whatever the attack does.
new Thread(() =>
{
    while (Console.OpenStandardInput().ReadByte() >= 0)
    {
    }

    Environment.Exit(0);
}).Start();

Attacks.Run(board.RootElement.GetProperty("machineName").GetString()!, () => new HostLink(path, key));
