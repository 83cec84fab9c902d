using System.Runtime.InteropServices;

namespace VpcComApi.ComServer.Activation;

/// <summary>
/// This process's one apartment, the multithreaded one: calls come in on any thread at once, and a reference to a client's object is good
/// on all of them. It ends before the process does, since a call that arrived later would find a runtime that is being taken down.
/// </summary>
internal sealed class ComApartment : IDisposable
{
    /// <summary>Enters the apartment.</summary>
    /// <exception cref="COMException">COM refused.</exception>
    public ComApartment() => Marshal.ThrowExceptionForHR(ComRuntime.CoInitializeEx(0, ComRuntime.Multithreaded));

    /// <inheritdoc/>
    public void Dispose() => ComRuntime.CoUninitialize();
}
