using System.Diagnostics.CodeAnalysis;

namespace VpcComApi.ComServer;

/// <summary>
/// The command line: one switch, introduced by a slash or a hyphen, in any case, and what it is about. COM itself starts the program with
/// -Embedding, which it puts after whatever the registration states.
/// </summary>
internal static class CommandLine
{
    /// <summary>What the program is and how it is used.</summary>
    public const string Help = """
        vpc.exe - the COM server of Virtual PC ("VirtualPC.Application")

        Programs start it through COM; there is no need to run it by hand.

          vpc /RegServer          register for all users; without the right to do so, for this user
          vpc /RegServerPerUser   register for this user alone (elevated programs do not see such a registration)
          vpc /UnregServer        remove the registration
          vpc /Verify [FILE]      check what this machine makes of it, and write a report (vpc-verify.txt) that can be sent
          vpc /Embedding          serve COM clients; COM adds this switch itself
          vpc /?                  this text

        Each switch may also begin with a hyphen. Exit codes: 0 done, 1 failed, 2 wrong usage.
        """;

    private const string EmbeddingSwitch = "Embedding";

    /// <summary>The switches; how many operands each takes. The last three are what /Verify starts this program with.</summary>
    private static readonly (string Name, ServerCommand Command, int Least, int Most)[] Switches =
    [
        ("?", ServerCommand.Help, 0, 0),
        (EmbeddingSwitch, ServerCommand.Serve, 0, 0),
        ("RegServer", ServerCommand.Register, 0, 0),
        ("RegServerPerUser", ServerCommand.RegisterPerUser, 0, 0),
        ("UnregServer", ServerCommand.Unregister, 0, 0),
        ("Verify", ServerCommand.Verify, 0, 1),
        ("VerificationServer", ServerCommand.ServeVerification, 2, 2),
        ("VerificationClient", ServerCommand.BeVerificationClient, 1, 1),
        ("VerificationCleaner", ServerCommand.CleanVerification, 1, 1),
    ];

    /// <summary>Reads the command line.</summary>
    /// <param name="arguments">The arguments, without the program's name.</param>
    /// <param name="command">What is asked for; <see cref="ServerCommand.Help"/> when nothing is.</param>
    /// <param name="operands">What it is about.</param>
    /// <param name="problem">What is wrong, when false is returned.</param>
    public static bool TryParse(
        IReadOnlyList<string> arguments, out ServerCommand command, out IReadOnlyList<string> operands,
        [NotNullWhen(false)] out string? problem)
    {
        command = ServerCommand.Help;
        operands = [];
        problem = null;
        if (arguments.Count == 0)
        {
            return true;
        }

        string argument = arguments[0];
        foreach ((string name, ServerCommand meant, int least, int most) in Switches)
        {
            if (IsSwitch(argument, name))
            {
                command = meant;
                operands = [.. arguments.Skip(1)];
                return TakeOperands(meant, least, most, ref operands, out problem);
            }
        }

        problem = $"\"{argument}\" is not a switch of this program.";
        return false;
    }

    private static bool TakeOperands(
        ServerCommand command, int least, int most, ref IReadOnlyList<string> operands, [NotNullWhen(false)] out string? problem)
    {
        if (command == ServerCommand.ServeVerification && operands.Count > 0 && IsSwitch(operands[^1], EmbeddingSwitch))
        {
            operands = [.. operands.SkipLast(1)];
        }

        problem = operands.Count >= least && operands.Count <= most ? null
            : most == 0 ? $"One switch is allowed, not {operands.Count + 1}."
            : $"This switch takes {(least == most ? $"{most}" : $"{least} to {most}")} operands, not {operands.Count}.";
        return problem is null;
    }

    private static bool IsSwitch(string argument, string name) =>
        argument.Length > 0 && argument[0] is '/' or '-' && argument.AsSpan(1).Equals(name, StringComparison.OrdinalIgnoreCase);
}
