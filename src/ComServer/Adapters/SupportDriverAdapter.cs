using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines.SupportDrivers;

namespace VpcComApi.ComServer.Adapters;

/// <summary>VMSupportDriver: what the product has installed on the host to run machines.</summary>
/// <param name="application">The domain and the machinery.</param>
/// <param name="driver">The driver.</param>
[GeneratedComClass]
internal sealed partial class SupportDriverAdapter(Application application, SupportDriver driver)
    : VMSupportDriverBase(application.Dispatcher), IDescribedObject
{
    /// <inheritdoc/>
    public ExternalConnections Connections { get; } = new(application.Served);

    /// <inheritdoc/>
    public ServedClass Class => application.SupportDriverClass;

    /// <inheritdoc/>
    public override VMSupportDriverType get_Type() => (VMSupportDriverType)driver.Type;

    /// <inheritdoc/>
    public override string get_Description() => driver.Description;

    /// <inheritdoc/>
    public override string get_Manufacturer() => driver.Manufacturer;

    /// <inheritdoc/>
    public override string get_Provider() => driver.Provider;

    /// <inheritdoc/>
    public override string get_Version() => driver.Version;

    /// <inheritdoc/>
    public override string get_Date() => driver.Date;
}
