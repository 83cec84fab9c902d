namespace VpcComApi.ComServer.Activation;

/// <summary>Windows or COM refused something that the server cannot do without.</summary>
internal sealed class ComFailureException : Exception
{
    /// <summary>Says what was refused.</summary>
    /// <param name="message">What failed, on what, and what to do.</param>
    /// <param name="result">The HRESULT.</param>
    public ComFailureException(string message, int result)
        : base(message) => HResult = result;
}
