using System.CommandLine;
using VpcComApi.GuestServices.Removal;

namespace VpcComApi.GuestServices.Commands;

/// <summary>
/// <c>vmsrvc announce-removal</c>: has the guest service tell its host that it is being removed. Packages call it before they stop the
/// service.
/// </summary>
internal static class AnnounceRemovalCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        Command command = new(
            "announce-removal", "Has the guest service that runs here tell its host that it is being removed. It removes nothing itself.");
        command.SetAction(async (result, cancellationToken) =>
        {
            (int services, int hosts) = await RemovalTeller.TellAllAsync(cancellationToken);
            if (hosts == 0)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync(
                    services == 0 ? "No guest service runs here that could tell its host." : "The guest service has no host to tell.");
                return ExitCode.Failure;
            }

            await result.InvocationConfiguration.Output.WriteLineAsync("The host knows.");
            return ExitCode.Success;
        });
        return command;
    }
}
