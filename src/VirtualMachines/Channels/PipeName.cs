using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace VpcComApi.VirtualMachines.Channels;

/// <summary>The name of a channel's pipe, given as <c>\\.\pipe\NAME</c>. Names compare without case.</summary>
internal sealed class PipeName : IEquatable<PipeName>
{
    /// <summary>What every pipe's full name begins with, in whatever case.</summary>
    internal const string Prefix = @"\\.\pipe\";

    /// <summary>The most characters of a whole name, prefix included: the contract's limit and that of Windows.</summary>
    internal const int MaximumLength = 256;

    private PipeName(string name) => Name = name;

    /// <summary>The bare name, in the case it was given in.</summary>
    internal string Name { get; }

    /// <summary>The name with its prefix.</summary>
    internal string FullName => Prefix + Name;

    /// <summary>Reads a name as a caller gave it.</summary>
    /// <param name="text">The whole name, prefix included.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.MissingArgument"/>: null or not a pipe's name. The contract answers E_POINTER to both.
    /// </exception>
    internal static PipeName Parse([NotNull] string? text) => Parse(text, mayHaveParts: false);

    /// <summary>Reads a name as a caller gave it.</summary>
    /// <param name="text">The whole name, prefix included.</param>
    /// <param name="mayHaveParts">
    /// Whether the name may have several parts, <c>a\b</c>, as Windows has such pipes. On Unix it is the name of one file all the same, in
    /// which a backslash is a character like others: .NET's pipe clients look for it there.
    /// </param>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.MissingArgument"/>: null or not a pipe's name.</exception>
    internal static PipeName Parse([NotNull] string? text, bool mayHaveParts)
    {
        if (text is null)
        {
            throw Refused("No pipe name was given.");
        }

        if (text.Length > MaximumLength)
        {
            throw Refused($"The pipe name has {text.Length} characters; at most {MaximumLength} are allowed, \"{Prefix}\" included.");
        }

        if (!text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || text.Length == Prefix.Length)
        {
            throw Refused($"\"{text}\" is not a pipe name.");
        }

        string name = text[Prefix.Length..];

        // Windows reads a slash in a pipe's path as a backslash, and on Unix it would lead out of the folder of the sockets.
        if (name.AsSpan().ContainsAny('/', '\0') || (!mayHaveParts && name.Contains('\\', StringComparison.Ordinal)))
        {
            throw Refused($"The pipe name \"{name}\" holds a backslash, a slash or a null character.");
        }

        if (!OperatingSystem.IsWindows() && Encoding.UTF8.GetByteCount(UnixPipePath.Of(name)) > UnixPipePath.MaximumBytes)
        {
            throw Refused(
                $"The pipe name \"{name}\" is too long: its socket's path, {UnixPipePath.Of(name)}, has more than "
                    + $"{UnixPipePath.MaximumBytes} bytes.");
        }

        return new PipeName(name);
    }

    /// <inheritdoc/>
    public bool Equals(PipeName? other) => other is not null && string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PipeName);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Name);

    /// <inheritdoc/>
    public override string ToString() => FullName;

    private static VirtualMachineException Refused(string what) =>
        new(VirtualMachineError.MissingArgument, $"{what} Give the host's end of the channel as {Prefix}NAME.");
}
