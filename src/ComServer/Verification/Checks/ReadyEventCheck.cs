using VpcComApi.VirtualMachines.Channels;

namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>Whether the ready event works between two handles, in whatever order they are made.</summary>
internal sealed class ReadyEventCheck : IVerificationCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public string Name => "ready-event";

    /// <inheritdoc/>
    public string Claim => @"A client that waits for Local\TAG_ChannelReady sees it set, whether it or the server made the event.";

    /// <inheritdoc/>
    public string? KnownUnderWine => null;

    /// <inheritdoc/>
    public CheckResult Run()
    {
        string name = ReadyEvent.NameOf($"verify-{Guid.NewGuid():N}");
        List<string> faults = [];

        // The client comes first, and has left the event set.
        using (EventWaitHandle client = new(initialState: true, EventResetMode.ManualReset, name))
        using (NamedReadyEvent server = new(name))
        {
            Note(faults, !client.WaitOne(TimeSpan.Zero), "the server does not reset an event that a client has made");
            server.Set();
            Note(faults, client.WaitOne(Limit), "a client that came first does not see the event set");
        }

        using (NamedReadyEvent server = new(name))
        using (EventWaitHandle client = EventWaitHandle.OpenExisting(name))
        {
            server.Set();
            Note(faults, client.WaitOne(Limit), "a client that came second does not see the event set");
            server.Reset();
            Note(faults, !client.WaitOne(TimeSpan.Zero), "a client does not see the event reset");
        }

        return CheckResult.Of(faults, "both orders work", "Please send this report: the ready event of guests does not work here.");
    }

    private static void Note(List<string> faults, bool holds, string fault)
    {
        if (!holds)
        {
            faults.Add(fault);
        }
    }
}
