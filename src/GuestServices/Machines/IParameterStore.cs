namespace VpcComApi.GuestServices.Machines;

/// <summary>The parameters that a guest keeps for its host: texts by name, ignoring case. Names and values have been checked.</summary>
internal interface IParameterStore
{
    /// <summary>Reads a parameter.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Its value, or null when there is none.</returns>
    string? Get(string name);

    /// <summary>Keeps a parameter. It is safe when this returns.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RequestRefusedException">It could not be kept.</exception>
    Task SetAsync(string name, string value, CancellationToken cancellationToken);
}
