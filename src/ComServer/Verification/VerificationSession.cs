using System.Diagnostics.CodeAnalysis;

namespace VpcComApi.ComServer.Verification;

/// <summary>
/// What one run of /Verify makes on the machine: classes of its own, registered for as long as it runs, and a data folder of its own.
/// Nothing of the product's registration, catalogue or machines is touched. All of it is recognized by the run's identifier.
/// </summary>
/// <param name="Id">The identifier, new for each run.</param>
/// <param name="Folder">The data folder.</param>
internal sealed record VerificationSession(Guid Id, string Folder)
{
    /// <summary>What the ProgIDs of all runs begin with.</summary>
    public const string ProgIdPrefix = "VpcComApi.Verification.";

    private const string FolderPrefix = "vpc-verify-";
    private const string LockName = "run.lock";

    /// <summary>The identifier's last bits distinguish a run's classes; a run's own identifier has none of them set.</summary>
    private const byte ClassBits = 7;
    private const byte OwnClassBit = 1;
    private const byte RundownClassBit = 2;
    private const byte UserBit = 4;

    /// <summary>A new run, with its folder among this user's temporary files.</summary>
    public static VerificationSession New() => Of(Guid.NewGuid());

    /// <summary>The run to which an identifier belongs.</summary>
    public static VerificationSession Of(Guid id)
    {
        Guid own = WithLastByte(id, last => (byte)(last & ~ClassBits));
        return new VerificationSession(own, Path.Combine(Path.GetTempPath(), $"{FolderPrefix}{own:N}"));
    }

    /// <summary>The class that a server process of this program serves.</summary>
    public Guid ServedClass => Id;

    /// <summary>The class that the verifying process itself serves at times.</summary>
    public Guid OwnClass => With(OwnClassBit);

    /// <summary>A class that a server process serves to one client alone.</summary>
    public Guid RundownClass => With(RundownClassBit);

    /// <summary>All classes, the one with the ProgID first.</summary>
    public IReadOnlyList<Guid> Classes => [ServedClass, OwnClass, RundownClass];

    /// <summary>The same run with other classes, which are registered for this user alone.</summary>
    public VerificationSession ForThisUser => this with { Id = With(UserBit) };

    /// <summary>The ProgID of <see cref="ServedClass"/>, by which leftovers are found.</summary>
    public string ProgId => $"{ProgIdPrefix}{Id:N}";

    /// <summary>The file that the verifying process keeps open: as long as it does, nobody else cleans up.</summary>
    public string LockFile => Path.Combine(Folder, LockName);

    /// <summary>The same run with the folder that its registration names.</summary>
    /// <param name="registered">
    /// The folder. One with another name than this run's folder has, or none, changes nothing: it would be deleted with the run.
    /// </param>
    public VerificationSession At(string? registered) =>
        registered is not null && registered[(registered.LastIndexOfAny(['\\', '/']) + 1)..] == $"{FolderPrefix}{Of(Id).Id:N}"
            ? this with { Folder = registered }
            : this;

    /// <summary>Finds the run that a ProgID belongs to.</summary>
    public static bool TryParseProgId(string progId, [NotNullWhen(true)] out VerificationSession? session)
    {
        session = progId.StartsWith(ProgIdPrefix, StringComparison.OrdinalIgnoreCase)
            && Guid.TryParseExact(progId[ProgIdPrefix.Length..], "N", out Guid id) ? Of(id) : null;
        return session is not null;
    }

    private Guid With(byte bit) => WithLastByte(Id, last => (byte)(last | bit));

    private static Guid WithLastByte(Guid id, Func<byte, byte> change)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        bytes[^1] = change(bytes[^1]);
        return new Guid(bytes);
    }
}
