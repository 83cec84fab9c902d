using System.Runtime.InteropServices;

namespace VpcComApi.ComServer.Activation;

/// <summary>The class that COM finds in this process. Registered suspended, then opened to all activations in one step.</summary>
/// <param name="classId">The CLSID.</param>
/// <param name="factory">Its factory.</param>
internal sealed class ClassObject(Guid classId, ClassFactory factory) : IDisposable
{
    private uint? cookie;

    /// <summary>Registers the class and opens it.</summary>
    /// <exception cref="COMException">COM refused.</exception>
    public void Open()
    {
        nint unknown = ComObjects.GetUnknown(factory);
        try
        {
            Marshal.ThrowExceptionForHR(ComRuntime.CoRegisterClassObject(
                classId, unknown, ComRuntime.LocalServer, ComRuntime.MultipleUseSuspended, out uint registered));
            cookie = registered;
        }
        finally
        {
            Marshal.Release(unknown);
        }

        Marshal.ThrowExceptionForHR(ComRuntime.CoResumeClassObjects());
    }

    /// <summary>Lets no more activations in.</summary>
    public void Close()
    {
        if (cookie is uint registered)
        {
            cookie = null;
            _ = ComRuntime.CoSuspendClassObjects();
            _ = ComRuntime.CoRevokeClassObject(registered);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Close();
}
