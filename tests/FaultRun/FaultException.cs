namespace VpcComApi.FaultRun;

/// <summary>Something was left behind, went missing, or did not end after a kill.</summary>
/// <param name="message">What.</param>
internal sealed class FaultException(string message) : Exception(message);
