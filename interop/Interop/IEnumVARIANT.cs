using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace VpcComApi.Interop;

/// <summary>IEnumVARIANT of OLE automation: the result of `_NewEnum`, which `For Each` uses.</summary>
[GeneratedComInterface(ExceptionToUnmanagedMarshaller = typeof(ComErrorMarshaller))]
[Guid("00020404-0000-0000-C000-000000000046")]
public partial interface IEnumVARIANT
{
    /// <summary>Gives the next elements.</summary>
    /// <param name="count">How many are wanted.</param>
    /// <param name="elements">Address of an array of that many VARIANTs.</param>
    /// <param name="fetched">Address of a ULONG that receives how many were given, or zero when one is wanted.</param>
    /// <returns>S_OK, or S_FALSE when fewer were left than wanted.</returns>
    [PreserveSig]
#pragma warning disable CA1716 // The name is COM's.
    int Next(uint count, nint elements, nint fetched);
#pragma warning restore CA1716

    /// <summary>Skips elements.</summary>
    /// <param name="count">How many.</param>
    /// <returns>S_OK, or S_FALSE when fewer were left.</returns>
    [PreserveSig]
    int Skip(uint count);

    /// <summary>Goes back to the first element.</summary>
    /// <returns>S_OK.</returns>
    [PreserveSig]
    int Reset();

    /// <summary>Creates an enumerator with the same position.</summary>
    /// <returns>The new enumerator.</returns>
    IEnumVARIANT Clone();
}
