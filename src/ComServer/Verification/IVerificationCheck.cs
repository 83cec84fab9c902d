namespace VpcComApi.ComServer.Verification;

/// <summary>One thing that must hold on the machine where the program runs.</summary>
internal interface IVerificationCheck
{
    /// <summary>A short name that stays the same from version to version, such as <c>pipe-permissions</c>.</summary>
    string Name { get; }

    /// <summary>What must hold, as a sentence.</summary>
    string Claim { get; }

    /// <summary>Why it need not hold under Wine; null where Wine must answer as Windows does.</summary>
    string? KnownUnderWine { get; }

    /// <summary>Looks. What it made is gone when it returns. Anything that it throws is a failure of the check.</summary>
    CheckResult Run();
}
