namespace VpcComApi.ComServer.Registration;

/// <summary>One key of the registration.</summary>
/// <param name="Path">Its path below Software\Classes.</param>
/// <param name="Values">Its values.</param>
internal sealed record RegistrationKey(string Path, IReadOnlyList<RegistrationValue> Values)
{
    /// <summary>Whether 32-bit programs need a copy of their own: of all branches, only these two are not shared with them.</summary>
    /// <remarks>"Registry Keys Affected by WOW64" in the Windows documentation.</remarks>
    public bool IsInBothViews =>
        Path.StartsWith(@"CLSID\", StringComparison.OrdinalIgnoreCase)
            || Path.StartsWith(@"Interface\", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether this key lies below another.</summary>
    public bool IsBelow(RegistrationKey other) => Path.StartsWith(other.Path + @"\", StringComparison.OrdinalIgnoreCase);
}
