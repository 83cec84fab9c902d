using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using VpcComApi.Platform.Windows;

namespace VpcComApi.ComServer.Activation;

/// <summary>
/// For Wine, whose COM never finds out that a client has died: watches the processes that call, and reports when the last of them is gone.
/// What is then still held is held by nobody.
/// </summary>
/// <remarks>
/// A process is noted when it activates the server, when a first connection to an object is made during its call, and when it calls by
/// name. A process that only got an object from another client, and calls early bound, is not noted; it loses its objects when all noted
/// ones end.
/// </remarks>
/// <param name="logger">Where messages go.</param>
internal sealed partial class ClientProcesses(ILogger<ClientProcesses> logger) : IClientObserver, IDisposable
{
    /// <summary>More clients than this are not watched; nobody runs so many, and a runaway caller must not fill the table.</summary>
    private const int MaximumProcesses = 4096;

    private readonly ConcurrentDictionary<uint, Watch> watches = new();

    /// <summary>The last process that was known to call has ended.</summary>
    public event Action? AllGone;

    /// <inheritdoc/>
    public void NoteCaller()
    {
        if (I_RpcBindingInqLocalClientPID(0, out uint processId) != 0 || processId == 0 || processId == Environment.ProcessId
            || watches.ContainsKey(processId) || watches.Count >= MaximumProcesses)
        {
            return;
        }

        nint process = Kernel32.OpenProcess(Kernel32.SYNCHRONIZE, inherit: false, processId);
        if (process == 0)
        {
            return;
        }

        Watch watch = new(new SafeWaitHandle(process, ownsHandle: true));
        if (watches.TryAdd(processId, watch))
        {
            watch.Begin(() => OnEnded(processId));
        }
        else
        {
            watch.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (uint processId in watches.Keys)
        {
            if (watches.TryRemove(processId, out Watch? watch))
            {
                watch.Dispose();
            }
        }
    }

    private void OnEnded(uint processId)
    {
        if (watches.TryRemove(processId, out Watch? watch))
        {
            watch.Dispose();
            LogClientEnded(processId);
            if (watches.IsEmpty)
            {
                AllGone?.Invoke();
            }
        }
    }

    [LoggerMessage(5010, LogLevel.Debug, "Client process {ProcessId} has ended.")]
    private partial void LogClientEnded(uint processId);

    [LibraryImport("rpcrt4")]
    private static partial int I_RpcBindingInqLocalClientPID(nint binding, out uint processId);

    private sealed class Watch(SafeWaitHandle process) : WaitHandle
    {
        private RegisteredWaitHandle? registration;

        public void Begin(Action onEnded)
        {
            SafeWaitHandle = process;
            registration = ThreadPool.RegisterWaitForSingleObject(
                this, (_, _) => onEnded(), null, Timeout.Infinite, executeOnlyOnce: true);
        }

        protected override void Dispose(bool explicitDisposing)
        {
            registration?.Unregister(null);
            process.Dispose();
            base.Dispose(explicitDisposing);
        }
    }
}
