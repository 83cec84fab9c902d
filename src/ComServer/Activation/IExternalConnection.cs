using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace VpcComApi.ComServer.Activation;

/// <summary>IExternalConnection of COM: the runtime reports to an object the references that other processes hold on it.</summary>
[GeneratedComInterface]
[Guid("00000019-0000-0000-C000-000000000046")]
internal partial interface IExternalConnection
{
    /// <summary>Another connection was made.</summary>
    /// <param name="connectionType">EXTCONN flags.</param>
    /// <param name="reserved">0.</param>
    /// <returns>How many there are, for diagnosis only.</returns>
    [PreserveSig]
    uint AddConnection(uint connectionType, uint reserved);

    /// <summary>A connection was given up.</summary>
    /// <param name="connectionType">EXTCONN flags.</param>
    /// <param name="reserved">0.</param>
    /// <param name="lastReleaseCloses">A BOOL: whether the object shall close when this was the last.</param>
    /// <returns>How many are left, for diagnosis only.</returns>
    [PreserveSig]
    uint ReleaseConnection(uint connectionType, uint reserved, int lastReleaseCloses);
}
