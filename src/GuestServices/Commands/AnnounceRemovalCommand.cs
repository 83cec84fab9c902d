using System.CommandLine;
using VpcComApi.GuestServices.Removal;

namespace VpcComApi.GuestServices.Commands;

/// <summary>
/// <c>vmsrvc announce-removal</c>: makes the guest service inform its host that it is being removed. Packages call it before they stop the
/// service.
/// </summary>
internal static class AnnounceRemovalCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        Command command = new(
            "announce-removal", "Makes the running guest service inform its host that it is being removed. Removes nothing itself.");
        command.SetAction(async (result, cancellationToken) =>
        {
            (int services, int hosts) = await RemovalAnnouncer.AnnounceToAllAsync(cancellationToken);
            if (hosts == 0)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync(
                    services == 0 ? "No guest service is running here." : "The guest service is not connected to a host.");
                return ExitCode.Failure;
            }

            await result.InvocationConfiguration.Output.WriteLineAsync("The host was informed.");
            return ExitCode.Success;
        });
        return command;
    }
}
