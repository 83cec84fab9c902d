using System.Collections;

namespace VpcComApi.MarshallingProbe;

/// <summary>Compares values, and prints differences.</summary>
internal sealed class Checks
{
    private int done;
    private int failed;

    /// <summary>Compares two values, arrays element by element.</summary>
    public void AreEqual(string what, object? actual, object? expected)
    {
        bool equal = StructuralComparisons.StructuralEqualityComparer.Equals(actual, expected);
        Note(what, equal && actual?.GetType() == expected?.GetType() ? null : $"expected {Describe(expected)}, got {Describe(actual)}");
    }

    /// <summary>Runs something that must be refused.</summary>
    public void IsRefused(string what, Action action)
    {
        try
        {
            action();
            Note(what, "was not refused");
        }
        catch (ArgumentException)
        {
            Note(what, difference: null);
        }
    }

    /// <summary>Prints how many checks failed and answers it as the exit code.</summary>
    public int Report()
    {
        Console.WriteLine($"{done} checks, {failed} failed");
        return failed;
    }

    private void Note(string what, string? difference)
    {
        done++;
        failed += difference is null ? 0 : 1;
        Console.WriteLine($"{what}: {difference ?? "as expected"}");
    }

    private static string Describe(object? value) => value switch
    {
        null => "nothing",
        Array array => $"{value.GetType()} of {array.Length}",
        _ => $"{value.GetType()} {value}",
    };
}
