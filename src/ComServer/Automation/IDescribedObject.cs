using VpcComApi.ComServer.Activation;

namespace VpcComApi.ComServer.Automation;

/// <summary>A served object of a class of the contract, which says so itself.</summary>
internal interface IDescribedObject : IServedObject, IProvideClassInfo2
{
    /// <summary>The class.</summary>
    ServedClass Class { get; }

    int IProvideClassInfo.GetClassInfo(out nint typeInfo) => Class.GetClassInfo(out typeInfo);

    int IProvideClassInfo2.GetGUID(uint kind, out Guid identifier) => Class.GetIdentifier(kind, out identifier);
}
