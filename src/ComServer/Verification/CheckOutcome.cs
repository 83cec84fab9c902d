namespace VpcComApi.ComServer.Verification;

/// <summary>How a check came out.</summary>
internal enum CheckOutcome
{
    /// <summary>What must hold does.</summary>
    Passed,

    /// <summary>It does not.</summary>
    Failed,

    /// <summary>It cannot be asked here, or means nothing here.</summary>
    NotApplicable,
}
