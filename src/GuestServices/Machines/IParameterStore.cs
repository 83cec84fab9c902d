namespace VpcComApi.GuestServices.Machines;

/// <summary>
/// The parameters that a guest stores for its host: texts with case-insensitive names. Names and values were checked by the caller.
/// </summary>
internal interface IParameterStore
{
    /// <summary>Reads a parameter.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Its value, or null when there is none.</returns>
    string? Get(string name);

    /// <summary>Stores a parameter. It is stored persistently when this returns.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RequestRefusedException">It could not be stored.</exception>
    Task SetAsync(string name, string value, CancellationToken cancellationToken);
}
