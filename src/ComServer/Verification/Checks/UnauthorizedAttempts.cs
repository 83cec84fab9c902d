using System.ComponentModel;

namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>Tries one thing as everybody who must be refused.</summary>
internal static class UnauthorizedAttempts
{
    /// <summary>Tries it.</summary>
    /// <param name="attempt">What is tried. It answers an error number or HRESULT, and 0 for success.</param>
    /// <param name="callers">Who tries.</param>
    /// <param name="isRefusal">Whether an answer is the refusal that is expected.</param>
    /// <param name="advice">What to do when somebody is let in.</param>
    /// <param name="prepare">Done before each try as this process; null for nothing.</param>
    public static CheckResult Run(
        Func<int> attempt, IReadOnlyList<OtherCaller> callers, Func<int, bool> isRefusal, string advice, Action? prepare = null)
    {
        List<string> faults = [];
        List<string> seen = [];
        foreach (OtherCaller caller in callers)
        {
            int toUs, toThem;
            try
            {
                (toUs, toThem) = caller.Attempt(attempt, prepare);
            }
            catch (Win32Exception exception)
            {
                faults.Add($"{caller.Name} cannot be tried: {exception.Message}");
                continue;
            }

            if (toUs != 0)
            {
                faults.Add($"this user himself is refused: {Describe(toUs)}");
            }

            (isRefusal(toThem) ? seen : faults).Add($"{caller.Name}: {Describe(toThem)}");
        }

        return CheckResult.Of(faults, string.Join("; ", seen), advice);
    }

    private static string Describe(int result) => result < 0 ? $"0x{result:X8}" : VerificationNative.Describe(result);
}
