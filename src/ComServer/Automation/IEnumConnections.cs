using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace VpcComApi.ComServer.Automation;

/// <summary>IEnumConnections of COM.</summary>
[GeneratedComInterface(ExceptionToUnmanagedMarshaller = typeof(Interop.ComErrorMarshaller))]
[Guid("B196B287-BAB4-101A-B69C-00AA00341D07")]
internal partial interface IEnumConnections
{
    /// <summary>Gives the next sinks.</summary>
    /// <param name="count">How many are wanted.</param>
    /// <param name="connections">Address of an array of that many CONNECTDATA.</param>
    /// <param name="fetched">Address of a ULONG that receives how many were given, or zero.</param>
    /// <returns>S_OK, or S_FALSE when fewer were left than wanted.</returns>
    [PreserveSig]
    int Next(uint count, nint connections, nint fetched);

    /// <summary>Leaves sinks out.</summary>
    /// <param name="count">How many.</param>
    /// <returns>S_OK, or S_FALSE when fewer were left.</returns>
    [PreserveSig]
    int Skip(uint count);

    /// <summary>Goes back to the first.</summary>
    /// <returns>S_OK.</returns>
    [PreserveSig]
    int Reset();

    /// <summary>Makes an enumerator that stands where this one stands.</summary>
    IEnumConnections Clone();
}
