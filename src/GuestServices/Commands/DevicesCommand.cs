using System.CommandLine;
using System.Text.Json;
using VpcComApi.GuestServices.Devices;

namespace VpcComApi.GuestServices.Commands;

/// <summary><c>vmsrvc devices</c>: lists the integration devices of the guest services that run on this computer.</summary>
internal static class DevicesCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        Option<bool> json = new("--json") { Description = "Print a JSON array." };
        Command command = new(
            "devices",
            "Lists the integration devices: each bus channel of a communication channel is a \"Virtual PC Integration Device\".") { json };
        command.SetAction(async (result, cancellationToken) =>
        {
            IReadOnlyList<ListedDevice>? devices = await DeviceReader.ReadAllAsync(cancellationToken);
            if (devices is null)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync("No guest service is running here. Start it with: vmsrvc run");
                return ExitCode.Failure;
            }

            Print(devices, result.GetValue(json), result.InvocationConfiguration.Output);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Print(IReadOnlyList<ListedDevice> devices, bool asJson, TextWriter output)
    {
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(devices, GuestJson.Default.IReadOnlyListListedDevice));
            return;
        }

        if (devices.Count == 0)
        {
            output.WriteLine("No integration devices: no communication channel is open.");
        }

        foreach (ListedDevice device in devices)
        {
            output.WriteLine(
                $"{device.Name}  channel {device.Channel,-6} {device.Service,-10} {device.Direction,-9} {device.Bytes,12} bytes  process "
                    + $"{device.ProcessId}");
        }
    }
}
