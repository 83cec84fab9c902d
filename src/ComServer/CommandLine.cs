using System.Diagnostics.CodeAnalysis;

namespace VpcComApi.ComServer;

/// <summary>The command line: one switch, introduced by a slash or a hyphen, in any case. COM itself starts the program with -Embedding.</summary>
internal static class CommandLine
{
    /// <summary>What the program is and how it is used.</summary>
    public const string Help = """
        vpc.exe - the COM server of Virtual PC ("VirtualPC.Application")

        Programs start it through COM; there is no need to run it by hand.

          vpc /RegServer          register for all users; without the right to do so, for this user
          vpc /RegServerPerUser   register for this user alone (elevated programs do not see such a registration)
          vpc /UnregServer        remove the registration
          vpc /Embedding          serve COM clients; COM adds this switch itself
          vpc /?                  this text

        Each switch may also begin with a hyphen. Exit codes: 0 done, 1 failed, 2 wrong usage.
        """;

    private static readonly (string Name, ServerCommand Command)[] Switches =
    [
        ("?", ServerCommand.Help),
        ("Embedding", ServerCommand.Serve),
        ("RegServer", ServerCommand.Register),
        ("RegServerPerUser", ServerCommand.RegisterPerUser),
        ("UnregServer", ServerCommand.Unregister),
    ];

    /// <summary>Reads the command line.</summary>
    /// <param name="arguments">The arguments, without the program's name.</param>
    /// <param name="command">What is asked for; <see cref="ServerCommand.Help"/> when nothing is.</param>
    /// <param name="problem">What is wrong, when false is returned.</param>
    public static bool TryParse(IReadOnlyList<string> arguments, out ServerCommand command, [NotNullWhen(false)] out string? problem)
    {
        command = ServerCommand.Help;
        problem = null;
        if (arguments.Count == 0)
        {
            return true;
        }

        if (arguments.Count > 1)
        {
            problem = $"One switch is allowed, not {arguments.Count}.";
            return false;
        }

        string argument = arguments[0];
        foreach ((string name, ServerCommand meant) in Switches)
        {
            if (argument.Length > 0 && argument[0] is '/' or '-' && argument.AsSpan(1).Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                command = meant;
                return true;
            }
        }

        problem = $"\"{argument}\" is not a switch of this program.";
        return false;
    }
}
