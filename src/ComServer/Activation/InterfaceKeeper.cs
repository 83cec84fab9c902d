using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using VpcComApi.Interop;

namespace VpcComApi.ComServer.Activation;

/// <summary>
/// An object that says yes to every interface it is asked to stand for. Clients never get it, so that nothing of it is ever called.
/// </summary>
/// <param name="interfaces">The IIDs.</param>
[GeneratedComClass]
internal sealed partial class InterfaceKeeper(IReadOnlySet<Guid> interfaces) : ISupportErrorInfo, ICustomQueryInterface
{
    /// <inheritdoc/>
    public CustomQueryInterfaceResult GetInterface(ref Guid interfaceId, out nint reference)
    {
        if (!interfaces.Contains(interfaceId))
        {
            reference = 0;
            return CustomQueryInterfaceResult.NotHandled;
        }

        reference = ComObjects.GetUnknown(this);
        return CustomQueryInterfaceResult.Handled;
    }

    /// <inheritdoc/>
    public int InterfaceSupportsErrorInfo(in Guid interfaceId) => HResults.S_FALSE;
}
