namespace VpcComApi.GuestServices.Machines;

/// <summary>The guest refuses a request of the host.</summary>
/// <param name="error">One of <see cref="VpcBus.Integration.IntegrationErrors"/>.</param>
/// <param name="message">Why, for people.</param>
/// <param name="innerException">The cause, when there is one.</param>
internal sealed class RequestRefusedException(string error, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>One of <see cref="VpcBus.Integration.IntegrationErrors"/>.</summary>
    public string Error { get; } = error;
}
