using VpcComApi.ChannelBench.Suites;

namespace VpcComApi.ChannelBench;

/// <summary>The options of the command line.</summary>
/// <param name="Effort">How much is measured.</param>
/// <param name="Programs">The folder of the product's programs.</param>
/// <param name="Against">Programs of another revision that are measured beside the product, or null.</param>
/// <param name="Guests">The folder of the guests of QEMU machines.</param>
/// <param name="Suites">The suites that are run; when empty, all except those that run only by name.</param>
/// <param name="JsonFile">The file for the record, or null.</param>
internal sealed record BenchOptions(
    Effort Effort, string Programs, OtherRevision? Against, string Guests, IReadOnlyList<string> Suites, string? JsonFile)
{
    /// <summary>The usage text.</summary>
    public const string Usage =
        "usage: ChannelBench --programs FOLDER [--against REVISION=FOLDER] [--guests FOLDER] [--quick] [--rounds COUNT] "
        + "[--only SUITE[,SUITE]...] [--json FILE]";

    /// <summary>Reads the command line.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <exception cref="FormatException">It is wrong.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        Effort effort = Effort.Full;
        int? rounds = null;
        string? programs = null;
        string? jsonFile = null;
        OtherRevision? against = null;
        string guests = string.Empty;
        string[] suites = [];
        for (int index = 0; index < arguments.Count; index++)
        {
            switch (arguments[index])
            {
                case "--quick":
                    effort = Effort.Quick;
                    break;
                case "--rounds":
                    rounds = int.TryParse(Value(), out int count) && count > 0
                        ? count
                        : throw new FormatException("--rounds needs a number of at least 1.");
                    break;
                case "--programs":
                    programs = Path.GetFullPath(Value());
                    break;
                case "--against":
                    against = OtherRevision.Parse(Value());
                    break;
                case "--guests":
                    guests = Path.GetFullPath(Value());
                    break;
                case "--only":
                    suites = Value().Split(',');
                    break;
                case "--json":
                    jsonFile = Path.GetFullPath(Value());
                    break;
                default:
                    throw new FormatException($"'{arguments[index]}' is unknown.");
            }

            string Value() =>
                ++index < arguments.Count ? arguments[index] : throw new FormatException($"{arguments[index - 1]} needs a value.");
        }

        if (rounds is not null)
        {
            effort = effort with { Rounds = rounds.Value, ManyChannelsRounds = rounds.Value };
        }

        return new BenchOptions(
            effort, programs ?? throw new FormatException("--programs is missing."), against, guests, suites, jsonFile);
    }
}
