using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines.Usage;

namespace VpcComApi.ComServer.Adapters;

/// <summary>VMAccountant: what a machine uses of the host. Of a machine that is off every member answers S_FALSE, with zero.</summary>
/// <param name="application">The domain and the machinery.</param>
/// <param name="accountant">The machine's figures.</param>
[GeneratedComClass]
internal sealed partial class AccountantAdapter(Application application, MachineAccountant accountant)
    : VMAccountantBase(application.Dispatcher), IDescribedObject
{
    /// <inheritdoc/>
    public ExternalConnections Connections { get; } = new(application.Served);

    /// <inheritdoc/>
    public ServedClass Class => application.AccountantClass;

    /// <inheritdoc/>
    public override int get_CPUUtilization(out int percentageUtilization) =>
        MeasuredOrNot(accountant.ProcessorPercent, out percentageUtilization);

    /// <inheritdoc/>
    public override int get_CPUUtilizationHistory(out object? percentageUtilization)
    {
        IReadOnlyList<byte>? history = accountant.ProcessorHistory;
        percentageUtilization = history is null ? new byte[MachineAccountant.HistorySeconds] : history.ToArray();
        return history is null ? HResults.S_FALSE : HResults.S_OK;
    }

    /// <inheritdoc/>
    public override int get_DiskBytesRead(out object? bytesRead) => BytesOrNot(accountant.DiskBytesRead, out bytesRead);

    /// <inheritdoc/>
    public override int get_DiskBytesWritten(out object? bytesWritten) => BytesOrNot(accountant.DiskBytesWritten, out bytesWritten);

    /// <inheritdoc/>
    public override int get_NetworkBytesReceived(out object? bytesReceived) =>
        BytesOrNot(accountant.NetworkBytesReceived, out bytesReceived);

    /// <inheritdoc/>
    public override int get_NetworkBytesSent(out object? bytesSent) => BytesOrNot(accountant.NetworkBytesSent, out bytesSent);

    /// <inheritdoc/>
    public override int get_UpTime(out int secondsAlive) => MeasuredOrNot((int?)accountant.UpTime?.TotalSeconds, out secondsAlive);

    private static int MeasuredOrNot(int? measured, out int value)
    {
        value = measured.GetValueOrDefault();
        return measured is null ? HResults.S_FALSE : HResults.S_OK;
    }

    private static int BytesOrNot(long? measured, out object? value)
    {
        value = (decimal)measured.GetValueOrDefault();
        return measured is null ? HResults.S_FALSE : HResults.S_OK;
    }
}
