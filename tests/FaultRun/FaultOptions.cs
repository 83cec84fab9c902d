using System.Globalization;

namespace VpcComApi.FaultRun;

/// <summary>The options of the run.</summary>
/// <param name="Kills">How many kills.</param>
/// <param name="Seed">What all random choices come from; a run with the same seed makes the same choices.</param>
internal sealed record FaultOptions(int Kills, int Seed)
{
    private const int DefaultKills = 1000;

    /// <summary>Reads the command line.</summary>
    public static FaultOptions Read(string[] arguments) => new(
        NumberAfter("--kills", arguments) ?? DefaultKills, NumberAfter("--seed", arguments) ?? Random.Shared.Next(1, 1_000_000));

    private static int? NumberAfter(string option, string[] arguments)
    {
        int at = Array.IndexOf(arguments, option);
        return at >= 0 ? int.Parse(arguments[at + 1], CultureInfo.InvariantCulture) : null;
    }
}
