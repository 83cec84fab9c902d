using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace VpcComApi.CommandLine.Com;

/// <summary>What a failed COM call leaves with its caller's thread (oaidl.h).</summary>
[GeneratedComInterface(StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(BStrStringMarshaller))]
[Guid("1CF2B120-547D-101B-8E65-08002B2BD119")]
internal partial interface IErrorInfo
{
    /// <summary>The interface that failed.</summary>
    Guid GetGuid();

    /// <summary>The ProgID of the server.</summary>
    string GetSource();

    /// <summary>What failed, in words.</summary>
    string GetDescription();
}
