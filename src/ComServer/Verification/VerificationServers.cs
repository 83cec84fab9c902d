using System.Diagnostics;
using System.Text.RegularExpressions;
using VpcComApi.ComServer.Activation;
using VpcComApi.EventLogging;

namespace VpcComApi.ComServer.Verification;

/// <summary>The classes and server processes of one run.</summary>
internal sealed partial class VerificationServers : IDisposable
{
    /// <summary>IDispatch.</summary>
    public static readonly Guid Dispatch = new("00020400-0000-0000-C000-000000000046");

    /// <summary>The event that says in which process a server serves.</summary>
    private const int ServingEvent = 5000;

    private const int MaximumServers = 100;

    private readonly FileStream held;
    private readonly VerificationCleaner cleaner;

    private VerificationServers(VerificationSession session, FileStream held, VerificationCleaner cleaner)
    {
        Session = session;
        this.held = held;
        this.cleaner = cleaner;
    }

    /// <summary>How long a server of a run waits for its next client.</summary>
    public static int IdleSeconds => 10;

    /// <summary>The run.</summary>
    public VerificationSession Session { get; }

    /// <summary>The processes that have served so far, the newest last.</summary>
    public IReadOnlyList<int> Processes =>
    [
        .. new EventLogReader(Path.Combine(Session.Folder, "Logs")).ReadLast(MaximumServers)
            .Where(entry => entry.EventId == ServingEvent)
            .Select(entry => ProcessNumber.Match(entry.Text))
            .Where(match => match.Success)
            .Select(match => int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)),
    ];

    /// <summary>Registers a new run's classes. From then on a cleaner waits for the end of this process.</summary>
    public static VerificationServers Register()
    {
        VerificationSession session = VerificationSession.New();
        Directory.CreateDirectory(session.Folder);
        FileStream held = new(session.LockFile, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        VerificationCleaner cleaner = VerificationCleaner.Start(session);
        try
        {
            VerificationRegistration.Write(session);
            return new VerificationServers(session, held, cleaner);
        }
        catch
        {
            held.Dispose();
            cleaner.Dispose();
            throw;
        }
    }

    /// <summary>Asks COM for an object of a class, in whatever server.</summary>
    /// <param name="classId">The class.</param>
    /// <param name="instance">The IDispatch of the object, for the caller to release; 0 when there is none.</param>
    /// <returns>The HRESULT.</returns>
    public static int Activate(Guid classId, out nint instance) =>
        ComRuntime.CoCreateInstance(classId, 0, ComRuntime.LocalServer, Dispatch, out instance);

    /// <summary>Waits until all server processes have ended.</summary>
    /// <returns>Whether they have.</returns>
    public bool WaitUntilEnded(TimeSpan limit) => Processes.All(id => HasEnded(id, limit));

    /// <summary>Waits until a process has ended.</summary>
    public static bool HasEnded(int processId, TimeSpan limit)
    {
        try
        {
            using Process process = Process.GetProcessById(processId);
            return process.WaitForExit(limit);
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        held.Dispose();
        cleaner.Dispose();
    }

    [GeneratedRegex(@"process (\d+)\.")]
    private static partial Regex ProcessNumber { get; }
}
