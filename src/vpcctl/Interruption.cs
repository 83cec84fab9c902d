using System.Runtime.InteropServices;

namespace VpcComApi.CommandLine;

/// <summary>Ctrl-C and the signals that ask a program to end. The first asks for an orderly end, the next for a quick one.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource requested = new();
    private readonly CancellationTokenSource insisted = new();
    private readonly List<PosixSignalRegistration> registrations = [];

    /// <summary>Cancelled at the first request.</summary>
    public CancellationToken Requested => requested.Token;

    /// <summary>Cancelled at the second request.</summary>
    public CancellationToken Insisted => insisted.Token;

    /// <summary>Listens to Ctrl-C and the like, until it is disposed.</summary>
    public static Interruption Listen()
    {
        Interruption interruption = new();
        foreach (PosixSignal signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
        {
            interruption.registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                interruption.Request();
            }));
        }

        return interruption;
    }

    /// <summary>Asks for an end, as Ctrl-C does.</summary>
    public void Request()
    {
        if (requested.IsCancellationRequested)
        {
            insisted.Cancel();
        }
        else
        {
            requested.Cancel();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        requested.Dispose();
        insisted.Dispose();
    }
}
